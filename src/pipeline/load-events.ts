import { CredentialsError, DownloadError } from "../errors/index.js";
import type { ColumnName } from "../event.js";
import type { EventFrame } from "../frame/event-frame.js";
import type { DefaultColumn, EventRow } from "../frame/event-row.js";
import type { FrameOptions } from "../frame/selection.js";
import { openLake } from "./open-lake.js";
import { type PullOptions, pull } from "./pull.js";

/** Which events to bring, and which columns of them. */
export interface LoadEventsOptions<C extends ColumnName = ColumnName>
  extends Partial<Omit<PullOptions, "from" | "to">>,
    Pick<
      FrameOptions<C>,
      "events" | "users" | "devices" | "platforms" | "columns" | "where" | "limit" | "timeZone"
    > {
  /** First and last upload hour, each a DATE or HOUR, inclusive, UTC; instead of `last`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Gives the frame even if Amplitude refused some of the hours. Default false: that is an error. */
  readonly allowIncomplete?: boolean | undefined;
}

/**
 * The whole way in one call: pulls what is missing of the range into the lake and gives all events that were
 * uploaded in it, late ones included, as a frame whose first rows are read, so that console.log prints them.
 *
 * `credentials` default to the environment's AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY, `lake` to AMPFRAME_LAKE
 * or `./amplitude`, the range to that of `pull`. Throws what `pull` throws, and DownloadError if hours of the
 * range were refused, unless `allowIncomplete`.
 */
export async function loadEvents<C extends ColumnName = DefaultColumn>(
  options: LoadEventsOptions<C> = {},
): Promise<EventFrame<Pick<EventRow, C>>> {
  const { events, users, devices, platforms, columns, where, limit, timeZone, allowIncomplete, ...rest } =
    options;
  const lakeFolder = rest.lake ?? (process.env.AMPFRAME_LAKE || "./amplitude");
  const credentials = rest.credentials ?? environmentCredentials();
  const report = await pull({ ...rest, lake: lakeFolder, credentials });
  const [refusal] = report.refused;
  if (refusal && !allowIncomplete) {
    throw new DownloadError(
      `${report.refused.length} of the windows could not be had; the first is ${refusal.what}: ${refusal.reason}`,
      `${refusal.wayOut} All other hours are in the lake; to go on without these, give allowIncomplete: true.`,
    );
  }
  const lake = await openLake(lakeFolder);
  const { range } = report;
  const frame = lake.frame<string, readonly [], C>({
    ...(range ? { uploadedFrom: range.from, uploadedTo: range.to } : {}),
    ...{ events, users, devices, platforms, columns, where, limit, timeZone },
  });
  return frame.preview();
}

function environmentCredentials(): PullOptions["credentials"] {
  const { AMPLITUDE_API_KEY: apiKey, AMPLITUDE_SECRET_KEY: secretKey } = process.env;
  if (apiKey && secretKey) return { apiKey, secretKey };
  throw new CredentialsError(
    `${apiKey ? "AMPLITUDE_SECRET_KEY is" : "AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY are"} not set in the environment.`,
    "Set both (Amplitude: Settings → Projects → the project → General), or give credentials: { apiKey, secretKey }.",
  );
}
