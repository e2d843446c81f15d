import { type Hour, type HourRange, hoursIn, settledAt } from "../hour.js";
import type { HourAccount } from "../lake/account.js";
import { type HourState, isWithoutAnswer, isWithoutOwnRows } from "../lake/hour-states.js";

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
 * What an answer says of each hour of its window: held where it has events, else empty; an hour whose rows are
 * there already stays held, for no answer without events takes any out. An hour is provisional if it had not
 * settled; one without events also until that has been found a day later, for Amplitude does not guarantee when an
 * hour is loaded. A 404 must be seen twice, a day apart, since it also means "not loaded yet"; of an hour that is
 * still settling it says nothing, and the hour gets no mark.
 * Who asks before the usual three hours is given provisional hours, whatever `settleHours` says.
 */
export function hourMarks(
  answer: AnswerTo,
  hasEvents: (hour: Hour) => boolean,
  before: ReadonlyMap<Hour, HourState>,
  settleHours?: number,
): Map<Hour, Mark> {
  const { window, kind, askedAt } = answer;
  const marks = new Map<Hour, Mark>();
  for (const hour of hoursIn(window)) {
    const settled = Math.max(settledAt(hour), settledAt(hour, settleHours));
    if (hasEvents(hour)) marks.set(hour, mark("held", askedAt < settled));
    else if (askedAt >= settledAt(hour, settleHours)) {
      const state = before.get(hour);
      const hasRows = state !== undefined && !isWithoutOwnRows(state);
      const lateEnough = !hasRows && kind === "archive" && askedAt >= settled + DAY_MS;
      const isConfirmed = lateEnough || wasEmptyADayBefore(state, askedAt);
      marks.set(hour, mark(hasRows ? "held" : "empty", askedAt < settled || !isConfirmed));
    }
  }
  return marks;
}

function wasEmptyADayBefore(state: HourState | undefined, askedAt: number): boolean {
  if (!state?.at || (state.state !== "empty" && state.state !== "held")) return false;
  return isWithoutAnswer(state) && Date.parse(state.at) + DAY_MS <= askedAt;
}

function mark(name: "held" | "empty", provisional: boolean): Mark {
  return provisional ? { mark: name, provisional } : { mark: name };
}
