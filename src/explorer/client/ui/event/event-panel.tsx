import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Cell } from "../../../api.js";
import { pageRoute } from "../../state/selection.js";
import { copyText } from "../copy-text.js";
import { FaultNote } from "../fault-note.js";
import { Icon } from "../icon.js";
import { Link } from "../link.js";
import { shown, timeText } from "../text.js";
import { useAnswer } from "../use-answer.js";
import { eventJson } from "./event-json.js";
import { sectionsOf } from "./sections.js";
import { type ValueActions, ValueRow } from "./value-row.js";

interface EventPanelProps extends ValueActions {
  readonly uuid: string;
  /** Its `event_time`, by which it is found sooner; empty if not known. */
  readonly time: string;
  readonly onClose: () => void;
  /** Goes to the next (1) or the one before (-1); absent where there is none. */
  readonly onStep?: ((by: number) => void) | undefined;
}

/** One event with all that it has, beside the table: each value can be copied, filtered by, or made a column. */
export function EventPanel({ uuid, time, onClose, onStep, columns, onColumn }: EventPanelProps) {
  const { data, loading, fault, retry } = useAnswer("event", { uuid, ...(time !== "" && { time }) });
  const event = data?.event.uuid === uuid ? data.event : undefined;
  const sections = useMemo(() => (event === undefined ? [] : sectionsOf(event)), [event]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const key = (pressed: KeyboardEvent) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    if (pressed.key === "Escape") onClose();
    else if (pressed.target === panel.current && pressed.key === "ArrowDown") onStep?.(1);
    else if (pressed.target === panel.current && pressed.key === "ArrowUp") onStep?.(-1);
    else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  };
  return (
    <aside
      class="event-panel"
      aria-label="Event"
      ref={panel}
      tabIndex={-1}
      aria-busy={loading}
      onKeyDown={key}
    >
      <header class="event-head">
        <div class="event-title">
          <h2>{event ? shown(textOf(event.event_type)) : "\u00a0"}</h2>
          <p class="muted">
            {typeof event?.event_time === "string"
              ? `${timeText(event.event_time)}${event.event_time.slice(19, 23)} UTC`
              : "\u00a0"}
          </p>
        </div>
        <div class="event-buttons">
          {onStep && (
            <>
              <button
                type="button"
                class="icon-button turned"
                aria-label="Event before"
                title="Event before (↑)"
                onClick={() => onStep(-1)}
              >
                <Icon name="down" />
              </button>
              <button
                type="button"
                class="icon-button"
                aria-label="Next event"
                title="Next event (↓)"
                onClick={() => onStep(1)}
              >
                <Icon name="down" />
              </button>
            </>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label="Close event"
            title="Close (Escape)"
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        </div>
      </header>
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      {event && (
        <>
          <div class="event-actions">
            {event.amplitude_id !== undefined && (
              <Link class="button" to={pageRoute("users", { user: String(event.amplitude_id) })}>
                <Icon name="users" />
                This user
              </Link>
            )}
            <button
              type="button"
              class="button"
              onClick={() => copyText(eventJson(event), "The event was copied as JSON.")}
            >
              <Icon name="clipboard" />
              Copy as JSON
            </button>
          </div>
          <div class="event-sections">
            {sections.map(({ title, entries }) => (
              <section key={title} aria-label={title}>
                <h3>{title}</h3>
                <ul class="json-values">
                  {entries.map((entry, i) => (
                    <ValueRow key={i} {...entry} columns={columns} onColumn={onColumn} />
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </>
      )}
    </aside>
  );
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "string" ? cell : "";
}
