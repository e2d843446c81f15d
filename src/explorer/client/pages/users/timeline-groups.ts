import type { TimelineEvent, UserSession } from "../../../api.js";

/** Neighbouring events of one session, or outside of any, the newest first. */
export interface TimelineGroup {
  readonly key: string;
  readonly session: UserSession | undefined;
  readonly events: readonly [TimelineEvent, ...TimelineEvent[]];
}

/** Cuts events, the newest first, where the session changes. */
export function timelineGroups(
  events: readonly TimelineEvent[],
  sessions: ReadonlyMap<string, UserSession>,
): TimelineGroup[] {
  const groups: { session: string | null; events: [TimelineEvent, ...TimelineEvent[]] }[] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (last !== undefined && last.session === event.session) last.events.push(event);
    else groups.push({ session: event.session, events: [event] });
  }
  return groups.map(({ session, events }) => ({
    key: events[0].uuid,
    session: session === null ? undefined : sessions.get(session),
    events,
  }));
}
