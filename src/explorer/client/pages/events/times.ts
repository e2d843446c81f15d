import type { Api } from "../../../api.js";

/** When the events of a selection happened: how many in each of many steps of equal length. */
export type Times = Api["times"]["out"];

/** The moment at a share, 0 to 1, of the time from the first to the last step, as ISO text in UTC. */
export function timeAt({ from, to }: Times, share: number): string | undefined {
  if (from === null || to === null) return undefined;
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return new Date(first + (last - first) * share).toISOString();
}

/** Which share of the time lies before `time`. */
export function shareOf({ from, to }: Times, time: string): number {
  if (from === null || to === null) return 0;
  const [first, last] = [Date.parse(from), Date.parse(to)];
  return Math.max(0, Math.min(1, (Date.parse(time) - first) / Math.max(1, last - first)));
}

/** The number of the row that lies at a share of the time, as near as the steps tell. */
export function rowAt({ counts, total, withoutTime }: Times, share: number, descending: boolean): number {
  const at = Math.max(0, Math.min(1, share)) * counts.length;
  const step = Math.min(counts.length - 1, Math.floor(at));
  const before = counts.slice(0, Math.max(0, step)).reduce((sum, count) => sum + count, 0);
  const older = Math.round(before + (counts[step] ?? 0) * (at - step));
  const row = descending ? total - withoutTime - older : older;
  return Math.max(0, Math.min(total - 1, row));
}
