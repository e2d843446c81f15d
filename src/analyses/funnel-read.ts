import type { Batch } from "../engine/engine.js";
import type { CalendarInterval } from "./calendar.js";
import { FunnelAttempts } from "./funnel-attempts.js";
import type { FunnelPlan } from "./funnel-plan.js";
import type { FunnelSql } from "./funnel-sql.js";
import { NONE } from "./property-sql.js";

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

/** Runs the statement and tells `each` about every attempt that counts, user by user. Holds one user's events at a time. */
export async function readAttempts(
  plan: FunnelPlan,
  { sql, params, since, groups }: FunnelSql,
  each: (attempt: CountedAttempt) => void,
): Promise<void> {
  const { input, holdConstant } = plan;
  const rows = await input.engine.stream(sql, params, input.queryOptions);
  const user = new User(plan, since, groups, each);
  const from = holdConstant === undefined ? 1 : 2;
  for await (const batch of rows) {
    const persons = batch.values(0) as readonly bigint[];
    const values = holdConstant === undefined ? undefined : (batch.values(1) as readonly number[]);
    const times = batch.values(from) as readonly number[];
    const masks = batch.values(from + 1) as readonly number[];
    const entries = batch.values(from + 2) as readonly number[];
    for (let row = 0; row < batch.length; row++) {
      user.turnTo(persons[row]!, values === undefined ? 0 : values[row]!);
      user.add(times[row]!, masks[row]!, entries[row]!, batch, row);
    }
  }
  user.end();
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
  /** The number of the value that is held constant. */
  #nth = 0;
  readonly #keepsRows: boolean;

  constructor(
    private readonly plan: FunnelPlan,
    since: bigint,
    private readonly groups: readonly string[],
    private readonly each: (attempt: CountedAttempt) => void,
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

  /** Ends what went before, if it was another. */
  turnTo(person: bigint, nth: number): void {
    if (person === this.#person && nth === this.#nth) return;
    this.end();
    this.#person = person;
    this.#nth = nth;
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
    for (let segment = 0; segment < this.#segments; segment++) {
      const { places, batches, rows } = this.#entries[segment]!;
      if (places.length === 0) continue;
      this.#attempts.begin();
      if (this.plan.totals) {
        for (const [entry, times] of this.#attempts.each(places)) this.#tell(segment, entry, times);
      } else {
        for (const some of this.#byInterval(places)) this.#tell(segment, ...this.#attempts.best(some));
      }
      places.length = 0;
      batches.length = 0;
      rows.length = 0;
    }
    this.#attempts.clear();
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

  /** Of a property that is held constant the value that is. */
  #groupsAt(at: Place): readonly (readonly string[])[] {
    const { holdConstant } = this.plan;
    const first = holdConstant === undefined ? 4 : 5;
    let combinations: string[][] = [[]];
    for (const [i, name] of this.groups.entries()) {
      const value = name === holdConstant ? this.#valueAt(at) : at.batch.value(first + i, at.row);
      const values = [...new Set([value ?? NONE].flat() as string[])];
      combinations = combinations.flatMap((start) => values.map((one) => [...start, one]));
    }
    return combinations;
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
