import { isDay } from "./deletion-days.js";

/** A deletion job of the User Privacy API. */
export interface DeletionJob {
  /** The day on which it is, or was, scheduled to begin: `2026-11-23`. */
  readonly day: string;
  /** In lower case: `staging`, `submitted` or `done` by the documentation. */
  readonly status: string;
  /** In decimal digits. */
  readonly amplitudeIds: readonly string[];
}

/** The jobs in an answer, or how it is none: a part of a sentence, without what stands in it. */
export type DeletionAnswer =
  | { readonly kind: "jobs"; readonly jobs: readonly DeletionJob[] }
  | { readonly kind: "other"; readonly found: string };

/**
 * Reads the body of a 200: a list of `{day, status, amplitude_ids: [{amplitude_id, …}], …}`. One entry that is not so
 * spoils the whole, for nobody may be forgotten, or kept, by a misunderstanding.
 */
export function readDeletionAnswer(body: string): DeletionAnswer {
  let value: unknown;
  try {
    value = JSON.parse(withIdsAsText(body));
  } catch {
    return { kind: "other", found: body === "" ? "nothing" : "text that is not JSON" };
  }
  if (!Array.isArray(value)) return { kind: "other", found: "JSON that is not a list" };
  const jobs: DeletionJob[] = [];
  for (const [i, entry] of value.entries()) {
    const job = jobOf(entry);
    if (typeof job === "string") return { kind: "other", found: `a list whose entry ${i + 1} has ${job}` };
    jobs.push(job);
  }
  return { kind: "jobs", jobs };
}

/** Puts whole numbers of `amplitude_id` in quotes: as numbers of JavaScript they are exact below 2^53 only. */
function withIdsAsText(body: string): string {
  return body.replace(/("amplitude_id"\s*:\s*)(\d+)(?=\s*[,}])/g, '$1"$2"');
}

function jobOf(entry: unknown): DeletionJob | string {
  const day = field(entry, "day");
  const status = field(entry, "status");
  const listed = field(entry, "amplitude_ids");
  if (typeof day !== "string" || !isDay(day)) return "no day";
  if (typeof status !== "string" || status === "") return "no status";
  if (!Array.isArray(listed)) return "no list of amplitude_ids";
  const amplitudeIds: string[] = [];
  for (const user of listed) {
    const id = field(user, "amplitude_id");
    if (typeof id !== "string" || !/^\d{1,19}$/.test(id)) return "an amplitude_id that is no whole number";
    amplitudeIds.push(String(BigInt(id)));
  }
  return { day, status: status.toLowerCase(), amplitudeIds };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
