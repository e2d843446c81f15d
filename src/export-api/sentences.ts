import { CredentialsError, DownloadError } from "../errors/index.js";
import type { Endpoint } from "./endpoint.js";
import type { ExchangeFault } from "./fault.js";
import { S3_EXPORT, type Verdict } from "./verdict.js";

/** The error for a 401 or 403, with the likely cause. */
export function refusedCredentials(status: number, reason: string, endpoint: Endpoint): CredentialsError {
  const { region, custom, url } = endpoint;
  const other = region === "us" ? "eu" : "us";
  const place = custom
    ? url
    : `${new URL(url).host}, which serves projects of the ${region.toUpperCase()} region`;
  return new CredentialsError(
    status === 401
      ? `The keys did not reach the Export API at ${place} (${reason}).`
      : `The keys were refused by ${place} (${reason}).`,
    status === 401
      ? "Check that both keys are set and that no proxy takes the Authorization header away."
      : "One of three is wrong: the API key, the secret key (they are a pair of one project; copy both again " +
          `from Settings → Projects → the project → General), or the region (try --region ${other}).`,
  );
}

/**
 * The verdict on an exchange that brought no usable answer, for a window of `hours` hours. Throws DownloadError
 * where another try cannot help.
 */
export function ofFault(
  fault: ExchangeFault,
  reason: string,
  hours: number,
  { directory, endpoint }: { readonly directory: string; readonly endpoint: Endpoint },
): Exclude<Verdict, { kind: "credentials" }> {
  switch (fault.kind) {
    case "noAnswer":
      return hours > 1
        ? { kind: "tooLarge", reason }
        : { kind: "retry", reason, wayOut: S3_EXPORT, temporary: false };
    case "network":
      return {
        kind: "retry",
        reason,
        wayOut:
          "Check the network and the proxy variables, then run the pull again: it goes on with what is missing.",
        temporary: true,
      };
    case "notZip":
      return {
        kind: "retry",
        reason,
        wayOut: "The text above is the server's, or a proxy's on the way. Run the pull again later.",
        temporary: true,
      };
    case "redirect":
      return { kind: "refused", reason, wayOut: "Check the endpoint, and --region." };
    case "tooLong":
      return { kind: "refused", reason, wayOut: "Ask for fewer hours at a time." };
    case "proxy":
      throw new DownloadError(
        `${new URL(endpoint.url).origin} cannot be reached: ${reason}.`,
        "Check the proxy variables, and the name and password in them.",
        { cause: fault },
      );
    case "trust":
      throw new DownloadError(
        `${new URL(endpoint.url).origin} cannot be trusted: ${reason}.`,
        "If a proxy of yours opens the connection, give Node its certificate by NODE_EXTRA_CA_CERTS.",
        { cause: fault },
      );
    case "disk":
      throw new DownloadError(
        `The archive cannot be written to ${directory}: ${reason}.`,
        "Make room, or check who may write there, then run the pull again: it goes on with what is missing.",
        { cause: fault },
      );
  }
}
