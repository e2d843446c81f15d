import { DownloadError } from "../errors/index.js";
import { answerText } from "./answer-text.js";
import type { Endpoint } from "./endpoint.js";
import type { ExchangeFault } from "./fault.js";
import { ofFault, refusedCredentials } from "./sentences.js";

/** What an exchange without a list of deletion jobs means: ask again, or not. */
export interface DeletionVerdict {
  readonly again: boolean;
  readonly reason: string;
  readonly wayOut: string;
}

const LATER = "Run it again later: nothing was forgotten yet.";
const SERVERS = "Check the days and the endpoint; the text above is the server's.";

/**
 * The verdict on `status` with the text `body` (keys taken out). Throws CredentialsError on 401, which the documentation
 * names for this API, and 403.
 */
export function judgeDeletions(status: number, body: string, endpoint: Endpoint): DeletionVerdict {
  const words = answerText(body);
  const reason = words === "" ? `status ${status} without a word` : `status ${status}: ${words}`;
  // To the User Privacy API a 401 is a wrong key as well, so it has the sentence of the Export API's 403.
  if (status === 401 || status === 403) throw refusedCredentials(403, reason, endpoint);
  if (status === 429) return { again: true, reason, wayOut: `It takes one request a second. ${LATER}` };
  if (status === 408 || status >= 500) return { again: true, reason, wayOut: LATER };
  if (status === 404) {
    return { again: false, reason, wayOut: "There is no User Privacy API there: check the endpoint." };
  }
  return { again: false, reason, wayOut: SERVERS };
}

/** The verdict on an exchange that failed. Throws DownloadError where another try cannot help. */
export function judgeDeletionFault(
  fault: ExchangeFault,
  reason: string,
  endpoint: Endpoint,
): DeletionVerdict {
  if (fault.kind === "noAnswer" || fault.kind === "network") {
    return { again: true, reason, wayOut: `Check the network and the proxy variables. ${LATER}` };
  }
  const verdict = ofFault(fault, reason, 1, { directory: "", endpoint });
  throw new DownloadError(
    `${endpoint.url} did not tell its deletion jobs: ${reason}.`,
    "wayOut" in verdict ? verdict.wayOut : LATER,
    { cause: fault },
  );
}
