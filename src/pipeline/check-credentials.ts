import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DownloadError } from "../errors/index.js";
import { ProjectKeys } from "../export-api/credentials.js";
import { downloadWindow } from "../export-api/download.js";
import { type DownloadEffects, REAL_EFFECTS } from "../export-api/effects.js";
import { chooseEndpoint } from "../export-api/endpoint.js";
import { sourceId } from "../export-api/request.js";
import { type Hour, parseHour } from "../hour.js";
import type { PullOptions } from "./pull-plan.js";

/** Which keys to check, and where. */
export interface CheckCredentialsOptions
  extends Pick<PullOptions, "credentials" | "region" | "endpoint" | "insecureHttp"> {
  readonly signal?: AbortSignal | undefined;
}

/** Before there was an Amplitude: nothing was uploaded in it, so the answer is short. */
const EMPTY_HOUR = parseHour("2010-01-01T00") as Hour;
const TRIES = 3;

/**
 * Asks the Export API for an upload hour without events, which tells whether it takes the keys. Gives the id of their
 * project as a source of events, `us-1a2b3c4d5e6f`.
 *
 * Throws CredentialsError if the keys cannot be sent, or are refused (401, 403); DownloadError if nothing can be said,
 * since Amplitude cannot be reached or is out of order; UsageError for a wrong endpoint; CancelledError.
 */
export async function checkCredentials(
  options: CheckCredentialsOptions,
  effects: DownloadEffects = REAL_EFFECTS,
): Promise<string> {
  const endpoint = chooseEndpoint(options);
  const credentials = new ProjectKeys(options.credentials);
  const directory = await mkdtemp(join(tmpdir(), "ampframe-check-"));
  try {
    const window = { from: EMPTY_HOUR, to: EMPTY_HOUR };
    const limits = { attempts: TRIES };
    const { signal } = options;
    const answer = await downloadWindow(
      window,
      { endpoint, credentials, directory, signal, limits },
      effects,
    );
    if (answer.kind === "refused") throw new DownloadError(answer.reason, answer.wayOut);
    return sourceId(endpoint.region, credentials);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
