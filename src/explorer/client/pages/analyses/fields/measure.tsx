import { PropertyPicker } from "../../../ui/pick/property-picker.js";
import { Popover } from "../../../ui/popover.js";
import { shown } from "../../../ui/text.js";

const PLAIN = [
  ["uniques", "Users"],
  ["totals", "Events"],
  ["average", "Events a user"],
  ["active %", "% of active users"],
] as const;
const OF_PROPERTY = [
  ["sum", "Sum of"],
  ["average", "Average of"],
  ["median", "Median of"],
  ["percentile", "90th percentile of"],
  ["min", "Least"],
  ["max", "Greatest"],
  ["distinct", "Different values of"],
  ["sumPerUser", "Sum a user of"],
] as const;

interface MeasureFieldProps {
  readonly value: unknown;
  /** The event type whose properties are offered. */
  readonly event?: string | undefined;
  readonly onChange: (measure: unknown) => void;
}

/** What is counted: users, events, or a number of a property. */
export function MeasureField({ value, event, onChange }: MeasureFieldProps) {
  const [name, property] = readMeasure(value);
  const asked = OF_PROPERTY.some(([one]) => `of ${one}` === name);
  return (
    <span class="field-row">
      <select
        class="field"
        aria-label="Measured as"
        value={name}
        onChange={({ currentTarget }) => {
          const next = currentTarget.value;
          if (!next.startsWith("of ")) onChange(next === "uniques" ? undefined : next);
          else onChange(measureOf(next.slice(3), property ?? ""));
        }}
      >
        {PLAIN.map(([one, title]) => (
          <option key={one} value={one}>
            {title}
          </option>
        ))}
        {OF_PROPERTY.map(([one, title]) => (
          <option key={one} value={`of ${one}`}>
            {title} …
          </option>
        ))}
      </select>
      {asked && (
        <Popover label="Property to measure" button={property ? shown(property) : "Choose a property"}>
          {(close) => (
            <PropertyPicker
              event={event}
              onPick={(picked) => {
                onChange(measureOf(name.slice(3), picked));
                close();
              }}
            />
          )}
        </Popover>
      )}
    </span>
  );
}

/** Whether the measure lacks its property. */
export function isUnfinished(measure: unknown): boolean {
  return readMeasure(measure)[1] === "";
}

function measureOf(name: string, property: string): object {
  return name === "percentile" ? { percentile: property, p: 90 } : { [name]: property };
}

function readMeasure(value: unknown): [name: string, property: string | undefined] {
  if (typeof value === "string") return [value, undefined];
  if (typeof value === "object" && value !== null) {
    const found = Object.entries(value).find(([name]) => OF_PROPERTY.some(([one]) => one === name));
    if (found) return [`of ${found[0]}`, String(found[1])];
  }
  return ["uniques", undefined];
}
