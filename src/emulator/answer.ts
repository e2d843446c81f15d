import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Hour, hourCount } from "../hour.js";
import { damaged } from "./damage.js";
import { type ExportRules, judgeRequest, NO_DATA, tooLarge } from "./export-request.js";
import type { Fault, FaultPlan, Framing } from "./fault.js";
import type { HourStore, PreparedEntry } from "./hour-store.js";
import { sendArchive } from "./send-archive.js";
import { centralDirectory, zipSize } from "./zip-writer.js";

/** A request and what became of it. */
export interface RequestRecord {
  /** `start` and `end`, or `start_day` and `end_day`, as they were asked for; null if missing. */
  readonly start: string | null;
  readonly end: string | null;
  /** 0 if the connection was reset, or kept silent, or left by the client, before there was a status. */
  readonly status: number;
  /** Real time at which the request came, in milliseconds since 1970. */
  readonly at: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
  /** The fault that befell it. */
  readonly fault: Fault["kind"] | null;
}

/** All that an answer depends on besides the request. */
export interface Setting {
  readonly rules: ExportRules;
  readonly store: HourStore;
  readonly faults: FaultPlan;
  /** Where the request is recorded. */
  readonly requests: RequestRecord[];
  readonly maxBytes: number;
  readonly framing: Framing;
}

/** Answers one request for an export, faults included, and records it. */
export async function answerExport(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  setting: Setting,
): Promise<void> {
  const at = Date.now();
  const start = query.get("start");
  const end = query.get("end");
  const record = (status: number, bytes: number, fault: Fault["kind"] | null = null): void => {
    setting.requests.push({ start, end, status, at, bytes, fault });
  };
  const verdict = judgeRequest({ authorization: request.headers.authorization, start, end }, setting.rules);
  if (verdict.kind === "refused") {
    if (verdict.status === 401) response.setHeader("WWW-Authenticate", 'Basic realm="Amplitude"');
    return record(verdict.status, sendText(response, verdict.status, verdict.body));
  }

  const archive = await collect(verdict.loaded, setting, () => response.destroyed);
  if (archive.kind === "clientGone") return record(0, 0);
  const { from, to } = verdict;
  const fault = setting.faults.take({
    from,
    to,
    hours: hourCount({ from, to }),
    hasArchive: archive.kind === "archive",
  });
  if (fault?.kind === "delay") await sleep(fault.ms, undefined, { ref: false });
  const instead = fault && answerInstead(response, fault, setting.rules.now, setting.maxBytes);
  if (instead) return record(instead.status, instead.bytes, fault.kind);
  if (archive.kind === "noData") return record(404, sendText(response, 404, NO_DATA), fault?.kind);
  if (archive.kind === "tooLarge") {
    return record(400, sendText(response, 400, tooLarge(setting.maxBytes)), fault?.kind);
  }
  const entries = fault?.kind === "damage" ? await damaged(archive.entries, fault.what) : archive.entries;
  const inBody = fault && (fault.kind === "cut" || fault.kind === "slow" || fault.kind === "stall");
  const bytes = await sendArchive(response, entries, setting.framing, inBody ? fault : undefined);
  record(200, bytes, fault?.kind);
}

type Collected =
  | { readonly kind: "archive"; readonly entries: readonly PreparedEntry[] }
  | { readonly kind: "noData" }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "clientGone" };

async function collect(
  hours: readonly Hour[],
  { store, maxBytes }: Setting,
  isGone: () => boolean,
): Promise<Collected> {
  const entries: PreparedEntry[] = [];
  let bytes = 0;
  for (const hour of hours) {
    for (const entry of await store.entriesOf(hour)) {
      entries.push(entry);
      bytes += entry.compressedSize;
    }
    if (isGone()) return { kind: "clientGone" };
    if (bytes > maxBytes) return { kind: "tooLarge" };
  }
  if (entries.length === 0) return { kind: "noData" };
  return zipSize(entries) > maxBytes ? { kind: "tooLarge" } : { kind: "archive", entries };
}

/** Answers with something else than an archive, if `fault` is of that kind; else sends nothing. */
export function answerInstead(
  response: ServerResponse,
  fault: Fault,
  now: number,
  maxBytes: number,
): { status: number; bytes: number } | undefined {
  const text = (status: number, body: string, type?: string) => {
    return { status, bytes: sendText(response, status, body, type) };
  };
  switch (fault.kind) {
    case "status":
      if (fault.retryAfter !== undefined) response.setHeader("Retry-After", fault.retryAfter);
      if (fault.retryAfterDate !== undefined) {
        response.setHeader("Retry-After", new Date(now + fault.retryAfterDate * 1000).toUTCString());
      }
      return text(fault.status, fault.body ?? STATUS_BODIES[fault.status] ?? "");
    case "tooLarge":
      return text(400, tooLarge(maxBytes));
    case "redirect":
      response.setHeader("Location", fault.to);
      return text(fault.status ?? 302, "");
    case "html":
      return text(200, HTML, "text/html; charset=utf-8");
    case "jsonError":
      return text(200, JSON_ERROR, "application/json");
    case "empty":
      return text(200, "", "application/zip");
    case "emptyZip": {
      const bytes = centralDirectory([]);
      response
        .writeHead(200, { "Content-Type": "application/zip", "Content-Length": bytes.length })
        .end(bytes);
      return { status: 200, bytes: bytes.length };
    }
    case "reset":
      response.socket?.resetAndDestroy();
      return { status: 0, bytes: 0 };
    case "stall":
      return fault.at === "headers" ? { status: 0, bytes: 0 } : undefined;
    default:
      return undefined;
  }
}

const STATUS_BODIES: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Invalid API Key",
  404: NO_DATA,
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
const HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>";
const JSON_ERROR =
  '{"error": {"http_code": 429, "type": "unspecified", "message": "Unspecified Error", "metadata": {"details": "Too Many Requests"}}}';

/** Sends a whole answer and gives the bytes of its body. */
export function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): number {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": bytes.length }).end(bytes);
  return bytes.length;
}
