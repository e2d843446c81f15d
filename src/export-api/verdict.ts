import { answerText } from "./answer-text.js";

/** What a status other than 200 means for a window. */
export type Verdict =
  | { readonly kind: "noData" }
  /** A window of several hours must be split. */
  | { readonly kind: "tooLarge"; readonly reason: string }
  | { readonly kind: "credentials"; readonly reason: string }
  /** Try again; where that does not help, refuse with `wayOut`, for good unless `temporary`. */
  | {
      readonly kind: "retry";
      readonly reason: string;
      readonly wayOut: string;
      readonly temporary: boolean;
      /** At most so many requests, where the answer will hardly change. */
      readonly attempts?: number;
    }
  | { readonly kind: "refused"; readonly reason: string; readonly wayOut: string };

/** The way out for an hour that the Export API cannot give. */
export const S3_EXPORT =
  "One hour is the least that the Export API gives. Let Amplitude export this hour to Amazon S3 " +
  "(Data → Destinations → Amazon S3), then run `ampframe load` on the files.";

const LATER = "Run the pull again later: it goes on with what is missing.";
/** Amplitude's words are "Raw data files were not found."; "Not Found" is what any server says of a wrong path. */
const NO_DATA = /\b(data|events?|files?)\b/i;
const SIZE = /too (large|big|much|many)|exceed|larger|4 ?gi?b|\bsize\b|\bshorte[nr]|smaller|reduce|narrow/i;
const INPUT =
  /invalid|malformed|missing|required|format|parse|future|before|after|unknown|unsupported|not allowed|must/i;

/** The verdict on `status` with the text `body` (keys taken out) for a window of `hours` hours. */
export function judge(status: number, body: string, hours: number): Verdict {
  const words = answerText(body);
  const reason = words === "" ? `status ${status} without a word` : `status ${status}: ${words}`;
  switch (status) {
    case 401:
    case 403:
      return { kind: "credentials", reason };
    case 404:
      return words === "" || NO_DATA.test(words)
        ? { kind: "noData" }
        : {
            kind: "refused",
            reason,
            wayOut: "The Export API does not speak so of hours without events: check the endpoint.",
          };
    case 400:
    case 413:
      if (status === 400 && saysSomethingElse(words)) {
        return {
          kind: "refused",
          reason,
          wayOut: "Check the range and the endpoint; the text above is the server's.",
        };
      }
      return hours > 1
        ? { kind: "tooLarge", reason }
        : { kind: "retry", reason, wayOut: S3_EXPORT, temporary: false, attempts: 2 };
    case 408:
    case 504:
      return hours > 1
        ? { kind: "tooLarge", reason }
        : { kind: "retry", reason, wayOut: S3_EXPORT, temporary: false };
    case 429:
      return {
        kind: "retry",
        reason,
        wayOut: `Amplitude limits requests; lower --concurrency. ${LATER}`,
        temporary: true,
      };
    default:
      if (status >= 500) return { kind: "retry", reason, wayOut: LATER, temporary: true };
      return { kind: "refused", reason, wayOut: "Check the endpoint; the text above is the server's." };
  }
}

/** Amplitude documents 400 as "over 4 GB" without its text, so silence means size; other words do not. */
function saysSomethingElse(words: string): boolean {
  if (words === "" || /^(400 )?bad request\W*$/i.test(words)) return false;
  return INPUT.test(words) ? !/too (large|big)|4 ?gi?b|exceed|\bshorte[nr]/i.test(words) : !SIZE.test(words);
}
