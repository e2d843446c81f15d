import type { Batch } from "../engine/engine.js";
import type { CalendarInterval } from "./calendar.js";
import { FunnelAttempts } from "./funnel-attempts.js";
import type { FunnelPlan } from "./funnel-plan.js";
import { type FunnelSql, funnelSql } from "./funnel-sql.js";
import { GroupCombinations } from "./group-combinations.js";

/** An attempt that counts. */
export interface CountedAttempt {
  /** The number of its segment. */
  readonly segment: number;
  readonly person: bigint;
  /** The value that is held constant. */
  value(): string | null;
  /** The number of the interval of its entry among those of the range; 0 without intervals. */
  readonly interval: number;
  /** The combinations of groups that it counts in. */
  readonly groups: readonly (readonly string[])[];
  /** Whole units of the resolution since the statement's `since`. */
  readonly times: readonly number[];
}

const UNGROUPED: readonly (readonly string[])[] = [[]];

/**
 * Runs the statement and tells `each` about every attempt that counts: user by user, but last about those of whom two events at
 * one time begin an attempt with different groups, whom a second statement asks about. Holds one user's events at a time.
 */
export async function readAttempts(
  plan: FunnelPlan,
  statement: FunnelSql,
  each: (attempt: CountedAttempt) => void,
): Promise<void> {
  const tied = await read(plan, statement, each);
  if (tied.size > 0) await read(plan, await funnelSql(plan, [...tied.keys()]), each, tied);
}

/** Users by the numbers of their values that are held constant. */
type Tied = Map<bigint, Set<number>>;

/** Tells about all but those who are tied, and gives these; or of `only` those who are in it, whose order is known then. */
async function read(
  plan: FunnelPlan,
  { sql, params, since, groups }: FunnelSql,
  each: (attempt: CountedAttempt) => void,
  only?: Tied,
): Promise<Tied> {
  const { input, holdConstant } = plan;
  const rows = await input.engine.stream(sql, params, input.queryOptions);
  const user = new User(plan, since, groups, each, only);
  const from = holdConstant === undefined ? 1 : 2;
  const isGrouped = groups.length > 0;
  const unit = Number(plan.unit);
  for await (const batch of rows) {
    const persons = batch.halves(0);
    const values = holdConstant === undefined ? undefined : batch.numbers(1);
    const times = batch.numbers(from);
    const masks = batch.numbers(from + 1);
    const entries = batch.numbers(from + 2);
    for (let row = 0; row < batch.length; row++) {
      const nth = values === undefined ? 0 : values[row]!;
      if (user.isOther(persons[2 * row]!, persons[2 * row + 1]!, nth)) {
        user.turnTo(persons[2 * row]!, persons[2 * row + 1]!, nth, batch.value(0, row) as bigint);
      }
      const entry = entries[row]!;
      const time = times[row]!;
      user.add(isGrouped ? (time - (time % unit)) / unit : time, masks[row]!, entry, batch, row);
      if (isGrouped && entry !== 0) user.compare(time, batch, row);
    }
  }
  user.end();
  return user.tied;
}

/** Where a row is. Texts are only read of the few that are asked for. */
interface Place {
  readonly batch: Batch;
  readonly row: number;
}

