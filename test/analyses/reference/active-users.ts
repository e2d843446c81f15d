import type {
  ActiveUsersOptions,
  ActiveUsersRow,
  RollingActiveUsersOptions,
  RollingActiveUsersRow,
} from "../../../src/analyses/active-users.js";
import {
  allGroups,
  dateOf,
  firstEvents,
  inOrder,
  inRange,
  isActive,
  isCensored,
  isIn,
  isIncomplete,
  pieceOf,
  piecesOf,
  segmentsOf,
  usersOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export function activeUsers<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: ActiveUsersOptions<G> = {},
): ActiveUsersRow<G>[] {
  const { interval = "day", rolling = 1, groupBy, history } = options;
  const all = inOrder(events, setting, options);
  const first = firstEvents(events, setting, options);
  const rows: ActiveUsersRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => done.at < setting.until && segment.fits(done));
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((done) => isIn(done, group, groupBy));
      const rowsOfGroup = piecesOf(setting, interval, options).map((piece): ActiveUsersRow<G> => {
        let begin = piece;
        for (let i = 1; i < rolling; i++) begin = pieceOf(begin.from - 1n, interval, options);
        const counted = grouped.filter(
          (done) =>
            inRange(done, { from: begin.from, until: piece.until }) &&
            (rolling > 1 || done.at >= setting.from),
        );
        const fresh = counted.filter(({ at, user }) =>
          inRange({ at: first.get(user)!.event_time }, pieceOf(at, interval, options)),
        );
        return {
          time: piece.label,
          start: dateOf(piece.from),
          segment: segment.name,
          activeUsers: usersOf(counted.filter((done) => isActive(done, options))).size,
          newUsers: usersOf(fresh).size,
          incomplete:
            rolling === 1
              ? isIncomplete(piece, setting)
              : begin.from < setting.dataFrom ||
                piece.until > setting.until ||
                piece.until > setting.dataUntil,
          censored: isCensored(begin.from, setting, history),
          ...group,
        };
      });
      const isEmpty = rowsOfGroup.every((row) => row.activeUsers === 0 && row.newUsers === 0);
      if (Object.keys(group).length === 0 || !isEmpty) rows.push(...rowsOfGroup);
    }
  }
  return rows;
}

export function rollingActiveUsers<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: RollingActiveUsersOptions<G> = {},
): RollingActiveUsersRow<G>[] {
  const { groupBy } = options;
  const all = inOrder(events, setting, options).filter((done) => isActive(done, options));
  const rows: RollingActiveUsersRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => done.at < setting.until && segment.fits(done));
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((done) => isIn(done, group, groupBy));
      const rowsOfGroup = piecesOf(setting, "day", options).map((day): RollingActiveUsersRow<G> => {
        const back = (days: number) => {
          let begin = day;
          for (let i = 1; i < days; i++) begin = pieceOf(begin.from - 1n, "day", options);
          return begin.from;
        };
        const usersFrom = (from: bigint) =>
          usersOf(grouped.filter((done) => inRange(done, { from, until: day.until }))).size;
        return {
          time: day.label,
          start: dateOf(day.from),
          segment: segment.name,
          dau: usersFrom(day.from > setting.from ? day.from : setting.from),
          wau: usersFrom(back(7)),
          mau: usersFrom(back(30)),
          incomplete: isIncomplete(day, setting) || back(30) < setting.dataFrom,
          ...group,
        };
      });
      if (Object.keys(group).length === 0 || rowsOfGroup.some((row) => row.mau > 0))
        rows.push(...rowsOfGroup);
    }
  }
  return rows;
}
