import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { LifecycleOptions, LifecycleRow } from "../../../src/analyses/lifecycle.js";
import {
  dateOf,
  durationOf,
  firstEvents,
  fitsChoice,
  inOrder,
  inRange,
  isCensored,
  isIncomplete,
  type Piece,
  pieceOf,
  piecesOf,
  segmentsOf,
  usersOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export function lifecycle(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  options: LifecycleOptions = {},
): LifecycleRow[] {
  const { interval = "day", history = "30d" } = options;
  const all = inOrder(events, setting, options);
  const first = firstEvents(events, setting, options);
  const before = (piece: Piece) => pieceOf(piece.from - 1n, interval, options);
  const rows: LifecycleRow[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter((done) => segment.fits(done) && fitsChoice(done, event, options));
    const whole = (piece: Piece) => usersOf(fitting.filter((done) => inRange(done, piece)));
    /** How many of the users, who all did the event in `piece`, are in each state there. */
    const states = (users: Iterable<bigint>, piece: Piece) => {
      const earlier = whole(before(piece));
      const counts = { new: 0, current: 0, resurrected: 0 };
      for (const user of users) {
        if (inRange({ at: first.get(user)!.event_time }, piece)) counts.new++;
        else if (earlier.has(user)) counts.current++;
        else counts.resurrected++;
      }
      return counts;
    };
    for (const piece of piecesOf(setting, interval, options)) {
      const now = usersOf(fitting.filter((done) => inRange(done, piece) && inRange(done, setting)));
      const last = before(piece);
      const gone = [...whole(last)].filter((user) => !now.has(user));
      const [active, dormant] = [states(now, piece), states(gone, last)];
      rows.push({
        time: piece.label,
        start: dateOf(piece.from),
        segment: segment.name,
        newUsers: active.new,
        currentUsers: active.current,
        resurrectedUsers: active.resurrected,
        dormantUsers: gone.length,
        dormantNew: dormant.new,
        dormantCurrent: dormant.current,
        dormantResurrected: dormant.resurrected,
        pulse: gone.length === 0 ? null : (active.new + active.resurrected) / gone.length,
        incomplete: isIncomplete(piece, setting),
        censored:
          isCensored(piece.from, setting, history) ||
          (durationOf(history) > 0n && last.from < setting.dataFrom),
      });
    }
  }
  return rows;
}
