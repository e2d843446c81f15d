import type { Measure } from "../../../src/analyses/segmentation.js";
import type { UserEvent } from "./events.js";
import { numbersOf, valuesOf } from "./groups.js";

/** The number that a measure makes of some events. `active` is how many users had any active event meanwhile. */
export function measured(measure: Measure, events: readonly UserEvent[], active: number): number | null {
  const users = new Set(events.map(({ user }) => user)).size;
  if (measure === "uniques") return users;
  if (measure === "totals") return events.length;
  if (measure === "average") return ratio(events.length, users);
  if (measure === "active %") return times100(ratio(users, active));
  const numbers = (property: string) => events.flatMap(({ event }) => numbersOf(event, property));
  if ("sum" in measure) return sum(numbers(measure.sum));
  if ("average" in measure) return ratio(sum(numbers(measure.average)), numbers(measure.average).length);
  if ("median" in measure) return percentile(numbers(measure.median), 0.5);
  if ("min" in measure) return percentile(numbers(measure.min), 0);
  if ("max" in measure) return percentile(numbers(measure.max), 1);
  if ("sumPerUser" in measure) return ratio(sum(numbers(measure.sumPerUser)), users);
  if ("percentile" in measure) return percentile(numbers(measure.percentile), measure.p / 100);
  if ("distinct" in measure) {
    return new Set(events.flatMap(({ event }) => valuesOf(event, measure.distinct))).size;
  }
  const pairs = new Set<string>();
  const usersWithValue = new Set<bigint>();
  for (const { user, event } of events) {
    for (const value of valuesOf(event, measure.distinctPerUser)) {
      pairs.add(JSON.stringify([String(user), value]));
      usersWithValue.add(user);
    }
  }
  return ratio(pairs.size, usersWithValue.size);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

export function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

export function times100(share: number | null): number | null {
  return share === null ? null : share * 100;
}

/** The value below which the share `p` of the way from the smallest to the largest lies, in a straight line between neighbours. */
export function percentile(numbers: readonly number[], p: number): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}
