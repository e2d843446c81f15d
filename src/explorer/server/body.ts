import type { IncomingMessage } from "node:http";

/** Bytes of the largest question. */
const MOST_BYTES = 1_000_000;
const MOST_LEVELS = 64;
const TYPE = /^application\/json\s*(?:;\s*charset=utf-8\s*)?$/i;

/** A body as it was sent, or why it cannot be taken. */
export type Body =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "refused"; readonly status: 400 | 413; readonly error: string; readonly wayOut: string };

/** Reads the body of a question. Rejects if the connection breaks. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (!TYPE.test(request.headers["content-type"] ?? "")) {
    return refused(400, "The question is not sent as application/json.", "Send it with that content-type.");
  }
  if (request.headers["content-encoding"] !== undefined) {
    return refused(400, "The question is compressed.", "Send it as it is.");
  }
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) return tooLarge();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MOST_BYTES) return tooLarge();
  }
  const value = jsonIn(Buffer.concat(pieces));
  if (value === undefined) return refused(400, "The question is no JSON.", "Send a JSON object in UTF-8.");
  if (isDeeper(value, MOST_LEVELS)) {
    return refused(400, `The question is nested deeper than ${MOST_LEVELS} levels.`, "Ask in a flatter way.");
  }
  return { kind: "json", value };
}

/** Undefined if it is none. */
function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

function tooLarge(): Body {
  return refused(413, `The question has more than ${MOST_BYTES} bytes.`, "Ask for less at once.");
}

function refused(status: 400 | 413, error: string, wayOut: string): Body {
  return { kind: "refused", status, error, wayOut };
}
