import { setTimeout } from "node:timers/promises";
import type { Environment } from "./proxy.js";

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
  /** Where the proxy variables stand. */
  readonly env: Environment;
}

/** The real clock, timer, chance and environment. */
export const REAL_EFFECTS: DownloadEffects = {
  now: Date.now,
  elapsed: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  random: Math.random,
  env: process.env,
};
