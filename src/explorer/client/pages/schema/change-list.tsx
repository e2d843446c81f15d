import type { SchemaFacts } from "../../../api.js";
import { shown } from "../../ui/text.js";

const WORDS = { new: "new", gone: "gone", retyped: "other type" } as const;
const SHOWN = 100;

/** What changed over time: event types and properties that came, went, or have values of another type. */
export function ChangeList({ changes }: { changes: SchemaFacts["changes"] }) {
  if (changes.length === 0) return <p class="muted">Nothing came, went or changed its type.</p>;
  const newest = [...changes].reverse();
  return (
    <>
      <ul class="schema-changes">
        {newest.slice(0, SHOWN).map(({ day, change, event, property, from, to }) => (
          <li key={`${day} ${change} ${event} ${property}`}>
            <time class="muted">{day}</time>
            <span class={`schema-change ${change}`}>{WORDS[change]}</span>
            <span>
              {[event, property].flatMap((name) => (name === null ? [] : [shown(name)])).join(" · ")}
              {from !== null && to !== null && <span class="muted"> {`${from} → ${to}`}</span>}
            </span>
          </li>
        ))}
      </ul>
      {newest.length > SHOWN && <p class="muted">and {newest.length - SHOWN} older ones</p>}
    </>
  );
}
