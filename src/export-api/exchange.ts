import type { Dispatcher } from "undici";
import type { DownloadLogEntry } from "./answer.js";
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
  readonly body: Dispatcher.ResponseData["body"];
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

/**
 * Sends `request` and returns the answer's head. Redirects within the same origin are followed, up to five;
 * any other is a fault, and the keys are not sent there.
 */
export async function exchange(
  request: ExportRequest,
  dispatcher: Dispatcher,
  limits: DownloadLimits,
  signal: AbortSignal,
  log: ExchangeLog,
  elapsed: () => number,
): Promise<Exchange> {
  const { request: send } = await import("undici");
  let url = request.url;
  for (let redirects = 0; ; redirects++) {
    log({ event: "request", url: withoutQuery(url) + new URL(request.url).search });
    const begun = elapsed();
    const { statusCode, headers, body } = await send(url, {
      dispatcher,
      signal,
      headers: request.headers,
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.idleMs,
    });
    const length = Number(one(headers["content-length"]) ?? Number.NaN);
    const date = Date.parse(one(headers.date) ?? "");
    const answer = {
      status: statusCode,
      contentLength: Number.isSafeInteger(length) ? length : null,
      retryAfter: one(headers["retry-after"]),
      date: Number.isNaN(date) ? undefined : date,
      body,
    };
    log({
      event: "answer",
      status: statusCode,
      contentType: one(headers["content-type"]) ?? null,
      contentLength: answer.contentLength,
      retryAfter: answer.retryAfter ?? null,
      ms: Math.round(elapsed() - begun),
    });
    if (!REDIRECTS.has(statusCode)) return answer;

    await body.dump({ limit: 65_536, signal }).catch(() => undefined);
    const location = one(headers.location) ?? "";
    if (!URL.canParse(location, url)) {
      throw new ExchangeFault("redirect", "it redirects without saying where to", statusCode);
    }
    const next = new URL(location, url);
    log({ event: "redirect", status: statusCode, to: withoutQuery(next.href) });
    if (next.origin !== new URL(url).origin) {
      throw new ExchangeFault(
        "redirect",
        `it redirects to ${next.origin}, to which the keys are not sent`,
        statusCode,
      );
    }
    if (redirects === MOST_REDIRECTS) {
      throw new ExchangeFault("redirect", `it redirects more than ${MOST_REDIRECTS} times`, statusCode);
    }
    url = next.href;
  }
}

/** Reads an error answer's body, at most 64 KiB of it. */
export async function readText(body: Exchange["body"]): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= 65_536) break;
  }
  return Buffer.concat(parts).subarray(0, 65_536).toString("utf8");
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** The address alone: a query may hold a signature, and a user part a password. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
