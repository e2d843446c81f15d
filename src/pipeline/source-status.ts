import { addHours, type Hour, type HourRange, hourCount, lastSettledHour, settledAt } from "../hour.js";
import { type HourState, type HourStateName, hourStates, type Judgement } from "../lake/hour-states.js";
import type { LakeTable } from "../lake/table.js";

/** One upload hour of a source. */
export interface HourStatus {
  readonly hour: Hour;
  readonly state: HourStateName;
  /** Rows of this hour that this source brought. */
  readonly rows: number;
  /** True if it will be asked for once more: it had not settled, or an empty hour is not yet confirmed. */
  readonly provisional: boolean;
  /** Why it was refused, and what can be done about it; else null. */
  readonly reason: string | null;
  readonly wayOut: string | null;
}

/** Missing hours without a break, both ends included. */
export interface Gap extends HourRange {
  readonly hours: number;
}

/** A project in the lake, and the state of each of its upload hours. */
export interface SourceStatus {
  readonly id: string;
  readonly project: string;
  /** From the first hour that was ever touched, or that a pull was about, to the last settled one, or the last touched if that is later. */
  readonly range: HourRange | null;
  /** In order. Between two touched hours that are more than ten years apart, the untouched ones are left out. */
  readonly hours: readonly HourStatus[];
  /** How many hours have each state. */
  readonly counts: Readonly<Record<HourStateName, number>>;
  /** Stretches of missing hours, in order: what the next pull brings. */
  readonly gaps: readonly Gap[];
  /** Hours that are asked for once more: brought while they settled, or without events and not yet confirmed. */
  readonly provisional: number;
  /**
   * The oldest hour that is not yet final, brought or not, and the ISO time from which it can be had for good; null
   * if nothing of it comes from Amplitude.
   */
  readonly oldestSettling: { readonly hour: Hour; readonly settledAt: string } | null;
  readonly rows: number;
}

/** The projects in the lake, with the state of each of their upload hours, from its accounts alone. */
export async function sourceStatuses(table: LakeTable, judgement: Judgement): Promise<SourceStatus[]> {
  const accounts = await table.summaries();
  return (await table.sources()).map(({ id, project, first }): SourceStatus => {
    const touched = accounts
      .filter(({ source }) => source.id === id)
      .flatMap((account) => account.hours.map(({ hour }) => hour))
      .concat(first ?? [])
      .sort();
    const range = rangeOf(id, touched, judgement);
    const states = new Map<Hour, HourState>();
    for (const stretch of range ? stretches(touched, range) : []) {
      for (const [hour, state] of hourStates(accounts, id, stretch, judgement)) states.set(hour, state);
    }
    return sourceStatus(id, project, range, states, judgement);
  });
}

/** Files loaded by hand make no promise of going on until now; a project's pulls do. */
function rangeOf(
  id: string,
  touched: readonly Hour[],
  { now, settleHours }: { now: number; settleHours?: number },
): HourRange | null {
  const [from, last] = [touched[0], touched.at(-1)];
  if (!from || !last) return null;
  const settled = lastSettledHour(now, settleHours);
  return { from, to: id === "files" || last > settled ? last : settled };
}

const MOST_HOURS_APART = 10 * 366 * 24;

/** `range` without its longest gaps: one row with a wrong year must not make millions of hours to list. */
function stretches(touched: readonly Hour[], { from, to }: HourRange): HourRange[] {
  const found: HourRange[] = [];
  let stretch = { from, to: from };
  for (const hour of touched) {
    if (hourCount({ from: stretch.to, to: hour }) > MOST_HOURS_APART) {
      found.push(stretch);
      stretch = { from: hour, to: hour };
    } else stretch = { from: stretch.from, to: hour };
  }
  const isNear = hourCount({ from: stretch.to, to }) <= MOST_HOURS_APART;
  return [...found, isNear ? { from: stretch.from, to } : stretch];
}

function sourceStatus(
  id: string,
  project: string,
  range: HourRange | null,
  states: ReadonlyMap<Hour, HourState>,
  { now, settleHours }: Judgement,
): SourceStatus {
  const counts = { held: 0, empty: 0, loaded: 0, settling: 0, missing: 0, refused: 0 };
  const hours: HourStatus[] = [];
  for (const [hour, { state, rows, provisional, reason, wayOut }] of states) {
    counts[state] += 1;
    hours.push({ hour, state, rows, provisional, reason, wayOut });
  }
  const oldest = id === "files" ? undefined : addHours(lastSettledHour(now, settleHours), 1);
  return {
    ...{ id, project, range, hours, counts, gaps: gapsIn(hours) },
    provisional: hours.filter(({ provisional }) => provisional).length,
    oldestSettling: oldest
      ? { hour: oldest, settledAt: new Date(settledAt(oldest, settleHours)).toISOString() }
      : null,
    rows: hours.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function gapsIn(hours: readonly HourStatus[]): Gap[] {
  const gaps: Gap[] = [];
  for (const { hour, state } of hours) {
    if (state !== "missing") continue;
    const last = gaps.at(-1);
    if (last && addHours(last.to, 1) === hour) gaps.pop();
    const from = last && addHours(last.to, 1) === hour ? last.from : hour;
    gaps.push({ from, to: hour, hours: hourCount({ from, to: hour }) });
  }
  return gaps;
}
