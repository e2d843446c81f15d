import { FIELDS } from "../../../../browser.js";
import type { SchemaFacts } from "../../../api.js";
import { go } from "../../state/route.js";
import { count, shown, timeText } from "../../ui/text.js";
import { selectionRoute } from "./selection-route.js";

type Property = SchemaFacts["properties"][number];

const MOST_EXAMPLES = 6;

/** The properties of an event type, of users or of groups: types, how many events have them, values to pick. */
export function PropertyList({ properties, empty }: { properties: readonly Property[]; empty: string }) {
  if (properties.length === 0) return <p class="muted">{empty}</p>;
  return (
    <ul class="schema-properties">
      {properties.map((property) => (
        <li key={`${property.column} ${property.name}`}>
          <PropertyRow property={property} />
        </li>
      ))}
    </ul>
  );
}

function PropertyRow({ property }: { property: Property }) {
  const { name, type, drift, fill, kinds, distinct, distinctIsExact, min, max } = property;
  const percent = fill * 100;
  const range = min === null || max === null ? "" : ` · ${number(min)} to ${number(max)}`;
  return (
    <article class="schema-property">
      <div class="schema-property-head">
        <h3>{shown(name)}</h3>
        <code>{type}</code>
        {drift && (
          <span
            class="schema-drift"
            title={Object.entries(kinds)
              .map(([kind, n]) => `${kind}: ${count(n ?? 0)}`)
              .join(", ")}
          >
            several types
          </span>
        )}
      </div>
      <div class="schema-fill" title={`${count(property.count)} events have it`}>
        <span class="schema-bar" aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </span>
        <span>{percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} % filled</span>
      </div>
      <p class="muted schema-facts">
        {distinctIsExact ? "" : "about "}
        {count(distinct)} different{range} · {timeText(property.firstSeen, true)} to{" "}
        {timeText(property.lastSeen, true)}
      </p>
      <Examples property={property} />
    </article>
  );
}

/** Values; a click looks at the events that have one. Lists and objects are no values to filter by. */
function Examples({ property }: { property: Property }) {
  const { values, examples, event, name, column } = property;
  const some = (values ?? examples).slice(0, MOST_EXAMPLES);
  // A column of that name would be meant.
  const isColumn = FIELDS.some((field) => field.name === name);
  const where =
    isColumn || !(column === "event_properties" || name.startsWith(`${column}.`))
      ? `${column}.${name}`
      : name;
  const events = event === null ? undefined : [event];
  return (
    <div class="schema-values">
      {some.map(({ value, count: n }) => {
        const text = shown(value);
        const isCut = value.length >= 80;
        const plain = !isCut && !/^[[{]/.test(value);
        const label = n === null ? text : `${text}  ${count(n)}`;
        return plain ? (
          <button
            key={value}
            type="button"
            class="schema-value"
            title={`Look at the events with ${text}`}
            onClick={() => go(selectionRoute({ events, filters: [{ property: where, op: "is", value }] }))}
          >
            {label}
          </button>
        ) : (
          <span key={value} class="schema-value still">
            {label}
          </span>
        );
      })}
      {(values?.length ?? 0) > MOST_EXAMPLES && (
        <span class="muted">and {(values?.length ?? 0) - MOST_EXAMPLES} more</span>
      )}
    </div>
  );
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}
