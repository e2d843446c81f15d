import type {
  EngagementOptions,
  EngagementRow,
  UsageIntervalOptions,
  UsageIntervalRow,
} from "../../../src/analyses/engagement.js";
import type { EventChoice } from "../../../src/analyses/event-choice.js";
import {
  allGroups,
  dateOf,
  fitsChoice,
  inOrder,
  inRange,
  isIn,
  isIncomplete,
  type Piece,
  pieceOf,
  piecesOf,
  segmentsOf,
  usersOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export function engagement<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  options: EngagementOptions<G> = {},
): EngagementRow<G>[] {
  const { count = "times", interval, buckets, groupBy } = options;
  const all = inOrder(events, setting, options).filter(
    (done) => inRange(done, setting) && fitsChoice(done, event, options),
  );
  const whole: Piece = { label: "", from: setting.from, until: setting.until };
  const pieces = interval === undefined ? [whole] : piecesOf(setting, interval, options);
  const rows: EngagementRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => segment.fits(done));
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((done) => isIn(done, group, groupBy));
      for (const piece of pieces) {
        const within = grouped.filter((done) => inRange(done, piece));
        const counts = [...usersOf(within)].map((user) => {
          const mine = within.filter((done) => done.user === user);
          if (count === "times") return mine.length;
          return new Set(mine.map(({ at }) => pieceOf(at, "day", options).label)).size;
        });
        const numbers = [...new Set(counts)].sort((a, b) => a - b);
        for (const [from, to] of buckets ?? numbers.map((n) => [n, n] as const)) {
          const users = counts.filter((n) => n >= from && (to === null || n <= to)).length;
          rows.push({
            time: interval === undefined ? null : piece.label,
            start: interval === undefined ? null : dateOf(piece.from),
            segment: segment.name,
            from,
            to,
            users,
            share: counts.length === 0 ? null : users / counts.length,
            incomplete: isIncomplete(piece, setting),
            ...group,
          });
        }
      }
    }
  }
  return rows;
}

export function usageInterval(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  options: UsageIntervalOptions = {},
): UsageIntervalRow[] {
  const all = inOrder(events, setting, options).filter(
    (done) => inRange(done, setting) && fitsChoice(done, event, options),
  );
  const rows: UsageIntervalRow[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => segment.fits(done));
    const medians = [...usersOf(fitting)].flatMap((user) => {
      const labels = fitting
        .filter((done) => done.user === user)
        .map(({ at }) => pieceOf(at, "day", options).label);
      const days = [...new Set(labels)].map((label) => Date.parse(label) / 86_400_000);
      const gaps = days.slice(1).map((day, i) => day - days[i]!);
      return gaps.length === 0 ? [] : [Math.ceil(medianOf(gaps))];
    });
    for (let days = 1; days <= Math.max(0, ...medians); days++) {
      const users = medians.filter((median) => median === days).length;
      const usersAtMost = medians.filter((median) => median <= days).length;
      rows.push({
        segment: segment.name,
        days,
        users,
        share: users / medians.length,
        usersAtMost,
        shareAtMost: usersAtMost / medians.length,
      });
    }
  }
  return rows;
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!;
}
