import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, DownloadError, isAmpframeError } from "../errors/index.js";
import { type HourRange, hourCount, toApiHour } from "../hour.js";
import type { Answer, DownloadLogEntry, DownloadProgress } from "./answer.js";
import { type Credentials, redact } from "./credentials.js";
import { type DownloadEffects, REAL_EFFECTS } from "./effects.js";
import type { Endpoint } from "./endpoint.js";
import { type ExchangeLog, exchange, readText } from "./exchange.js";
import { ExchangeFault, faultOf } from "./fault.js";
import { DEFAULT_DOWNLOAD_LIMITS, type DownloadLimits } from "./limits.js";
import { type ExportRequest, exportRequest } from "./request.js";
import { nextTry, parseRetryAfter } from "./retry.js";
import { type SavedBody, saveBody, type WatchBody } from "./save-body.js";
import { ofFault, refusedCredentials } from "./sentences.js";
import { judge, type Verdict } from "./verdict.js";
import { packageVersion } from "./version.js";

/** What to ask, with which keys, and where to put the answer. */
export interface DownloadOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** An existing folder. The archive is `<start>-<end>.zip` in it; while it comes, `.zip.part`. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  /** Limits that differ from DEFAULT_DOWNLOAD_LIMITS. */
  readonly limits?: Partial<DownloadLimits> | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Called for each body that comes. */
  readonly watch?: WatchBody | undefined;
  /** Gets every request and decision. */
  readonly log?: ((entry: DownloadLogEntry) => void) | undefined;
}

type Outcome =
  | { readonly kind: "saved"; readonly body: SavedBody }
  | Exclude<Verdict, { kind: "credentials" }>;

/**
 * Asks the Export API for `window` (upload hours, UTC, both ends included), again and again within the budget
 * of `options.limits`, and saves the archive. A window of several hours that is too large, or not answered in
 * time, is not asked again: it must be split. Whether `noData` means "empty" is for the caller to say.
 *
 * Throws CredentialsError on 401 and 403; DownloadError if the connection fails until the budget is used up, the
 * server's certificate is not accepted, or the archive cannot be written; CancelledError if the signal was
 * aborted. No file is left behind but the archive of the answer.
 */
export async function downloadWindow(
  window: HourRange,
  options: DownloadOptions,
  effects: DownloadEffects = REAL_EFFECTS,
): Promise<Answer> {
  const limits = { ...DEFAULT_DOWNLOAD_LIMITS, ...options.limits };
  const path = join(options.directory, `${toApiHour(window.from)}-${toApiHour(window.to)}.zip`);
  throwIfCancelled(options.signal);
  try {
    return await new Download(window, options, limits, path, effects).run();
  } catch (error) {
    if (!isAmpframeError(error)) throwIfCancelled(options.signal);
    throw error;
  } finally {
    await rm(`${path}.part`, { force: true });
  }
}

/** One window's attempts, one after the other. */
class Download {
  #attempts = 0;
  #retryAfterMs: number | undefined;
  readonly #begun: number;
  readonly #request: ExportRequest;

  constructor(
    readonly window: HourRange,
    readonly options: DownloadOptions,
    readonly limits: DownloadLimits,
    readonly path: string,
    readonly effects: DownloadEffects,
  ) {
    this.#begun = effects.elapsed();
    this.#request = exportRequest(window, options.endpoint, options.credentials, packageVersion());
  }

