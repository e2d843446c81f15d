import { setTimeout } from "node:timers/promises";
import type { Dispatcher } from "undici";

/** What a test puts in place of the real thing. */
export interface DownloadEffects {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed: () => number;
  /** Rejects if `signal` is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The connections to use; without it, own ones, which honour the proxy variables. */
  readonly dispatcher?: Dispatcher;
}

/** The real clock, timer and chance. */
export const REAL_EFFECTS: DownloadEffects = {
  now: Date.now,
  elapsed: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  random: Math.random,
};