/** The events of the user (or the user with a value) whose rows are read. */
class User {
  readonly #attempts: FunnelAttempts;
  readonly #segments: number;
  readonly #ends: readonly number[];
  /** Of each segment the places of its entries, and the rows of these. */
  readonly #entries: readonly {
    readonly places: number[];
    readonly batches: Batch[];
    readonly rows: number[];
  }[];
  #person: bigint | undefined;
  #low = 0;
  #high = 0;
  /** The number of the value that is held constant. */
  #nth = 0;
  readonly #keepsRows: boolean;
  /** Where the last entry is, and its time. */
  #lastBatch: Batch | undefined;
  #lastRow = 0;
  #lastTime = 0;
  #isTied = false;
  readonly tied: Tied = new Map();
  readonly #combinations = new GroupCombinations();

  constructor(
    private readonly plan: FunnelPlan,
    since: bigint,
    private readonly groups: readonly string[],
    private readonly each: (attempt: CountedAttempt) => void,
    private readonly only: Tied | undefined,
  ) {
    const { input, calendar, unit, rules } = plan;
    this.#attempts = new FunnelAttempts(rules);
    this.#segments = input.segments.length;
    this.#keepsRows = groups.length > 0 || plan.holdConstant !== undefined;
    this.#entries = input.segments.map(() => ({ places: [], batches: [], rows: [] }));
    const intervals: readonly CalendarInterval[] =
      calendar?.within(input.range.from, input.range.until) ?? [];
    this.#ends = intervals.map(({ until }) => Number((until - since) / unit));
  }

  /** Whether the user who has these halves, with this value, is not the one whose rows are read. */
  isOther(low: number, high: number, nth: number): boolean {
    return low !== this.#low || high !== this.#high || nth !== this.#nth || this.#person === undefined;
  }

  /** Ends what went before. */
  turnTo(low: number, high: number, nth: number, person: bigint): void {
    this.end();
    this.#person = person;
    this.#low = low;
    this.#high = high;
    this.#nth = nth;
    this.#lastBatch = undefined;
    this.#isTied = false;
  }

  /** Notes if an entry has the time of the one before it, but other groups. */
  compare(time: number, batch: Batch, row: number): void {
    const before = this.#lastBatch;
    if (before !== undefined && time === this.#lastTime && !this.#isTied && this.only === undefined) {
      this.#isTied = !this.#hasGroupsOf(before, this.#lastRow, batch, row);
    }
    this.#lastBatch = batch;
    this.#lastRow = row;
    this.#lastTime = time;
  }

  add(time: number, mask: number, entry: number, batch: Batch, row: number): void {
    const place = this.#attempts.add(time, mask);
    for (let segment = 0, rest = entry; rest !== 0; segment++, rest >>= 1) {
      if ((rest & 1) === 0) continue;
      const { places, batches, rows } = this.#entries[segment]!;
      // Of several entries at one time the first counts.
      if (places[places.length - 1] === place) continue;
      places.push(place);
      if (this.#keepsRows) {
        batches.push(batch);
        rows.push(row);
      }
    }
  }

  end(): void {
    if (this.#counts()) this.#tellAll();
    this.#attempts.clear();
    for (const { places, batches, rows } of this.#entries) {
      places.length = 0;
      batches.length = 0;
      rows.length = 0;
    }
  }

  /** Whether the user is one to tell about now. */
  #counts(): boolean {
    const person = this.#person;
    if (person === undefined) return false;
    if (this.only !== undefined) return this.only.get(person)?.has(this.#nth) ?? false;
    if (!this.#isTied) return true;
    const values = this.tied.get(person) ?? new Set();
    this.tied.set(person, values.add(this.#nth));
    return false;
  }

  #tellAll(): void {
    for (let segment = 0; segment < this.#segments; segment++) {
      const { places } = this.#entries[segment]!;
      if (places.length === 0) continue;
      this.#attempts.begin();
      if (this.plan.totals) {
        for (const [entry, times] of this.#attempts.each(places)) this.#tell(segment, entry, times);
      } else {
        for (const some of this.#byInterval(places)) this.#tell(segment, ...this.#attempts.best(some));
      }
    }
  }

  #byInterval(places: readonly number[]): readonly (readonly number[])[] {
    if (this.#ends.length < 2) return [places];
    const found = new Map<number, number[]>();
    for (const place of places) {
      const interval = this.#intervalAt(this.#attempts.timeAt(place));
      const some = found.get(interval);
      if (some === undefined) found.set(interval, [place]);
      else some.push(place);
    }
    return [...found.values()];
  }

  #intervalAt(time: number): number {
    return this.#ends.length < 2 ? 0 : firstOver(this.#ends, time);
  }

  #tell(segment: number, entry: number, times: readonly number[]): void {
    const { places, batches, rows } = this.#entries[segment]!;
    const i = this.#keepsRows ? firstOver(places, entry - 1) : 0;
    const at = this.#keepsRows ? { batch: batches[i]!, row: rows[i]! } : undefined;
    this.each({
      segment,
      person: this.#person!,
      value: () => this.#valueAt(at),
      interval: this.#intervalAt(times[0]!),
      groups: at === undefined || this.groups.length === 0 ? UNGROUPED : this.#groupsAt(at),
      times,
    });
  }

  #valueAt(at: Place | undefined): string | null {
    if (at === undefined || this.plan.holdConstant === undefined) return null;
    return at.batch.value(at.batch.columns.length - 1, at.row) as string;
  }

  #hasGroupsOf(before: Batch, rowBefore: number, batch: Batch, row: number): boolean {
    const first = this.#firstGroup();
    return this.groups.every((_, i) => {
      const [one, other] = [before.value(first + i, rowBefore), batch.value(first + i, row)];
      return one === other || JSON.stringify(one) === JSON.stringify(other);
    });
  }

  /** The number of the first column of groups. */
  #firstGroup(): number {
    return this.plan.holdConstant === undefined ? 4 : 5;
  }

  /** Of a property that is held constant the value that is. */
  #groupsAt(at: Place): readonly (readonly string[])[] {
    const { holdConstant } = this.plan;
    const first = this.#firstGroup();
    const values = this.groups.map((name, i) =>
      name === holdConstant ? this.#valueAt(at) : at.batch.value(first + i, at.row),
    );
    return this.#combinations.of(values);
  }
}

/** The index of the first of `sorted` that is more than `value`; the last one at most. */
function firstOver(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < sorted[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
