import { expect } from "vitest";

const FULL = process.env.AMPFRAME_SWEEP === "full";

/** How long a property may take, in milliseconds. */
export const TIMEOUT = FULL ? 7_200_000 : 600_000;

/** How many data sets a property is tried on: a quarter of `usual`, ten times `usual` with `AMPFRAME_SWEEP=full`. */
export function runs(usual: number): number {
  return FULL ? 10 * usual : Math.ceil(usual / 4);
}

/** Equal rows, but for the last bits of numbers that were added up in another order. */
export function expectAlike(found: Iterable<object>, expected: readonly object[]): void {
  expect([...found].map(rounded)).toEqual(expected.map(rounded));
}

function rounded(row: object): object {
  const cells = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    cells.map(([name, value]) => [
      name,
      typeof value === "number" ? Number(value.toPrecision(12)) + 0 : value,
    ]),
  );
}
