import { hostname } from "node:os";
import { CredentialsError, isAmpframeError, UsageError } from "../errors/index.js";
import { REAL_EFFECTS } from "../export-api/effects.js";
import { acquireLock } from "../lake/lock.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import { readSyncState, type SyncState, writeSyncState } from "../lake/sync-file.js";
import { limitsOf } from "../limits.js";
import { openOrCreateTable, openTable } from "./open-table.js";
import { type PullEffects, type PullOptions, planPull, pull } from "./pull.js";
import { sourceOf } from "./pull-plan.js";
import type { PullReport } from "./report.js";
import { sourceStatuses } from "./source-status.js";
import { nextRound, parseInterval, type RoundEnd } from "./sync-times.js";

/** What to bring again and again. A range must be open at its end. */
export interface PullEveryOptions extends Omit<PullOptions, "to" | "refresh"> {
  /** How long after the beginning of a round the next one begins: `30m`, `1h`, `6h`, `1d`; at least a minute. */
  readonly every: string;
  /** Called at the end of each round. */
  readonly onRound?: ((round: PullRound) => void) | undefined;
}

/** A round of a repeating pull. */
export interface PullRound {
  /** From 1. */
  readonly round: number;
  /** ISO time, UTC, at which it began. */
  readonly at: string;
  readonly seconds: number;
  /** False if it failed, or if Amplitude refused an hour. */
  readonly ok: boolean;
  /** What it did; null if it failed. */
  readonly report: PullReport | null;
  /** Why it failed; null if it did not. */
  readonly error: { readonly message: string; readonly wayOut: string } | null;
  /** How many rounds have failed in a row, this one included. */
  readonly failures: number;
  /** ISO time, UTC, at which the next one begins. */
  readonly next: string;
}

/**
 * Pulls again and again until `signal` is aborted; then resolves, with the lake whole. Whatever fails in a round is
 * told and tried again after a wait; it never ends the rounds. After each, `_ampframe/sync.json` in the lake says
 * how things stand. Only one process at a time does this to a lake; a process that was killed is succeeded.
 *
 * Throws before the first round: UsageError, CredentialsError (keys that cannot be sent), LakeError (also if another
 * process is at it already, saying which).
 */
export async function pullEvery(
  options: PullEveryOptions,
  effects: PullEffects = REAL_EFFECTS,
): Promise<void> {
  const every = parseInterval(options.every);
  limitsOf(options.limits);
  const stated: Partial<PullOptions> = options;
  if (stated.to !== undefined || stated.refresh !== undefined) {
    throw new UsageError(
      "A pull that repeats was given an end (--to) or --refresh.",
      "Leave --to away, or pull once without --every.",
    );
  }
  const { range } = await planPull(options, effects.now);
  const table = await openOrCreateTable(options.lake, effects.now);
  await table.close();
  const { store } = table;
  // Several may share the work on a lake in a bucket.
  const release =
    store.folder === undefined ? undefined : await acquireLock(store.folder, store.disk, effects.now);
  try {
    const isOpen = options.last === undefined && options.from === undefined;
    const from = isOpen && range ? { from: range.from } : {};
    await new Rounds(store, { ...options, ...from }, every, effects).run();
  } finally {
    await release?.();
  }
}

class Rounds {
  private state: SyncState;

  constructor(
    private readonly store: LakeStore,
    private readonly options: PullEveryOptions,
    private readonly every: number,
    private readonly effects: PullEffects,
  ) {
    const now = this.time();
    this.state = {
      ...{ formatVersion: 1, pid: process.pid, host: hostname(), since: now, every: options.every },
      ...{ state: "waiting", updated: now, rounds: 0, failures: 0, lastRound: null, lastSuccess: null },
      ...{ lastError: null, nextRound: null, oldestMissing: null, oldestSettling: null },
    };
  }

