import type { QueryOptions } from "../../../index.js";
import type { AskedColumns } from "./asked-columns.js";
import type { Order } from "./order.js";
import type { Scope, Span } from "./scope.js";
import { type StreamRows, sortedRows, sortingBy } from "./stream.js";

/** How much more time is looked at than should be enough. */
const MORE = [3n, 40n];

/**
 * The first rows of a scope that is sorted by `event_time`, found without knowing the others: by reading at that end of it.
 * Undefined if they do not lie close together.
 */
export async function rowsAtEnd(
  scope: Scope,
  { column, descending }: Order,
  limit: number,
  asked: AskedColumns,
  signal: AbortSignal,
): Promise<StreamRows | undefined> {
  const span = await spanOf(scope, { signal });
  if (span === undefined) return undefined;
  const { from, until, events } = span;
  for (const more of MORE) {
    const length = ((until - from) * BigInt(limit) * more) / BigInt(events) + 1n;
    if (length >= until - from) return undefined;
    const time: Span = descending ? { from: until - length } : { until: from + length };
    const found = await sortedRows(scope.within({ time }), sortingBy({ column, descending }), asked, {
      ...{ skip: 0, take: limit, signal },
    });
    if (found.rows.length === limit) return found;
  }
  return undefined;
}

/** When the scope's events can have happened, and how many the lake has in all. */
export async function spanOf(scope: Scope, options: QueryOptions) {
  const { from, to, events } = await scope.lake.extent(options);
  if (from === null || to === null) return undefined;
  const [first, end] = [BigInt(from.getTime()) * 1000n, BigInt(to.getTime() + 1) * 1000n];
  const { time } = scope;
  const span = {
    from: time.from !== undefined && time.from > first ? time.from : first,
    until: time.until !== undefined && time.until < end ? time.until : end,
  };
  return span.from < span.until ? { ...span, events } : undefined;
}
