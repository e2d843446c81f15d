import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { TimelineEvent, UserSession } from "../../../api.js";
import { ask, isAbort } from "../../api.js";
import { lakeVersion } from "../../state/lake.js";
import { useStore } from "../../state/store.js";

/** What was read of a timeline, from the newest event on. */
export interface ReadTimeline {
  readonly events: readonly TimelineEvent[];
  readonly sessions: ReadonlyMap<string, UserSession>;
  /** Whether older events were not read yet. */
  readonly cut: boolean;
}

const STEP = 200;
const NOTHING: ReadTimeline = { events: [], sessions: new Map(), cut: true };

/** Reads a user's events as they are asked for, of some event types or of all. */
export function useTimeline(amplitudeId: string, types: readonly string[]) {
  const version = useStore(lakeVersion);
  const key = JSON.stringify([version, amplitudeId, types]);
  const [state, setState] = useState<{ key: string; read: ReadTimeline; fault?: unknown }>({
    key,
    read: NOTHING,
  });
  const running = useRef<AbortController>(undefined);
  const current = state.key === key ? state : { key, read: NOTHING };
  const now = useRef(current);
  now.current = current;
  const more = useCallback(() => {
    const { key, read } = now.current;
    if (running.current !== undefined || !read.cut) return;
    const stop = new AbortController();
    running.current = stop;
    const chosen = types.length > 0 ? { events: types } : {};
    ask("timeline", { amplitudeId, ...chosen, offset: read.events.length, limit: STEP }, stop.signal).then(
      ({ events, sessions, cut }) => {
        running.current = undefined;
        const all = new Map(read.sessions);
        for (const session of sessions) all.set(session.id, session);
        setState({ key, read: { events: [...read.events, ...events], sessions: all, cut } });
      },
      (fault: unknown) => {
        if (isAbort(fault)) return;
        running.current = undefined;
        setState({ key, read, fault });
      },
    );
  }, [amplitudeId, types]);
  useEffect(() => {
    more();
    return () => {
      running.current?.abort();
      running.current = undefined;
    };
  }, [key, more]);
  return { read: current.read, fault: "fault" in current ? current.fault : undefined, more };
}
