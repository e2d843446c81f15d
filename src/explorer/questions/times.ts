import { isoMicros } from "./cells.js";
import type { Question } from "./question.js";
import { NEWEST_FIRST } from "./stream/order.js";
import { streamOf } from "./stream/streams.js";
import type { TimeRuns } from "./stream/time-runs.js";

const MOST_STEPS = 2_000;

/** How many events a selection has, and when they happened. */
export const answer: Question<"times"> = async (given, { opened, signal }) => {
  const steps = given.wholeNumber("steps", MOST_STEPS, 200);
  const stream = await (await streamOf(opened, given.selection(), NEWEST_FIRST, signal)).get(signal);
  const { times } = stream;
  return { total: stream.total, ...countsOf(times, Math.max(1, steps)) };
};

/** The events of each of so many steps of equal length, from the first to the last time. */
function countsOf(times: TimeRuns | undefined, steps: number) {
  const length = times?.length ?? 0;
  const timed = length > 0 && times?.timeOf(length - 1) === undefined ? length - 1 : length;
  const [first, last] = [times?.timeOf(timed - 1), times?.timeOf(0)];
  if (times === undefined || first?.from === undefined || last?.until === undefined) {
    return { from: null, to: null, counts: [], withoutTime: times?.total ?? 0 };
  }
  const [from, until] = [first.from, last.until];
  const counts = new Array<number>(steps).fill(0);
  for (let i = 0; i < timed; i++) {
    const at = times.timeOf(i)?.from ?? from;
    const step = Number(((at - from) * BigInt(steps)) / (until - from));
    counts[step] = (counts[step] ?? 0) + times.run(i).rows;
  }
  const withoutTime = times.total - times.startOf(timed);
  return { from: isoMicros(from), to: isoMicros(until), counts, withoutTime };
}
