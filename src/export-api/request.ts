import { type HourRange, toApiHour } from "../hour.js";
import { type Credentials, fingerprint } from "./credentials.js";
import type { Endpoint, Region } from "./endpoint.js";

/** A GET to send. */
export interface ExportRequest {
  /** Holds no secret. */
  readonly url: string;
  /** Hold the keys. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The request for all events whose `server_upload_time` lies in `window`, both ends included, UTC. The body is
 * asked for as it is: a truncated `Content-Encoding: gzip` would pass unnoticed.
 */
export function exportRequest(
  window: HourRange,
  endpoint: Endpoint,
  credentials: Credentials,
  version: string,
): ExportRequest {
  return {
    url: `${endpoint.url}?start=${toApiHour(window.from)}&end=${toApiHour(window.to)}`,
    headers: requestHeaders(credentials, "application/zip", version),
  };
}

/** The headers of a request to Amplitude, with the keys by HTTP Basic, for an answer of the type `accept`. */
export function requestHeaders(
  { apiKey, secretKey }: Credentials,
  accept: string,
  version: string,
): Readonly<Record<string, string>> {
  return {
    authorization: `Basic ${Buffer.from(`${apiKey}:${secretKey}`).toString("base64")}`,
    accept,
    "accept-encoding": "identity",
    "user-agent": `ampframe/${version}`,
  };
}

/** The id of a project as a source of events: region and fingerprint of the API key, `us-1a2b3c4d5e6f`. */
export function sourceId(region: Region, credentials: Pick<Credentials, "apiKey">): string {
  return `${region}-${fingerprint(credentials)}`;
}
