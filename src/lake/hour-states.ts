import { type Hour, type HourRange, hoursIn, settledAt } from "../hour.js";
import type { AccountSummary, HourAccount, Source } from "./account.js";

/**
 * `missing`: never brought; `settling`: too young to be final; `empty`: a settled answer had no rows for it;
 * `held`: a verified answer covered it; `refused`: Amplitude would not give it; `loaded`: it has rows that
 * came from files by hand, and no answer of the Export API covered it.
 */
export type HourStateName = "missing" | "settling" | "empty" | "held" | "refused" | "loaded";

/** One upload hour of one source. */
export interface HourState {
  readonly state: HourStateName;
  readonly rows: number;
  /** Of `rows`, those that no answer for this hour brought: loaded by hand, or part of another hour's answer. */
  readonly otherRows: number;
  /** Of `rows`, those that the last answer did not have and that stay all the same. */
  readonly keptRows: number;
  /** True if it was brought before it had settled, or is an unconfirmed empty: it is asked for once more. */
  readonly provisional: boolean;
  /** Why it was refused, and what can be done about it. */
  readonly reason: string | null;
  readonly wayOut: string | null;
  /** Version of the commit that last touched it, and the time of its answer or last load (ISO, UTC). */
  readonly version: number | null;
  readonly at: string | null;
}

/** By what the state of hours is judged. */
export interface Judgement {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Hours after its beginning at which an upload hour is final; 3 by default (one to close, two to load). */
  readonly settleHours?: number;
}

const HOUR_MS = 3_600_000;
/** An empty hour is asked for once more after this time, for Amplitude guarantees no time of loading. */
const CONFIRM_EMPTY_MS = 24 * HOUR_MS;

const MISSING: HourState = {
  state: "missing",
  rows: 0,
  otherRows: 0,
  keptRows: 0,
  provisional: false,
  reason: null,
  wayOut: null,
  version: null,
  at: null,
};

/**
 * The state of each hour of `range` for one source, in order. `accounts` are in the order of versions, of any
 * sources. The last commit of an hour wins, with three exceptions: what was loaded by hand adds up, copies that
 * a compaction left out or that were forgotten are taken off, and a refusal does not undo what is held.
 */
export function hourStates(
  accounts: Iterable<AccountSummary>,
  source: string,
  range: HourRange,
  judgement: Judgement,
): Map<Hour, HourState> {
  const recorded = new Map<Hour, HourState>();
  for (const account of accounts) {
    if (account.source.id !== source) continue;
    for (const hour of account.hours) {
      if (hour.hour < range.from || hour.hour > range.to) continue;
      recorded.set(hour.hour, next(recorded.get(hour.hour), hour, account));
    }
  }
  return new Map(hoursIn(range).map((hour) => [hour, judge(hour, recorded.get(hour), judgement)]));
}

/** Rows of each upload hour over all sources, as its states tell them. `accounts` as in hourStates. */
export function rowsOfHours(accounts: Iterable<AccountSummary>): Map<Hour, number> {
  const bySource = new Map<string, Map<Hour, HourState>>();
  for (const account of accounts) {
    const recorded = bySource.get(account.source.id) ?? new Map<Hour, HourState>();
    bySource.set(account.source.id, recorded);
    for (const hour of account.hours) recorded.set(hour.hour, next(recorded.get(hour.hour), hour, account));
  }
  const rows = new Map<Hour, number>();
  for (const recorded of bySource.values()) {
    for (const [hour, state] of recorded) rows.set(hour, (rows.get(hour) ?? 0) + state.rows);
  }
  return rows;
}

function next(before: HourState = MISSING, hour: HourAccount, account: AccountSummary): HourState {
  if (account.operation === "compact" || account.operation === "forget")
    return withoutCopies(before, hour, account);
  const { version, at } = account;
  const { mark, provisional = false, reason = null, wayOut = null } = hour;
  const keptRows = hour.changes?.kept ?? 0;
  const now = { provisional, reason, wayOut, keptRows, version, at };
  if (mark === "refused") {
    return before.state === "missing" || before.state === "refused"
      ? { ...before, ...now, state: mark }
      : before;
  }
  if (mark !== "loaded") {
    const { otherRows } = before;
    const rows = hour.rows + keptRows + otherRows;
    return { ...now, state: rows > 0 ? "held" : mark, rows, otherRows };
  }
  const rows = { rows: before.rows + hour.rows, otherRows: before.otherRows + hour.rows };
  if (before.state === "held") return { ...before, ...rows, version };
  return { ...now, ...rows, state: mark };
}

/** Compacting and forgetting take rows away, and change nothing else. */
function withoutCopies(
  before: HourState,
  { mark, rows }: HourAccount,
  { version }: AccountSummary,
): HourState {
  const otherRows = before.otherRows + (mark === "loaded" ? rows : 0);
  const left = before.rows + rows;
  return { ...before, rows: left, otherRows, keptRows: Math.min(before.keptRows, left - otherRows), version };
}

function judge(hour: Hour, recorded: HourState | undefined, { now, settleHours }: Judgement): HourState {
  const settling = now < settledAt(hour, settleHours);
  if (!recorded) return settling ? { ...MISSING, state: "settling" } : MISSING;
  if (settling && (recorded.state === "held" || recorded.state === "empty")) {
    return { ...recorded, state: "settling", provisional: true };
  }
  return recorded;
}

/**
 * The hours that a pull must ask for, in order: the missing ones, and those whose answer was provisional and
 * can now be had for good. Settling hours are not among them.
 */
export function missingHours(states: ReadonlyMap<Hour, HourState>, judgement: Judgement): Hour[] {
  return [...states].filter(([hour, state]) => isDue(hour, state, judgement)).map(([hour]) => hour);
}

function isDue(hour: Hour, state: HourState, { now, settleHours }: Judgement): boolean {
  if (state.state === "missing") return true;
  if (!state.provisional || state.at === null || state.state === "settling") return false;
  const asked = Date.parse(state.at);
  if (asked < settledAt(hour, settleHours)) return true;
  return isWithoutAnswer(state) && now >= asked + CONFIRM_EMPTY_MS;
}

/** True if no answer for the hour has brought a row, whatever came otherwise. */
export function isWithoutOwnRows({ rows, otherRows }: HourState): boolean {
  return rows === otherRows;
}

/** True if the last answer for the hour had no event, whatever rows have stayed or came otherwise. */
export function isWithoutAnswer({ rows, otherRows, keptRows }: HourState): boolean {
  return rows === otherRows + keptRows;
}

/** A source that has left something in the lake. */
export interface KnownSource extends Source {
  /** First hour that an answer of the Export API covered (held or empty) or that a pull was to bring; null if none. */
  readonly first: Hour | null;
}

/** The sources of `accounts`, in the order in which they first came; the last name given to each. */
export function knownSources(accounts: Iterable<AccountSummary>): KnownSource[] {
  const sources = new Map<string, KnownSource>();
  for (const { source, range, hours } of accounts) {
    const covered = hours.filter(({ mark }) => mark === "held" || mark === "empty").map(({ hour }) => hour);
    const all = [...covered, range?.from, sources.get(source.id)?.first].filter((hour) => hour != null);
    sources.set(source.id, { ...source, first: all.sort()[0] ?? null });
  }
  return [...sources.values()];
}

/** SHA-256 of all inputs that `accounts` have loaded. */
export function loadedInputs(accounts: Iterable<AccountSummary>): Set<string> {
  return new Set([...accounts].flatMap((account) => account.inputs));
}
