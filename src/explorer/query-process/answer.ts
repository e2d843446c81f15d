import { answerOfFault } from "./fault.js";

/** What goes over HTTP: a status and JSON. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers questions by their names. Never rejects: what fails is an answer too. */
export type Answers = (name: string, input: unknown, signal: AbortSignal) => Promise<Answer>;

/** What `find` finds as an answer; what it throws as well. */
export async function answerWith(find: () => Promise<unknown>): Promise<Answer> {
  try {
    return { status: 200, body: JSON.stringify(await find(), jsonValue) };
  } catch (error) {
    return answerOfFault(error);
  }
}

/** As `Cell` has values that JSON lacks. */
function jsonValue(_: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
