import type { ClientRequest, IncomingMessage } from "node:http";
import type { DownloadLogEntry } from "./answer.js";
import { type ConnectOptions, openRequest } from "./connect.js";
import { ExchangeFault } from "./fault.js";
import type { DownloadLimits } from "./limits.js";
import type { ExportRequest } from "./request.js";

/** An answer whose body is still to be read. */
export interface Exchange {
  readonly status: number;
  readonly contentLength: number | null;
  readonly retryAfter: string | undefined;
  /** The server's clock when it answered, in milliseconds since 1970, if it tells. */
  readonly date: number | undefined;
  /** Throws ExchangeFault if it stops coming. */
  readonly body: AsyncIterable<Buffer>;
}

/** What an exchange needs besides the request. */
export interface ExchangeOptions extends Omit<ConnectOptions, "connectMs"> {
  readonly limits: DownloadLimits;
  readonly log: ExchangeLog;
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
}

/** The part of a log entry that an exchange adds. */
export type ExchangeLog = (
  entry: DownloadLogEntry extends infer E
    ? E extends unknown
      ? Omit<E, "window" | "attempt">
      : never
    : never,
) => void;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
const MOST_TEXT = 65_536;

/**
 * Sends `request` and returns the answer's head. Redirects within the same origin are followed, up to five;
 * any other is a fault, and the keys are not sent there.
 */
export async function exchange(request: ExportRequest, options: ExchangeOptions): Promise<Exchange> {
  const { limits, log, elapsed } = options;
  let url = new URL(request.url);
  for (let redirects = 0; ; redirects++) {
    log({ event: "request", url: redirects === 0 ? request.url : withoutQuery(url) });
    const begun = elapsed();
    const sent = await openRequest(url, request.headers, { ...options, connectMs: limits.connectMs });
    const response = await answerOf(sent, limits.headersMs);
    const { headers, statusCode: status = 0 } = response;
    const length = Number(headers["content-length"] ?? Number.NaN);
    const date = Date.parse(headers.date ?? "");
    const contentLength = Number.isSafeInteger(length) ? length : null;
    log({
      event: "answer",
      status,
      contentType: headers["content-type"] ?? null,
      contentLength,
      retryAfter: headers["retry-after"] ?? null,
      ms: Math.round(elapsed() - begun),
    });
    if (!REDIRECTS.has(status)) {
      return {
        status,
        contentLength,
        retryAfter: headers["retry-after"],
        date: Number.isNaN(date) ? undefined : date,
        body: bodyOf(response, limits.idleMs),
      };
    }
    response.destroy();
    url = follow(url, headers.location, status, log);
    if (redirects === MOST_REDIRECTS) {
      throw new ExchangeFault("redirect", `it redirects more than ${MOST_REDIRECTS} times`, status);
    }
  }
}

/** Reads a body as text, at most `most` bytes of it; by default 64 KiB, enough for the words of an error. */
export async function readText(body: AsyncIterable<Buffer>, most = MOST_TEXT): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most).toString("utf8");
}

function answerOf(request: ClientRequest, headersMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => request.destroy(new ExchangeFault("noAnswer", "no answer came in time")),
      headersMs,
    );
    request.on("response", resolve);
    // Stays for good: Node reports bytes that follow the body here, after the answer.
    request.on("error", reject);
    request.once("response", () => clearTimeout(timer));
    request.once("close", () => {
      clearTimeout(timer);
      reject(new ExchangeFault("network", "the connection was cut"));
    });
    request.end();
  });
}

/** The pieces of a body; the time between two counts only while the next is waited for. */
async function* bodyOf(response: IncomingMessage, idleMs: number): AsyncGenerator<Buffer, void, undefined> {
  const stalled = () =>
    response.destroy(new ExchangeFault("network", "the body stopped coming", response.statusCode));
  let timer = setTimeout(stalled, idleMs);
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      yield part;
      timer = setTimeout(stalled, idleMs);
    }
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

function follow(from: URL, location: string | undefined, status: number, log: ExchangeLog): URL {
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw new ExchangeFault("redirect", "it redirects without saying where to", status);
  }
  const to = new URL(location, from);
  log({ event: "redirect", status, to: withoutQuery(to) });
  if (to.origin !== from.origin) {
    throw new ExchangeFault(
      "redirect",
      `it redirects to ${to.origin}, to which the keys are not sent`,
      status,
    );
  }
  return to;
}

/** The address alone: a query may hold a signature, and a user part a password. */
function withoutQuery({ origin, pathname }: URL): string {
  return origin + pathname;
}
