import { useState } from "preact/hooks";
import { changeSelection } from "../state/selection.js";
import { EventPicker } from "../ui/pick/event-picker.js";

/** Picks the event types of the selection. */
export function EventsChoice({ picked, onDone }: { picked: readonly string[]; onDone: () => void }) {
  const [events, setEvents] = useState(picked);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
        changeSelection({ events: events.length > 0 ? events : undefined });
      }}
    >
      <EventPicker
        picked={events}
        onPick={(name) =>
          setEvents(events.includes(name) ? events.filter((one) => one !== name) : [...events, name])
        }
      />
      <div class="form-foot">
        <button type="submit" class="button primary">
          {events.length === 0 ? "All event types" : `Show ${events.length}`}
        </button>
      </div>
    </form>
  );
}
