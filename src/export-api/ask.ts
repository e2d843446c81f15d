import { CancelledError, DownloadError, isAmpframeError } from "../errors/index.js";
import { type AskedVerdict, type AskedWords, judgeAsked, judgeAskedFault } from "./asked-verdict.js";
import { type Credentials, redact } from "./credentials.js";
import type { DownloadEffects } from "./effects.js";
import type { Endpoint } from "./endpoint.js";
import { exchange, readText } from "./exchange.js";
import { faultOf } from "./fault.js";
import { DEFAULT_DOWNLOAD_LIMITS, type DownloadLimits } from "./limits.js";
import { requestHeaders } from "./request.js";
import { nextTry, parseRetryAfter } from "./retry.js";
import { packageVersion } from "./version.js";

/** Whom to ask, and with which keys. */
export interface AskRequest {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly signal?: AbortSignal | undefined;
  /** Limits that differ from DEFAULT_DOWNLOAD_LIMITS. */
  readonly limits?: Partial<DownloadLimits> | undefined;
  /** Called before each wait for another try. */
  readonly onRetry?: ((retry: { readonly reason: string; readonly waitMs: number }) => void) | undefined;
}

/** What is asked, and how its answer is read. */
export interface Question<T> {
  /** What the endpoint's address is followed by: `?start_day=2026-11-23`. */
  readonly query: string;
  readonly words: AskedWords;
  /** What a good answer is, for errors: `a list of deletion jobs`. */
  readonly expected: string;
  /** What is done with an answer that is none, for errors: `Nothing was forgotten.` */
  readonly otherwise: string;
  /** Reads the body of a 200: the value, or how it is none, a part of a sentence without what stands in it. */
  readonly read: (body: string) => { readonly value: T } | { readonly found: string };
}

/** An answer of more bytes is not taken. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Asks for JSON, again and again within the budget of `limits`. Throws CredentialsError on 401 and 403; DownloadError if an
 * answer cannot be had or is another; CancelledError if the signal was aborted.
 */
export async function ask<T>(
  question: Question<T>,
  request: AskRequest,
  effects: DownloadEffects,
): Promise<T> {
  const { endpoint, signal, onRetry } = request;
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, ...request.limits };
  const begun = effects.elapsed();
  for (let attempts = 1; ; attempts++) {
    const outcome = await tryOnce(question, request, limits, effects);
    if ("value" in outcome) return outcome.value;
    const { verdict, retryAfterMs } = outcome;
    const failed = (reason: string) =>
      new DownloadError(
        `${endpoint.url} did not tell ${question.words.what}: ${reason.replace(/\.+$/, "")}.`,
        verdict.wayOut,
      );
    if (!verdict.again) throw failed(verdict.reason);
    const state = { attempts, elapsedMs: effects.elapsed() - begun, retryAfterMs };
    const next = nextTry(state, limits, effects.random);
    if (next.kind === "giveUp") throw failed(`${verdict.reason} (${next.because})`);
    onRetry?.({ reason: verdict.reason, waitMs: next.ms });
    await waited(effects.sleep(next.ms, signal), signal, question.words);
  }
}

/** Waits; throws CancelledError if the signal was aborted meanwhile. */
export async function waited(
  wait: Promise<unknown>,
  signal: AbortSignal | undefined,
  words: AskedWords,
): Promise<void> {
  try {
    await wait;
  } catch (error) {
    throwIfCancelled(signal, words);
    throw error;
  }
}

type Outcome<T> =
  | { readonly value: T }
  | { readonly verdict: AskedVerdict; readonly retryAfterMs?: number | undefined };

async function tryOnce<T>(
  question: Question<T>,
  { endpoint, credentials, signal }: AskRequest,
  limits: DownloadLimits,
  { now, elapsed, env }: DownloadEffects,
): Promise<Outcome<T>> {
  const { words } = question;
  throwIfCancelled(signal, words);
  const end = new AbortController();
  let status = 0;
  try {
    const answer = await exchange(
      {
        url: `${endpoint.url}${question.query}`,
        headers: requestHeaders(credentials, "application/json", packageVersion()),
      },
      {
        ...{ limits, env, elapsed, log: () => {} },
        signal: signal ? AbortSignal.any([signal, end.signal]) : end.signal,
      },
    );
    status = answer.status;
    if (status === 200) return outcomeOf(question, await readText(answer.body, MOST_BYTES));
    const retryAfterMs = parseRetryAfter(answer.retryAfter, answer.date ?? now());
    const body = redact(await readText(answer.body), credentials);
    return { verdict: judgeAsked(status, body, endpoint, words), retryAfterMs };
  } catch (error) {
    if (isAmpframeError(error)) throw error;
    throwIfCancelled(signal, words);
    const fault = faultOf(error, status);
    return { verdict: judgeAskedFault(fault, redact(fault.message, credentials), endpoint, words) };
  } finally {
    end.abort();
  }
}

function outcomeOf<T>({ read, expected, otherwise }: Question<T>, body: string): Outcome<T> {
  const answer = read(body);
  if ("value" in answer) return answer;
  return {
    verdict: {
      again: true,
      reason: `status 200 with ${answer.found}, where ${expected} was expected`,
      wayOut: `A proxy on the way may have answered, or Amplitude's answer has changed. ${otherwise}`,
    },
  };
}

function throwIfCancelled(signal: AbortSignal | undefined, { what, undone }: AskedWords): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    `Asking for ${what.replace(/^its /, "the ")} was cancelled.`,
    `Run it again: ${undone}.`,
    { cause: signal.reason },
  );
}
