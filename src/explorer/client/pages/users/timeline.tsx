import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { TimelineEvent } from "../../../api.js";
import { JsonPreview } from "../../ui/event/json-preview.js";
import { FaultNote } from "../../ui/fault-note.js";
import { counted, shown, timeText } from "../../ui/text.js";
import { ChangeText } from "./change-text.js";
import { durationText } from "./gaps.js";
import { type TimelineGroup, timelineGroups } from "./timeline-groups.js";
import { useTimeline } from "./use-timeline.js";

interface TimelineProps {
  readonly amplitudeId: string;
  /** Only events of these types; none for all. */
  readonly types: readonly string[];
  readonly open: string | undefined;
  readonly onOpen: (event: TimelineEvent) => void;
}

/** Seconds without an event that are told within a session. */
const LONG_GAP = 60;
/** More changes at once are folded: at the first event all properties are new. */
const MOST_CHANGES = 4;

/** What a user did, by session, the newest first; older events are read when they come near. */
export function Timeline({ amplitudeId, types, open, onOpen }: TimelineProps) {
  const { read, fault, more } = useTimeline(amplitudeId, types);
  const groups = useMemo(() => timelineGroups(read.events, read.sessions), [read]);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = end.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) more();
      },
      { rootMargin: "1500px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [more, read]);
  const whole = types.length === 0;
  return (
    <div class="timeline" aria-busy={read.cut}>
      {groups.map((group, i) => (
        <SessionBlock
          key={group.key}
          group={group}
          later={whole ? groups[i - 1] : undefined}
          gaps={whole}
          open={open}
          onOpen={onOpen}
        />
      ))}
      {fault !== undefined && <FaultNote fault={fault} retry={more} />}
      {!read.cut && read.events.length === 0 && <p class="muted">No such event.</p>}
      <div ref={end} class="timeline-end muted">
        {fault !== undefined
          ? ""
          : read.cut
            ? "Reading older events…"
            : groups.length > 0
              ? "The first event."
              : ""}
      </div>
    </div>
  );
}

interface SessionProps {
  readonly group: TimelineGroup;
  /** The group above, which is later; undefined where what lies between is not known. */
  readonly later: TimelineGroup | undefined;
  readonly gaps: boolean;
  readonly open: string | undefined;
  readonly onOpen: (event: TimelineEvent) => void;
}

function SessionBlock({ group: { session, events }, later, gaps, open, onOpen }: SessionProps) {
  const [newest] = events;
  const away = later?.events.at(-1)?.gap;
  return (
    <>
      {typeof away === "number" && away >= LONG_GAP && (
        <p class="timeline-away">{durationText(away)} later</p>
      )}
      <section
        class="session"
        aria-label={session ? `Session of ${timeText(session.from)}` : "Outside of sessions"}
      >
        <header class="session-head">
          <h2>{timeText(session?.from ?? newest.time).slice(0, 16)}</h2>
          <p class="muted">
            {session
              ? `${durationText((Date.parse(session.to) - Date.parse(session.from)) / 1000)} · ${counted(session.events, "event")}`
              : "outside of sessions"}
            {newest.platform !== null && ` · ${shown(newest.platform)}`}
          </p>
        </header>
        <ol class="session-events">
          {events.map((event, i) => (
            <EventLine
              key={event.uuid}
              event={event}
              gap={gaps && i < events.length - 1 ? event.gap : null}
              isOpen={event.uuid === open}
              onOpen={() => onOpen(event)}
            />
          ))}
        </ol>
      </section>
    </>
  );
}

interface EventLineProps {
  readonly event: TimelineEvent;
  readonly gap: number | null;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

function EventLine({ event, gap, isOpen, onOpen }: EventLineProps) {
  const { changed } = event;
  const [all, setAll] = useState(false);
  const folded = !all && changed.length > MOST_CHANGES;
  return (
    <li class="timeline-event">
      <button
        type="button"
        class={`timeline-line ${isOpen ? "open" : ""}`}
        aria-pressed={isOpen}
        onClick={onOpen}
      >
        <time dateTime={event.time}>{event.time.slice(11, 19)}</time>
        <span class="timeline-type">{shown(event.type)}</span>
        {event.eventProperties !== null && event.eventProperties !== "{}" && (
          <span class="timeline-properties">
            <JsonPreview json={event.eventProperties} />
          </span>
        )}
      </button>
      {changed.length > 0 && (
        <ul class="changed">
          {folded ? (
            <li>
              <button type="button" class="text-button" onClick={() => setAll(true)}>
                {`${changed.length} user properties changed`}
              </button>
            </li>
          ) : (
            changed.map((change) => (
              <li key={change.property}>
                <ChangeText change={change} />
              </li>
            ))
          )}
        </ul>
      )}
      {gap !== null && gap >= LONG_GAP && <p class="timeline-gap muted">{durationText(gap)}</p>}
    </li>
  );
}