  async run(): Promise<void> {
    const before = await readSyncState(this.store).catch(() => undefined);
    if (before) {
      const { lastSuccess, lastError, oldestMissing, oldestSettling } = before;
      this.state = { ...this.state, lastSuccess, lastError, oldestMissing, oldestSettling };
    }
    const { signal } = this.options;
    while (!signal?.aborted) {
      await this.write({ state: "pulling", nextRound: null });
      const round = await this.round();
      if (!round) break;
      await this.write({ ...this.after(round), ...(await this.oldest()) });
      this.options.onRound?.(round);
      await this.wait(Date.parse(round.next));
    }
    await this.write({ state: "ended", nextRound: null });
  }

  /** Pulls once; nothing if it was cancelled. */
  private async round(): Promise<PullRound | undefined> {
    const began = this.effects.now();
    let report: PullReport | null = null;
    let failure: unknown;
    try {
      report = await pull(this.options, this.effects);
    } catch (error) {
      if (this.options.signal?.aborted) return undefined;
      failure = error;
      this.options.log?.({ kind: "roundFailed", ...wordsOf(error) });
    }
    const ended = this.effects.now();
    const ok = report !== null && report.refused.length === 0;
    const end = endOf(report, failure);
    const failures = end === "done" ? 0 : this.state.failures + 1;
    const next = nextRound({ began, ended, end, failures }, this.every, this.effects.random);
    return {
      ...{ round: this.state.rounds + 1, at: new Date(began).toISOString(), seconds: (ended - began) / 1000 },
      ...{ ok, report, error: failure === undefined ? null : wordsOf(failure), failures },
      next: new Date(next).toISOString(),
    };
  }

  private after({ round, at, ok, seconds, report, error, failures, next }: PullRound): Partial<SyncState> {
    const [refused] = report?.refused ?? [];
    const why =
      error ?? (refused && { message: `${refused.what}: ${refused.reason}`, wayOut: refused.wayOut });
    const { hours = 0, loaded = 0, duplicates = 0, forgotten = 0 } = report ?? {};
    return {
      ...{ state: "waiting", rounds: round, failures, nextRound: next },
      lastRound: { at, ok, hours, events: loaded - duplicates - forgotten, duplicates, seconds },
      ...(ok ? { lastSuccess: this.time() } : {}),
      ...(why ? { lastError: { at: this.time(), ...why } } : {}),
    };
  }

  /** The oldest hours that are not final, as far as the lake can be read. */
  private async oldest(): Promise<Partial<SyncState>> {
    const { lake, settleHours } = this.options;
    const judgement = { now: this.effects.now(), ...(settleHours === undefined ? {} : { settleHours }) };
    try {
      const { id } = sourceOf(this.options);
      const sources = await sourceStatuses(await openTable(lake), judgement);
      const source = sources.find((known) => known.id === id);
      return {
        oldestMissing: source?.gaps[0]?.from ?? null,
        oldestSettling: source?.oldestSettling ?? null,
      };
    } catch {
      return {};
    }
  }

  private async wait(until: number): Promise<void> {
    const { signal } = this.options;
    const ms = until - this.effects.now();
    if (signal?.aborted || ms <= 0) return;
    await this.effects.sleep(ms, signal).catch((error) => {
      if (!signal?.aborted) throw error;
    });
  }

  /** A state that cannot be written (a full disk) must not end the rounds. */
  private async write(change: Partial<SyncState>): Promise<void> {
    this.state = { ...this.state, ...change, updated: this.time() };
    try {
      await writeSyncState(this.store, this.state);
    } catch (error) {
      this.options.log?.({ kind: "syncFileFailed", ...wordsOf(error) });
    }
  }

  private time(): string {
    return new Date(this.effects.now()).toISOString();
  }
}

function endOf(report: PullReport | null, failure: unknown): RoundEnd {
  if (failure instanceof CredentialsError) return "keys";
  if (failure !== undefined) return "failed";
  return report && report.refused.length > 0 && report.hours === 0 ? "failed" : "done";
}

function wordsOf(error: unknown): { message: string; wayOut: string } {
  if (isAmpframeError(error)) return { message: error.message, wayOut: error.wayOut };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: `Unexpected: ${message}`,
    wayOut: "The next round tries again; report it if it stays so.",
  };
}
