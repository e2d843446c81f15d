import type { Api, ApiFault } from "../api.js";

/** A question that failed: what was wrong, and the way out. */
export class AskError extends Error {
  override readonly name = "AskError";
  readonly wayOut: string;
  /** The HTTP status; 0 where the server could not be reached. */
  readonly status: number;

  constructor(message: string, wayOut: string, status: number) {
    super(message);
    this.wayOut = wayOut;
    this.status = status;
  }
}

/**
 * Asks the server. Throws `AskError`; if `signal` aborts, its reason (the server then stops working on the question).
 */
export async function ask<N extends keyof Api>(
  name: N,
  input: Api[N]["in"],
  signal?: AbortSignal,
): Promise<Api[N]["out"]> {
  const response = await fetch(`/api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  }).catch(() => {
    signal?.throwIfAborted();
    throw new AskError("The server does not answer.", "Start `ampframe explore` again.", 0);
  });
  const answer: unknown = await response.json().catch(() => {
    signal?.throwIfAborted();
    return undefined;
  });
  if (response.ok && answer !== undefined) return answer as Api[N]["out"];
  if (isFault(answer)) throw new AskError(answer.error, answer.wayOut, response.status);
  throw new AskError(
    `The server answered ${response.status} without saying why.`,
    "Load the page anew.",
    response.status,
  );
}

/** Whether the question was only given up. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function isFault(answer: unknown): answer is ApiFault {
  return typeof answer === "object" && answer !== null && "error" in answer && "wayOut" in answer;
}
