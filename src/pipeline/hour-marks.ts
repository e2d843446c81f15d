import { type Hour, type HourRange, hoursIn, settledAt } from "../hour.js";
import type { HourAccount } from "../lake/account.js";
import { type HourState, isWithoutOwnRows } from "../lake/hour-states.js";

const DAY_MS = 86_400_000;

/** An answer of the Export API to a window: an archive, or 404. */
export interface AnswerTo {
  readonly window: HourRange;
  readonly kind: "archive" | "noData";
  /** When it was asked, in milliseconds since 1970. */
  readonly askedAt: number;
}

type Mark = Pick<HourAccount, "mark" | "provisional">;

/**
 * What an answer says of each hour of its window: held where it has events, else empty. An hour is provisional
 * if it had not settled; an empty one also until it has been found empty a day later, for Amplitude does not
 * guarantee when an hour is loaded. A 404 must be seen twice, a day apart, since it also means "not loaded yet".
 * Who asks before the usual three hours is given provisional hours, whatever `settleHours` says.
 */
export function hourMarks(
  answer: AnswerTo,
  hasEvents: (hour: Hour) => boolean,
  before: ReadonlyMap<Hour, HourState>,
  settleHours?: number,
): Map<Hour, Mark> {
  const { window, kind, askedAt } = answer;
  return new Map(
    hoursIn(window).map((hour): [Hour, Mark] => {
      const settled = Math.max(settledAt(hour), settledAt(hour, settleHours));
      if (hasEvents(hour)) return [hour, mark("held", askedAt < settled)];
      const state = before.get(hour);
      const asked = state?.state === "empty" || state?.state === "held" ? state.at : null;
      const seenEmpty = asked !== null && isWithoutOwnRows(state!) && Date.parse(asked) + DAY_MS <= askedAt;
      const lateEnough = kind === "archive" && askedAt >= settled + DAY_MS;
      return [hour, mark("empty", askedAt < settled || !(seenEmpty || lateEnough))];
    }),
  );
}

function mark(name: "held" | "empty", provisional: boolean): Mark {
  return provisional ? { mark: name, provisional } : { mark: name };
}
