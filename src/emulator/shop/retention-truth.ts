/** People whose first event fell on one UTC day. */
export interface Cohort {
  /** UTC date of the first event, by `event_time`. */
  readonly date: string;
  readonly users: number;
  /** At index n, those with an event on day n; index 0 is all of them. */
  readonly returned: readonly number[];
}

/** Counts who returned on which day, by two ways of telling days. */
export interface RetentionCount {
  /**
   * Adds one person by the instants of all his events (milliseconds since 1970, in rising order, at least
   * one).
   */
  add(times: readonly number[]): void;
  /** By calendar days, UTC. */
  calendar(): Cohort[];
  /** By windows of a day from each person's first event, floored to its hour. */
  rolling(): Cohort[];
}

/** Starts a count. `dayMs` and `hourMs` are the lengths of a day and of the unit a start is floored to. */
export function createRetention(dayMs: number, hourMs: number): RetentionCount {
  const calendar = new Map<number, number[]>();
  const rolling = new Map<number, number[]>();

  function count(into: Map<number, number[]>, cohort: number, start: number, times: readonly number[]): void {
    const returned = into.get(cohort) ?? [];
    into.set(cohort, returned);
    for (const day of new Set(times.map((time) => Math.floor((time - start) / dayMs)))) {
      while (returned.length <= day) returned.push(0);
      returned[day]!++;
    }
  }
  function cohorts(of: Map<number, number[]>): Cohort[] {
    return [...of]
      .sort(([a], [b]) => a - b)
      .map(([day, returned]) => ({
        date: new Date(day * dayMs).toISOString().slice(0, 10),
        users: returned[0]!,
        returned,
      }));
  }

  return {
    add(times) {
      const first = times[0]!;
      const day = Math.floor(first / dayMs);
      count(calendar, day, day * dayMs, times);
      count(rolling, day, Math.floor(first / hourMs) * hourMs, times);
    },
    calendar: () => cohorts(calendar),
    rolling: () => cohorts(rolling),
  };
}
