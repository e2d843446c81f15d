import type { Api } from "../../../api.js";

/** What the server counted. */
export type Cube = Api["overview"]["out"];

/** What is picked: steps from `from` to before `to`, and of each dimension the numbers of values; undefined: all. */
export interface Picks {
  readonly time: { readonly from: number; readonly to: number } | undefined;
  readonly values: readonly (ReadonlySet<number> | undefined)[];
}

/** Sums of events. */
export interface Sums {
  /** Of what all picks let through. */
  readonly total: number;
  /** For each step, of what all picks but that of time let through. */
  readonly time: Float64Array;
  /** For each dimension and value (the last is all others), of what all picks but its own let through. */
  readonly values: readonly Float64Array[];
}

/** Nothing is picked. */
export function noPicks({ dimensions }: Cube): Picks {
  return { time: undefined, values: dimensions.map(() => undefined) };
}

/**
 * Adds up the cells. A chart is filtered by all picks but its own, so that it keeps showing what else could be picked: a cell
 * counts for all charts if every pick has it, and for one chart alone if only that chart's pick has not.
 */
export function sumsOf(cube: Cube, picks: Picks): Sums {
  const { steps, dimensions, time, coordinates, events } = cube;
  const sums = {
    time: new Float64Array(steps + 1),
    values: dimensions.map(({ values }) => new Float64Array(values.length + 1)),
  };
  const masks = dimensions.map(({ values }, d) => maskOf(values.length + 1, picks.values[d]));
  const [from, to] = [picks.time?.from ?? 0, picks.time?.to ?? steps + 1];
  let total = 0;
  for (let cell = 0; cell < events.length; cell++) {
    const n = events[cell]!;
    const at = time[cell]!;
    let missing = at >= from && at < to ? -1 : -2;
    let misses = missing === -1 ? 0 : 1;
    for (let d = 0; d < masks.length && misses < 2; d++) {
      if (masks[d]![coordinates[d]![cell]!] === 0) {
        misses++;
        missing = d;
      }
    }
    if (misses === 0) {
      total += n;
      sums.time[at]! += n;
      for (let d = 0; d < masks.length; d++) sums.values[d]![coordinates[d]![cell]!]! += n;
    } else if (misses === 1) {
      if (missing === -2) sums.time[at]! += n;
      else sums.values[missing]![coordinates[missing]![cell]!]! += n;
    }
  }
  return { total, ...sums };
}

function maskOf(length: number, picked: ReadonlySet<number> | undefined): Uint8Array {
  const mask = new Uint8Array(length).fill(picked ? 0 : 1);
  for (const value of picked ?? []) mask[value] = 1;
  return mask;
}
