import { UsageError } from "../errors/index.js";
import { type HourRange, hourCount } from "../hour.js";

/** Amplitude was founded in 2012: no upload hour is older. */
const FIRST_YEAR = 2012;
const MOST_YEARS = 50;

/** Throws UsageError if `range` begins before there was an Amplitude or is longer than any project can be. */
export function checkRange(range: HourRange): void {
  if (range.from < `${FIRST_YEAR}`) {
    throw new UsageError(
      `The range begins at ${range.from}; Amplitude holds nothing from before ${FIRST_YEAR}.`,
      `Begin at ${FIRST_YEAR}-01-01 or later.`,
    );
  }
  if (hourCount(range) > MOST_YEARS * 366 * 24) {
    throw new UsageError(
      `The range from ${range.from} to ${range.to} has more than ${MOST_YEARS} years.`,
      "Give a shorter range.",
    );
  }
}
