import type { Lake } from "../../../index.js";
import type { Selection } from "../../api.js";
import type { Order } from "./order.js";
import { Scope } from "./scope.js";
import { SharedWork } from "./shared-work.js";
import { Stream } from "./stream.js";

/** So many streams stay known. */
const KEPT = 12;

/** The streams that were asked for of late, of each lake. */
const known = new WeakMap<Lake, Map<string, SharedWork<Stream>>>();

/** The stream of a selection in an order, as the lake is now: it is made at the first `get`. Throws QueryError, CancelledError. */
export async function streamOf(
  lake: Lake,
  selection: Selection,
  order: Order,
  signal: AbortSignal,
): Promise<SharedWork<Stream>> {
  const { version } = await lake.extent({ signal });
  const streams = known.get(lake) ?? new Map<string, SharedWork<Stream>>();
  known.set(lake, streams);
  const key = JSON.stringify([version, selection, order]);
  const found =
    streams.get(key) ??
    new SharedWork(async (signal) => Stream.of(await Scope.of(lake, selection), order, { signal }));
  streams.delete(key);
  streams.set(key, found);
  for (const oldest of streams.keys()) {
    if (streams.size <= KEPT) break;
    streams.delete(oldest);
  }
  return found;
}
