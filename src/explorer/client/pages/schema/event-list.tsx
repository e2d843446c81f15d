import type { SchemaFacts } from "../../../api.js";
import { count, short, shown, timeText } from "../../ui/text.js";
import { Sparkline } from "./sparkline.js";

interface EventListProps {
  readonly schema: SchemaFacts;
  readonly events: SchemaFacts["events"];
  readonly open: string;
  readonly onOpen: (event: string) => void;
}

/** The event types by their number: share, users, the last days, and since when. */
export function EventList({ schema, events, open, onOpen }: EventListProps) {
  const days = `${schema.trendDays[0] ?? ""} to ${schema.trendDays.at(-1) ?? ""}`;
  return (
    <table class="schema-events">
      <thead>
        <tr>
          <th scope="col">Event type</th>
          <th scope="col" class="end">
            Events
          </th>
          <th scope="col" class="end" title="Estimated: mostly within 3 %">
            Users, about
          </th>
          <th scope="col">Last days</th>
          <th scope="col" class="wide">
            First and last seen
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.name} class={event.name === open ? "open" : ""}>
            <th scope="row">
              <button
                type="button"
                class="schema-name"
                aria-pressed={event.name === open}
                onClick={() => onOpen(event.name)}
              >
                {shown(event.name)}
              </button>
            </th>
            <td
              class="end"
              title={`${count(event.count)} events, ${(event.share * 100).toFixed(2)} % of all`}
            >
              {short(event.count)}
            </td>
            <td class="end" title={`about ${count(event.users)}`}>
              {short(event.users)}
            </td>
            <td>
              <Sparkline values={event.trend} label={`Events a day from ${days}`} />
            </td>
            <td class="muted wide">
              {timeText(event.firstSeen, true)} – {timeText(event.lastSeen, true)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
