import { UsageError } from "../errors/index.js";

/** From the first number, included, to the last, not included. */
export type Bin = readonly [from: number, to: number];

const MOST_BINS = 20;
/** Of the greatest number in size: ends that lie nearer together are not told apart. */
const LEAST_WIDTH = 2 ** -45;

/** The ends of bins in pairs. Throws UsageError if they do not ascend from `least`, or are too few; `example` is a right one. */
export function binsOf(bins: readonly number[], least: number, example: string): Bin[] {
  const ascending = bins.every(
    (bin, i) => Number.isFinite(bin) && bin >= least && (i === 0 || bin > bins[i - 1]!),
  );
  if (bins.length >= 2 && ascending) return pairsOf(bins);
  throw new UsageError(
    `bins is ${JSON.stringify(bins)}.`,
    `Give two or more numbers, each greater than the one before: ${example}.`,
  );
}

/**
 * Bins from `min` to beyond `max`, all of one width: the least of 1, 2 or 5 times a power of ten that makes 20 or fewer; 1 at
 * least if `areWhole`. They begin at a multiple of it.
 */
export function usualBins(min: number, max: number, areWhole: boolean): Bin[] {
  const size = Math.max(Math.abs(min), Math.abs(max));
  const least = Math.max(
    max - min === 0 ? 1 : 0,
    areWhole ? 1 : 0,
    size * LEAST_WIDTH,
    max / MOST_BINS - min / MOST_BINS,
  );
  for (let power = Math.floor(Math.log10(least)); ; power++) {
    for (const digit of [1, 2, 5]) {
      const width = Number(`${digit}e${power}`);
      const [first, last] = [Math.floor(min / width), Math.floor(max / width) + 1];
      if (width < least || last - first > MOST_BINS) continue;
      // Written in decimals, so that an end is 0.3 and not 0.30000000000000004.
      return pairsOf(
        Array.from({ length: last - first + 1 }, (_, i) => Number(`${(first + i) * digit}e${power}`)),
      );
    }
  }
}

function pairsOf(ends: readonly number[]): Bin[] {
  return ends.slice(1).map((to, i) => [ends[i]!, to]);
}
