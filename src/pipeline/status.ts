import { type Hour, type HourRange, hourCount, lastSettledHour, settledAt } from "../hour.js";
import { type HourState, type HourStateName, hourStates } from "../lake/hour-states.js";
import { liveQuarantine } from "../lake/live-quarantine.js";
import { openTable } from "./open-table.js";
import { checkSettleHours } from "./settle-hours.js";

/** Which lake to look at. */
export interface StatusOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** Hours after its beginning at which an upload hour is final. Default 3. */
  readonly settleHours?: number | undefined;
}

/** One upload hour of a source. */
export interface HourStatus {
  readonly hour: Hour;
  readonly state: HourStateName;
  /** Rows of this hour that this source brought. */
  readonly rows: number;
  /** True if it will be asked for once more: it had not settled, or an empty hour is not yet confirmed. */
  readonly provisional: boolean;
  /** Why it was refused; else null. */
  readonly reason: string | null;
}

/** A project in the lake, and the state of each of its upload hours. */
export interface SourceStatus {
  readonly id: string;
  readonly project: string;
  /** From the first hour that was ever touched to the last settled one, or the last touched if that is later. */
  readonly range: HourRange | null;
  /** In order. Between two touched hours that are more than ten years apart, the untouched ones are left out. */
  readonly hours: readonly HourStatus[];
  /** How many hours have each state. */
  readonly counts: Readonly<Record<HourStateName, number>>;
  /** Hours that are held or empty but provisional. */
  readonly provisional: number;
  /** The oldest hour that is settling, and the ISO time from which it can be had for good. */
  readonly oldestSettling: { readonly hour: Hour; readonly settledAt: string } | null;
  readonly rows: number;
}

/** What is in a lake, from its log and accounts alone. */
export interface LakeStatus {
  /** Absolute path. */
  readonly lake: string;
  /** Version of the Delta table. */
  readonly version: number;
  readonly rows: number;
  readonly files: number;
  /** Bytes of the data files. */
  readonly bytes: number;
  /** Lines that are in quarantine. */
  readonly quarantined: number;
  readonly sources: readonly SourceStatus[];
}

/** The state of a lake: every upload hour of every project in it. Throws UsageError, LakeError. */
export async function status(options: StatusOptions, now: () => number = Date.now): Promise<LakeStatus> {
  checkSettleHours(options.settleHours);
  const table = await openTable(options.lake);
  const accounts = await table.summaries();
  const files = [...table.snapshot.files.values()];
  const judgement = {
    now: now(),
    ...(options.settleHours === undefined ? {} : { settleHours: options.settleHours }),
  };
  const sources = (await table.sources()).map(({ id, project }): SourceStatus => {
    const touched = accounts
      .filter(({ source }) => source.id === id)
      .flatMap((account) => account.hours.map(({ hour }) => hour))
      .sort();
    const range = rangeOf(id, touched, judgement);
    const states = new Map<Hour, HourState>();
    for (const stretch of range ? stretches(touched, range) : []) {
      for (const [hour, state] of hourStates(accounts, id, stretch, judgement)) states.set(hour, state);
    }
    return sourceStatus(id, project, range, states, judgement.settleHours);
  });
  return {
    lake: table.dir,
    version: table.snapshot.version,
    rows: sources.reduce((sum, source) => sum + source.rows, 0),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    quarantined: liveQuarantine(accounts).reduce((sum, { lines }) => sum + lines, 0),
    sources,
  };
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
  settleHours: number | undefined,
): SourceStatus {
  const counts = { held: 0, empty: 0, loaded: 0, settling: 0, missing: 0, refused: 0 };
  const hours: HourStatus[] = [];
  for (const [hour, { state, rows, provisional, reason }] of states) {
    counts[state] += 1;
    hours.push({ hour, state, rows, provisional, reason });
  }
  const oldest = hours.find(({ state }) => state === "settling")?.hour;
  return {
    ...{ id, project, range, hours, counts },
    provisional: hours.filter(({ provisional }) => provisional).length,
    oldestSettling: oldest
      ? { hour: oldest, settledAt: new Date(settledAt(oldest, settleHours)).toISOString() }
      : null,
    rows: hours.reduce((sum, { rows }) => sum + rows, 0),
  };
}
