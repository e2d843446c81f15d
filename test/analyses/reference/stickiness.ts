import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { StickinessOptions, StickinessRow } from "../../../src/analyses/stickiness.js";
import {
  allGroups,
  type Done,
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
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export function stickiness<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  options: StickinessOptions<G> = {},
): StickinessRow<G>[] {
  const { interval = "week", groupBy } = options;
  const all = inOrder(events, setting, options).filter(
    (done) => inRange(done, setting) && fitsChoice(done, event, options),
  );
  const pieces = piecesOf(setting, interval, options);
  const complete = pieces.filter((piece) => !isIncomplete(piece, setting));
  const rows: StickinessRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => segment.fits(done));
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((done) => isIn(done, group, groupBy));
      /** For each user of the interval, on how many days he did it. */
      const daysIn = (piece: Piece) => [...daysOfUsers(grouped, piece, options).values()];
      const add = (time: string | null, of: readonly Piece[], incomplete: boolean) => {
        const counts = of.flatMap(daysIn);
        const most = Math.max(
          ...(time === null && interval === "month" ? [31] : []),
          ...of.map((piece) => piecesOf(piece, "day", options).length),
          ...(interval === "week" ? [7] : []),
        );
        for (let days = 1; days <= most; days++) {
          const users = counts.filter((count) => count === days).length;
          const usersAtLeast = counts.filter((count) => count >= days).length;
          rows.push({
            time,
            start: time === null ? null : dateOf(of[0]!.from),
            segment: segment.name,
            days,
            users,
            share: counts.length === 0 ? null : users / counts.length,
            usersAtLeast,
            shareAtLeast: counts.length === 0 ? null : usersAtLeast / counts.length,
            incomplete,
            ...group,
          });
        }
      };
      add(null, complete, false);
      for (const piece of pieces) add(piece.label, [piece], isIncomplete(piece, setting));
    }
  }
  return rows;
}

function daysOfUsers(
  all: readonly Done[],
  piece: Piece,
  options: StickinessOptions<string>,
): Map<bigint, number> {
  const days = new Map<bigint, Set<string>>();
  for (const done of all) {
    if (!inRange(done, piece)) continue;
    const daysOfUser = days.get(done.user) ?? new Set();
    days.set(done.user, daysOfUser.add(pieceOf(done.at, "day", options).label));
  }
  return new Map([...days].map(([user, set]) => [user, set.size]));
}
