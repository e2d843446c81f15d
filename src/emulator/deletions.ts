import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { hourCount, parseHourRange } from "../hour.js";
import { answerInstead, type RequestRecord, type Setting, sendText } from "./answer.js";
import { basicKeys } from "./export-request.js";
import type { Fault } from "./fault.js";

/** A deletion job as Amplitude's User Privacy API lists it. */
export interface EmulatedDeletion {
  /** The day on which it is scheduled to begin: `2026-11-23`. */
  readonly day: string;
  /** `staging`: users can still be taken out; `submitted`: they cannot; `done`: they are deleted. */
  readonly status: string;
  readonly amplitude_ids: readonly {
    readonly amplitude_id: number;
    readonly requester: string;
    readonly requested_on_day: string;
  }[];
  /** The project, where the deletion is of several. */
  readonly app?: number;
}

type Verdict =
  | { readonly kind: "days"; readonly from: string; readonly to: string }
  | { readonly kind: "refused"; readonly status: 400 | 401; readonly body: string };

/** Answers one request for the deletion jobs of some days, faults included, and records it. */
export async function answerDeletions(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  { rules, jobs, faults, requests, maxBytes }: Setting & { readonly jobs: readonly EmulatedDeletion[] },
): Promise<void> {
  const at = Date.now();
  const [start, end] = [query.get("start_day"), query.get("end_day")];
  const record = (status: number, bytes: number, fault: RequestRecord["fault"] = null): void => {
    requests.push({ start, end, status, at, bytes, fault });
  };
  const keys = basicKeys(request.headers.authorization);
  const verdict =
    keys?.apiKey === rules.apiKey && keys.secretKey === rules.secretKey
      ? judgeDays(start, end)
      : // The only status that the documentation has for keys.
        ({ kind: "refused", status: 401, body: "Unauthorized" } as const);
  if (verdict.kind === "refused") {
    if (verdict.status === 401) response.setHeader("WWW-Authenticate", 'Basic realm="Amplitude"');
    return record(verdict.status, sendText(response, verdict.status, verdict.body));
  }
  const { from, to } = verdict;
  const fault = faultFor(from, to, faults);
  if (fault?.kind === "delay") await sleep(fault.ms, undefined, { ref: false });
  const instead = fault && answerInstead(response, fault, rules.now, maxBytes);
  if (instead) return record(instead.status, instead.bytes, fault.kind);
  const listed = jobs.filter(({ day }) => from <= day && day <= to);
  record(200, sendText(response, 200, JSON.stringify(listed), "application/json"), fault?.kind);
}

/** A request for days is, to the rules of faults, one for all their hours, and has no archive. */
function faultFor(from: string, to: string, faults: Setting["faults"]): Fault | undefined {
  const range = parseHourRange(from, to)!;
  return faults.take({ ...range, hours: hourCount(range), hasArchive: false });
}

/** Decides on the days as the User Privacy API does: both required, no more than six months apart. */
function judgeDays(start: string | null, end: string | null): Verdict {
  for (const [name, value] of [
    ["start_day", start],
    ["end_day", end],
  ] as const) {
    if (value !== null && isDay(value)) continue;
    const body =
      value === null
        ? `Missing parameter "${name}": a day such as 2026-03-01 is required.`
        : `Invalid parameter "${name}": "${value.slice(0, 40)}" is not a day such as 2026-03-01.`;
    return { kind: "refused", status: 400, body };
  }
  const [from, to] = [start!, end!];
  if (to < from) return { kind: "refused", status: 400, body: '"end_day" lies before "start_day".' };
  if (to > sixMonthsAfter(from)) {
    const body = '"start_day" and "end_day" may be no more than six months apart.';
    return { kind: "refused", status: 400, body };
  }
  return { kind: "days", from, to };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseHourRange(text, text) !== undefined;
}

/** The same day of the month six months on, or the last of that month. */
function sixMonthsAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 7, 0));
  last.setUTCDate(Math.min(last.getUTCDate(), date.getUTCDate()));
  return last.toISOString().slice(0, 10);
}
