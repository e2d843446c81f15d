import type {
  SessionLengthsOptions,
  SessionLengthsRow,
  SessionsOptions,
  SessionsRow,
} from "../../../src/analyses/sessions.js";
import {
  allGroups,
  DAY,
  type Done,
  dateOf,
  inOrder,
  inRange,
  isActive,
  isIn,
  isIncomplete,
  piecesOf,
  segmentsOf,
  usersOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

interface Session {
  readonly first: Done;
  /** Microseconds. */
  readonly length: bigint;
}

/** The sessions of these active events, wherever they begin; the longest is a day long. */
function sessionsOf(active: readonly Done[], lengthFrom: "first event" | "session_id"): Session[] {
  const inSession = active.filter(({ event }) => event.session_id !== null && event.session_id !== -1n);
  const sessions = new Map<string, Done[]>();
  for (const done of inSession) {
    const key = `${done.user} ${done.event.session_id}`;
    sessions.set(key, [...(sessions.get(key) ?? []), done]);
  }
  return [...sessions.values()]
    .map((all): Session => {
      const times = all.map(({ event }) => event.client_event_time ?? event.event_time);
      const earliest = times.reduce((a, b) => (a < b ? a : b));
      const latest = times.reduce((a, b) => (a > b ? a : b));
      const first = all[0]!;
      const length = latest - (lengthFrom === "session_id" ? first.event.session_id! * 1000n : earliest);
      return { first, length: length < 0n ? 0n : length };
    })
    .filter(({ length }) => length <= DAY);
}

export function sessions<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: SessionsOptions<G> = {},
): SessionsRow<G>[] {
  const { interval = "day", lengthFrom = "first event", groupBy } = options;
  const active = inOrder(events, setting, options).filter((done) => isActive(done, options));
  const rows: SessionsRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = active.filter((done) => segment.fits(done));
    const begun = sessionsOf(fitting, lengthFrom).filter(({ first }) => inRange(first, setting));
    const within = fitting.filter((done) => inRange(done, setting));
    for (const group of allGroups(within, groupBy)) {
      for (const piece of piecesOf(setting, interval, options)) {
        const counted = begun.filter(({ first }) => inRange(first, piece) && isIn(first, group, groupBy));
        const users = usersOf(
          within.filter((done) => inRange(done, piece) && isIn(done, group, groupBy)),
        ).size;
        const timeSpent = seconds(counted.reduce((sum, { length }) => sum + length, 0n));
        rows.push({
          time: piece.label,
          start: dateOf(piece.from),
          segment: segment.name,
          sessions: counted.length,
          activeUsers: users,
          timeSpent,
          averageLength: counted.length === 0 ? null : timeSpent / counted.length,
          sessionsPerUser: users === 0 ? null : counted.length / users,
          timePerUser: users === 0 ? null : timeSpent / users,
          incomplete: isIncomplete(piece, setting),
          ...group,
        });
      }
    }
  }
  return rows;
}

const BINS = [0, 3, 10, 30, 60, 180, 600, 1800, 3600, 86_400];

export function sessionLengths<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: SessionLengthsOptions<G> = {},
): SessionLengthsRow<G>[] {
  const { bins = BINS, lengthFrom = "first event", groupBy } = options;
  const active = inOrder(events, setting, options).filter((done) => isActive(done, options));
  const rows: SessionLengthsRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const begun = sessionsOf(
      active.filter((done) => segment.fits(done)),
      lengthFrom,
    ).filter(({ first }) => inRange(first, setting));
    const firsts = begun.map(({ first }) => first);
    for (const group of allGroups(firsts, groupBy)) {
      const lengths = begun
        .filter(({ first }) => isIn(first, group, groupBy))
        .map(({ length }) => seconds(length));
      for (const [i, from] of bins.slice(0, -1).entries()) {
        const to = bins[i + 1]!;
        const inBin = lengths.filter(
          (length) => length >= from && (length < to || (to === 86_400 && length === to)),
        );
        rows.push({
          segment: segment.name,
          from,
          to,
          sessions: inBin.length,
          share: lengths.length === 0 ? null : inBin.length / lengths.length,
          ...group,
        });
      }
    }
  }
  return rows;
}

function seconds(microseconds: bigint): number {
  return Number(microseconds) / 1e6;
}
