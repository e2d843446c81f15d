import { useMemo } from "preact/hooks";
import { propertyNamed } from "../../ui/event/property-name.js";
import { ValueRow } from "../../ui/event/value-row.js";
import { parseJson } from "../../ui/json/parse.js";

const SOURCE = "user_properties";

/** A user's properties as of the newest event. */
export function UserProperties({ json }: { json: string | null }) {
  const node = useMemo(() => parseJson(json ?? "{}"), [json]);
  const entries = node.kind === "object" ? node.entries : [];
  return (
    <section aria-label="Properties now">
      <div class="side-head">
        <h2>Properties now</h2>
      </div>
      {entries.length === 0 && <p class="muted">The newest event has none.</p>}
      <ul class="json-values">
        {entries.map(([key, value], i) => (
          <ValueRow
            key={i}
            label={key}
            node={value}
            name={propertyNamed(SOURCE, [key])}
            inside={{ source: SOURCE, path: [key] }}
          />
        ))}
      </ul>
    </section>
  );
}
