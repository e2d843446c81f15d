import { type Hour, hourAt, hourCount, hoursIn, parseHour } from "../hour.js";

/** The parts of a request that decide its answer. */
export interface ExportRequest {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly start: string | null;
  readonly end: string | null;
}

/** What an emulator checks a request against. */
export interface ExportRules {
  readonly apiKey: string;
  readonly secretKey: string;
  /** How many hours after its start an hour is loaded. */
  readonly settleHours: number;
  /** The emulator's time, in milliseconds since 1970. */
  readonly now: number;
}

/** The hours that a request may have, or the answer that refuses it. */
export type Verdict =
  | { readonly kind: "range"; readonly from: Hour; readonly to: Hour; readonly loaded: readonly Hour[] }
  | { readonly kind: "refused"; readonly status: 400 | 401 | 403; readonly body: string };

const HOUR_MS = 3_600_000;
const MOST_HOURS = 365 * 24;

/** The body of a 404, as Amplitude words it. */
export const NO_DATA = "Raw data files were not found.";

/**
 * Decides on a request as Amplitude's Export API does: keys first, then `start` and `end`, both required,
 * both upload hours in UTC, both included. `loaded` are the hours of the range that are old enough to be
 * exported.
 */
export function judgeRequest(request: ExportRequest, rules: ExportRules): Verdict {
  const keys = basicKeys(request.authorization);
  if (!keys) return refused(401, "Unauthorized: give the API key and the secret key by HTTP Basic.");
  if (keys.apiKey !== rules.apiKey || keys.secretKey !== rules.secretKey)
    return refused(403, "Invalid API Key");

  const from = hourOf(request.start);
  const to = hourOf(request.end);
  if (!from || !to) {
    const [name, value] = from ? ["end", request.end] : ["start", request.start];
    return refused(
      400,
      value === null
        ? `Missing parameter "${name}": an hour such as 20260301T05 is required.`
        : `Invalid parameter "${name}": "${value.slice(0, 40)}" is not an hour such as 20260301T05.`,
    );
  }
  if (to < from) return refused(400, '"end" lies before "start".');
  if (hourCount({ from, to }) > MOST_HOURS) {
    return refused(400, '"start" and "end" may be no more than 365 days apart.');
  }
  if (to > hourAt(rules.now)) return refused(400, '"end" lies in the future.');

  const newest = newestLoaded(rules.now, rules.settleHours);
  const loaded = hoursIn({ from, to }).filter((hour) => hour <= newest);
  return { kind: "range", from, to, loaded };
}

/**
 * The newest hour that is loaded at `now` (milliseconds since 1970): it began `settleHours` ago or earlier.
 */
export function newestLoaded(now: number, settleHours: number): Hour {
  return hourAt(now - settleHours * HOUR_MS);
}

/** The body of a 400 for an archive of `bytes` where `most` are allowed. Its real wording is not known. */
export function tooLarge(most: number): string {
  return `The size of the exported data exceeds the limit of ${sizeText(most)}. Shorten the time range.`;
}

function sizeText(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${Math.round((bytes / 1024 ** 3) * 10) / 10} GB` : `${bytes} bytes`;
}

function refused(status: 400 | 401 | 403, body: string): Verdict {
  return { kind: "refused", status, body };
}

function hourOf(text: string | null): Hour | undefined {
  return text !== null && /^\d{8}T\d{2}$/.test(text) ? parseHour(text) : undefined;
}

/** The keys in an `Authorization` header; undefined if it holds none. */
export function basicKeys(
  authorization: string | undefined,
): { apiKey: string; secretKey: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { apiKey: text.slice(0, colon), secretKey: text.slice(colon + 1) };
}
