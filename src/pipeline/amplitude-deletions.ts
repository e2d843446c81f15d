import { type Credentials, ProjectKeys } from "../export-api/credentials.js";
import { checkDays, type DayRange, defaultDays } from "../export-api/deletion-days.js";
import { askDeletionJobs } from "../export-api/deletion-jobs.js";
import { type DownloadEffects, REAL_EFFECTS } from "../export-api/effects.js";
import { chooseEndpoint, deletionsEndpoint, type Region } from "../export-api/endpoint.js";
import type { DownloadLimits } from "../export-api/limits.js";

/** How to ask Amplitude for the users of its deletion jobs. */
export interface DeletionsOptions {
  readonly credentials: Credentials;
  /** Where Amplitude keeps the project. Default `us`. */
  readonly region?: Region | undefined;
  /** Another base address than Amplitude's own: a proxy, or the emulator. */
  readonly endpoint?: string | undefined;
  /** Allows plain http to other machines. Default false. */
  readonly insecureHttp?: boolean | undefined;
  /**
   * The first and the last day on which a job is scheduled, each `2026-11-23`, inclusive. Default: the 180 days that end
   * 30 days after today (UTC), which is what one request may ask for; longer ranges take more requests.
   */
  readonly days?: { readonly from: string; readonly to: string } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each wait for another try, with the milliseconds of it. */
  readonly onRetry?: ((retry: { readonly reason: string; readonly waitMs: number }) => void) | undefined;
}

/** What Amplitude's deletion jobs say. */
export interface AmplitudeDeletions {
  /** The days that were asked for, both included. */
  readonly from: string;
  readonly to: string;
  /** The jobs of these days, in order. */
  readonly jobs: readonly {
    /** The day on which it is scheduled to begin. */
    readonly day: string;
    /** `staging`, `submitted`, `done`. */
    readonly status: string;
    /** Users in it. */
    readonly ids: number;
  }[];
  /** The users, each once, of the jobs that are submitted or done, in decimal digits. */
  readonly amplitudeIds: readonly string[];
  /** Users of jobs of any other status only: the request may still be taken back. */
  readonly waiting: number;
}

/**
 * The documented statuses of a job that cannot be taken back. `submitted` is one of them: nobody can stop or change such
 * a job, and it keeps this status for five days after the users are gone, until the backups are (Amplitude's
 * documentation of the User Privacy API). From a job in `staging`, users can still be removed.
 */
const FINAL = new Set(["submitted", "done"]);

/**
 * Asks Amplitude's User Privacy API for the deletion jobs of a project and their users; changes nothing. Jobs whose status
 * is neither `submitted` nor `done` are told and counted, but their users are not among `amplitudeIds`.
 *
 * Throws UsageError for wrong options; CredentialsError (keys that cannot be sent, 401, 403); DownloadError if Amplitude
 * cannot be reached or answers something else; CancelledError.
 */
export async function amplitudeDeletions(
  options: DeletionsOptions,
  effects: DownloadEffects & { readonly limits?: Partial<DownloadLimits> } = REAL_EFFECTS,
): Promise<AmplitudeDeletions> {
  const days: DayRange = options.days ?? defaultDays(effects.now());
  checkDays(days);
  const { signal, onRetry } = options;
  const jobs = await askDeletionJobs(
    days,
    {
      endpoint: deletionsEndpoint(chooseEndpoint(options)),
      credentials: new ProjectKeys(options.credentials),
      ...{ signal, onRetry, limits: effects.limits },
    },
    effects,
  );
  const ids = new Set<string>();
  const others = new Set<string>();
  for (const { status, amplitudeIds } of jobs) {
    for (const id of amplitudeIds) (FINAL.has(status) ? ids : others).add(id);
  }
  return {
    ...{ from: days.from, to: days.to },
    jobs: jobs
      .map(({ day, status, amplitudeIds }) => ({ day, status, ids: amplitudeIds.length }))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
    amplitudeIds: [...ids],
    waiting: [...others].filter((id) => !ids.has(id)).length,
  };
}
