import { DownloadError } from "../errors/index.js";
import { answerText } from "./answer-text.js";
import type { Endpoint } from "./endpoint.js";
import type { ExchangeFault } from "./fault.js";
import { ofFault, refusedCredentials } from "./sentences.js";

/** What an exchange without the answer that was asked for means: ask again, or not. */
export interface AskedVerdict {
  readonly again: boolean;
  readonly reason: string;
  readonly wayOut: string;
}

/** How errors speak of what is asked. */
export interface AskedWords {
  /** What is to be told: `its deletion jobs`. */
  readonly what: string;
  /** The API: `User Privacy API`. */
  readonly api: string;
  /** How many requests it takes, in a sentence. */
  readonly pace: string;
  /** What was not done meanwhile: `nothing was forgotten yet`. */
  readonly undone: string;
}

const SERVERS = "Check the endpoint and what was asked; the text above is the server's.";

/**
 * The verdict on `status` with the text `body` (keys taken out). Throws CredentialsError on 401, which the documentation
 * names for the User Privacy API, and 403.
 */
export function judgeAsked(
  status: number,
  body: string,
  endpoint: Endpoint,
  words: AskedWords,
): AskedVerdict {
  const text = answerText(body);
  const reason = text === "" ? `status ${status} without a word` : `status ${status}: ${text}`;
  // Here a 401 is a wrong key as well, so it has the sentence of the Export API's 403.
  if (status === 401 || status === 403) throw refusedCredentials(403, reason, endpoint);
  if (status === 429) return { again: true, reason, wayOut: `${words.pace} ${later(words)}` };
  if (status === 408 || status >= 500) return { again: true, reason, wayOut: later(words) };
  if (status === 404) {
    return { again: false, reason, wayOut: `There is no ${words.api} there: check the endpoint.` };
  }
  return { again: false, reason, wayOut: SERVERS };
}

/** The verdict on an exchange that failed. Throws DownloadError where another try cannot help. */
export function judgeAskedFault(
  fault: ExchangeFault,
  reason: string,
  endpoint: Endpoint,
  words: AskedWords,
): AskedVerdict {
  if (fault.kind === "noAnswer" || fault.kind === "network") {
    return { again: true, reason, wayOut: `Check the network and the proxy variables. ${later(words)}` };
  }
  const verdict = ofFault(fault, reason, 1, { directory: "", endpoint });
  throw new DownloadError(
    `${endpoint.url} did not tell ${words.what}: ${reason}.`,
    "wayOut" in verdict ? verdict.wayOut : later(words),
    { cause: fault },
  );
}

function later({ undone }: AskedWords): string {
  return `Run it again later: ${undone}.`;
}
