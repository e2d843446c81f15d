import { CancelledError, DownloadError, isAmpframeError } from "../errors/index.js";
import { type Credentials, redact } from "./credentials.js";
import { type DeletionJob, readDeletionAnswer } from "./deletion-answer.js";
import { type DayRange, splitDays } from "./deletion-days.js";
import { type DeletionVerdict, judgeDeletionFault, judgeDeletions } from "./deletion-verdict.js";
import { type DownloadEffects, REAL_EFFECTS } from "./effects.js";
import type { Endpoint } from "./endpoint.js";
import { exchange, readText } from "./exchange.js";
import { faultOf } from "./fault.js";
import { DEFAULT_DOWNLOAD_LIMITS, type DownloadLimits } from "./limits.js";
import { requestHeaders } from "./request.js";
import { nextTry, parseRetryAfter } from "./retry.js";
import { packageVersion } from "./version.js";

/** Whom to ask for deletion jobs, and with which keys. */
export interface DeletionJobsRequest {
  /** That of `deletionsEndpoint`. */
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly signal?: AbortSignal | undefined;
  /** Limits that differ from DEFAULT_DOWNLOAD_LIMITS. */
  readonly limits?: Partial<DownloadLimits> | undefined;
  /** Called before each wait for another try. */
  readonly onRetry?: ((retry: { readonly reason: string; readonly waitMs: number }) => void) | undefined;
}

/** "A rate limit of 1 HTTP request per second" (Amplitude's documentation of the User Privacy API). */
const BETWEEN_MS = 1000;
/** An answer of more bytes is not taken; a user of a job has about 90. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * The deletion jobs that are scheduled on one of `days`, in the order of the answers: a request for every 180 days, each
 * again and again within the budget of `limits`. Throws CredentialsError on 401 and 403; DownloadError if an answer cannot
 * be had or is no list of jobs; CancelledError if the signal was aborted.
 */
export async function askDeletionJobs(
  days: DayRange,
  request: DeletionJobsRequest,
  effects: DownloadEffects = REAL_EFFECTS,
): Promise<DeletionJob[]> {
  const jobs: DeletionJob[] = [];
  try {
    for (const [i, range] of splitDays(days).entries()) {
      if (i > 0) await effects.sleep(BETWEEN_MS, request.signal);
      jobs.push(...(await askRange(range, request, effects)));
    }
  } catch (error) {
    if (!isAmpframeError(error)) throwIfCancelled(request.signal);
    throw error;
  }
  return jobs;
}

async function askRange(
  range: DayRange,
  request: DeletionJobsRequest,
  effects: DownloadEffects,
): Promise<readonly DeletionJob[]> {
  const { endpoint, signal, onRetry } = request;
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, ...request.limits };
  const begun = effects.elapsed();
  for (let attempts = 1; ; attempts++) {
    const outcome = await tryOnce(range, request, limits, effects);
    if ("jobs" in outcome) return outcome.jobs;
    const { verdict, retryAfterMs } = outcome;
    const failed = (reason: string) =>
      new DownloadError(
        `${endpoint.url} did not tell its deletion jobs: ${reason.replace(/\.+$/, "")}.`,
        verdict.wayOut,
      );
    if (!verdict.again) throw failed(verdict.reason);
    const state = { attempts, elapsedMs: effects.elapsed() - begun, retryAfterMs };
    const next = nextTry(state, limits, effects.random);
    if (next.kind === "giveUp") throw failed(`${verdict.reason} (${next.because})`);
    onRetry?.({ reason: verdict.reason, waitMs: next.ms });
    await effects.sleep(next.ms, signal);
  }
}

type Outcome =
  | { readonly jobs: readonly DeletionJob[] }
  | { readonly verdict: DeletionVerdict; readonly retryAfterMs?: number | undefined };

async function tryOnce(
  { from, to }: DayRange,
  { endpoint, credentials, signal }: DeletionJobsRequest,
  limits: DownloadLimits,
  { now, elapsed, env }: DownloadEffects,
): Promise<Outcome> {
  throwIfCancelled(signal);
  const end = new AbortController();
  let status = 0;
  try {
    const answer = await exchange(
      {
        url: `${endpoint.url}?start_day=${from}&end_day=${to}`,
        headers: requestHeaders(credentials, "application/json", packageVersion()),
      },
      {
        ...{ limits, env, elapsed, log: () => {} },
        signal: signal ? AbortSignal.any([signal, end.signal]) : end.signal,
      },
    );
    status = answer.status;
    if (status === 200) return outcomeOf(await readText(answer.body, MOST_BYTES));
    const retryAfterMs = parseRetryAfter(answer.retryAfter, answer.date ?? now());
    const body = redact(await readText(answer.body), credentials);
    return { verdict: judgeDeletions(status, body, endpoint), retryAfterMs };
  } catch (error) {
    if (isAmpframeError(error)) throw error;
    throwIfCancelled(signal);
    const fault = faultOf(error, status);
    return { verdict: judgeDeletionFault(fault, redact(fault.message, credentials), endpoint) };
  } finally {
    end.abort();
  }
}

function outcomeOf(body: string): Outcome {
  const answer = readDeletionAnswer(body);
  if (answer.kind === "jobs") return { jobs: answer.jobs };
  return {
    verdict: {
      again: true,
      reason: `status 200 with ${answer.found}, where a list of deletion jobs was expected`,
      wayOut:
        "A proxy on the way may have answered, or Amplitude's answer has changed. Nothing was forgotten.",
    },
  };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "Asking for the deletion jobs was cancelled.",
    "Run it again: nothing was forgotten yet.",
    {
      cause: signal.reason,
    },
  );
}
