import { isAmpframeError } from "../../index.js";
import type { ApiFault } from "../api.js";
import type { Answer } from "./answer.js";
import type { Failure } from "./messages.js";

/** Errors that the question itself, or its time limit, is the cause of. */
const ASKED_WRONG: ReadonlySet<string> = new Set([
  "UsageError",
  "QueryError",
  "CancelledError",
  "CredentialsError",
]);

/** An answer that tells what went wrong. */
export function faultAnswer(status: number, error: string, wayOut: string): Answer {
  const fault: ApiFault = { error, wayOut };
  return { status, body: JSON.stringify(fault) };
}

/** What went wrong as an answer: 400 if the question did, 500 otherwise; never a stack. */
export function answerOfFault(error: unknown): Answer {
  const { name, message, wayOut } = failureOf(error);
  return faultAnswer(ASKED_WRONG.has(name) ? 400 : 500, message, wayOut);
}

/** An error in words. */
export function failureOf(error: unknown): Failure {
  if (isAmpframeError(error)) return { name: error.name, message: error.message, wayOut: error.wayOut };
  const message = error instanceof Error ? error.message : String(error);
  return { name: "Error", message: `This was not foreseen: ${message}`, wayOut: "Please report it." };
}