  async run(): Promise<Answer> {
    for (;;) {
      this.#attempts += 1;
      this.options.onProgress?.({ kind: "requested", window: this.window, attempt: this.#attempts });
      const { outcome, status, fault } = await this.#attempt();
      const attempts = this.#attempts;
      switch (outcome.kind) {
        case "saved":
          await this.#keep();
          this.#log({ event: "decision", decision: "archive", reason: null });
          return { kind: "archive", path: this.path, ...outcome.body, status: 200, attempts };
        case "noData":
          this.#log({ event: "decision", decision: "noData", reason: null });
          return { kind: "noData", status: 404, attempts };
        case "tooLarge":
          this.#log({ event: "decision", decision: "tooLarge", reason: outcome.reason });
          return { kind: "tooLarge", status, reason: outcome.reason, attempts };
        case "refused":
          return this.#refuse(status, outcome.reason, outcome.wayOut, false);
        case "retry": {
          const givenUp = await this.#wait(outcome);
          if (givenUp === undefined) continue;
          const reason = `${outcome.reason} (${givenUp})`;
          if (fault?.kind !== "network")
            return this.#refuse(status, reason, outcome.wayOut, outcome.temporary);
          this.#log({ event: "decision", decision: "failed", reason });
          throw new DownloadError(
            `Nothing came from ${this.options.endpoint.url}: ${reason}.`,
            outcome.wayOut,
            {
              cause: fault,
            },
          );
        }
      }
    }
  }

  /** One request and its answer. */
  async #attempt(): Promise<{ outcome: Outcome; status: number; fault?: ExchangeFault }> {
    const { endpoint, credentials, signal } = this.options;
    const { elapsed, now } = this.effects;
    const begun = elapsed();
    this.#retryAfterMs = undefined;
    const abort = new AbortController();
    const onAbort = () => abort.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    let status = 0;
    try {
      throwIfCancelled(signal);
      const answer = await exchange(this.#request, {
        limits: this.limits,
        signal: abort.signal,
        env: this.effects.env,
        log: this.#log,
        elapsed,
      });
      status = answer.status;
      if (status !== 200) {
        this.#retryAfterMs = parseRetryAfter(answer.retryAfter, answer.date ?? now());
        const text = redact(await readText(answer.body), credentials);
        this.#log({ event: "body", text: text.slice(0, 2000) });
        const verdict = judge(status, text, hourCount(this.window));
        if (verdict.kind !== "credentials") return { outcome: verdict, status };
        this.#log({ event: "decision", decision: "credentials", reason: verdict.reason });
        throw refusedCredentials(status, verdict.reason, endpoint);
      }
      const report = (bytes: number) =>
        this.options.onProgress?.({
          kind: "received",
          window: this.window,
          bytes,
          total: answer.contentLength,
        });
      const body = await saveBody(
        answer,
        `${this.path}.part`,
        this.limits,
        report,
        elapsed,
        this.options.watch,
      );
      this.#log({ event: "saved", ...body, ms: Math.round(elapsed() - begun) });
      return { outcome: { kind: "saved", body }, status };
    } catch (error) {
      if (isAmpframeError(error)) throw error;
      throwIfCancelled(signal);
      const fault = faultOf(error, status);
      const reason = redact(fault.message, credentials);
      this.#log({ event: "fault", reason });
      const outcome = ofFault(fault, reason, hourCount(this.window), this.options);
      return { outcome, status: fault.status, fault };
    } finally {
      abort.abort();
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Waits for the next attempt; or returns why there is none. */
  async #wait({ reason, attempts }: Extract<Verdict, { kind: "retry" }>): Promise<string | undefined> {
    const budget = {
      ...this.limits,
      attempts: Math.min(this.limits.attempts, attempts ?? Number.POSITIVE_INFINITY),
    };
    const elapsedMs = this.effects.elapsed() - this.#begun;
    const state = { attempts: this.#attempts, elapsedMs, retryAfterMs: this.#retryAfterMs };
    const next = nextTry(state, budget, this.effects.random);
    if (next.kind === "giveUp") return next.because;
    this.#log({ event: "wait", ms: next.ms, because: next.because, reason });
    this.options.onProgress?.({ kind: "retry", window: this.window, reason, waitMs: next.ms });
    await this.effects.sleep(next.ms, this.options.signal);
    return undefined;
  }

  async #keep(): Promise<void> {
    try {
      await rename(`${this.path}.part`, this.path);
    } catch (error) {
      const fault = new ExchangeFault(
        "disk",
        error instanceof Error && "code" in error ? String(error.code) : "",
      );
      ofFault(fault, fault.message, 1, this.options);
    }
  }

  #refuse(status: number, reason: string, wayOut: string, temporary: boolean): Answer {
    this.#log({ event: "decision", decision: "refused", reason });
    return { kind: "refused", status, reason, wayOut, temporary, attempts: this.#attempts };
  }

  /** Headers and addresses of an answer may hold what the request held. */
  readonly #log: ExchangeLog = (entry) => {
    const clean = Object.entries(entry).map(([name, value]) => {
      return [name, typeof value === "string" ? redact(value, this.options.credentials) : value];
    });
    const { window } = this;
    const said = { window, attempt: this.#attempts, ...Object.fromEntries(clean) };
    this.options.log?.(said as DownloadLogEntry);
  };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "The download was cancelled.",
    "Run the pull again: it goes on with what is missing.",
    { cause: signal.reason },
  );
}
