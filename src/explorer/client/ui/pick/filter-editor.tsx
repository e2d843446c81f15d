import { useState } from "preact/hooks";
import { FILTER_OPERATORS } from "../../../../browser.js";
import type { Selection } from "../../../api.js";
import { shown } from "../text.js";
import { PropertyPicker } from "./property-picker.js";
import { type PickValue, ValuePicker } from "./value-picker.js";

/** A condition on a property. */
export type Filter = NonNullable<Selection["filters"]>[number];
type Operator = NonNullable<Filter["op"]>;

interface FilterEditorProps {
  /** The filter that is changed. */
  readonly filter?: Filter | undefined;
  /** The property of a new filter; without it, and without a filter, it is picked first. */
  readonly property?: string | undefined;
  /** Of which values are counted. */
  readonly selection?: Selection | undefined;
  /** Event properties of this event type only. */
  readonly event?: string | undefined;
  readonly onDone: (filter: Filter) => void;
}

const COMPARES = new Set<Operator>(["less", "less or equal", "greater", "greater or equal"]);
const PATTERNS = new Set<Operator>([
  ...([
    "contains",
    "does not contain",
    "starts with",
    "does not start with",
    "glob match",
    "glob does not match",
  ] as const),
]);

/** Picks a property, an operator and values. */
export function FilterEditor({ filter, property: given, selection, event, onDone }: FilterEditorProps) {
  const [property, setProperty] = useState(filter?.property ?? given);
  const [op, setOp] = useState<Operator>(filter?.op ?? "is");
  const [values, setValues] = useState<readonly PickValue[]>(filter ? [filter.value ?? null].flat() : []);
  if (property === undefined) return <PropertyPicker event={event} onPick={setProperty} />;
  const typed = COMPARES.has(op) || PATTERNS.has(op);
  const done = () => onDone({ property, op, value: values.length === 1 ? values[0]! : values });
  return (
    <form
      class="filter-editor"
      onSubmit={(submit) => {
        submit.preventDefault();
        if (values.length > 0) done();
      }}
    >
      <div class="filter-editor-head">
        <strong title={shown(property)}>{shown(property)}</strong>
        <select
          class="field"
          aria-label="Operator"
          value={op}
          onChange={({ currentTarget }) => {
            const next = FILTER_OPERATORS.find((one) => one === currentTarget.value) ?? "is";
            if (COMPARES.has(next) !== COMPARES.has(op) || PATTERNS.has(next) !== PATTERNS.has(op))
              setValues([]);
            setOp(next);
          }}
        >
          {FILTER_OPERATORS.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {typed ? (
        <TypedValue
          key={op}
          op={op}
          value={values[0] ?? null}
          onChange={(value) => setValues(value === null ? [] : [value])}
        />
      ) : (
        <ValuePicker
          key={property}
          property={property}
          selection={selection}
          picked={values}
          onChange={setValues}
        />
      )}
      <div class="form-foot">
        <button type="submit" class="button primary" disabled={values.length === 0}>
          {filter ? "Change" : "Add filter"}
        </button>
      </div>
    </form>
  );
}

interface TypedValueProps {
  readonly op: Operator;
  readonly value: PickValue;
  readonly onChange: (value: string | number | null) => void;
}

function TypedValue({ op, value, onChange }: TypedValueProps) {
  const text = value === null ? "" : String(value);
  if (!COMPARES.has(op)) {
    return (
      <input
        class="field"
        data-autofocus
        aria-label="Value"
        placeholder={op.startsWith("glob") ? "A pattern with * and ?" : "A text"}
        value={text}
        onInput={({ currentTarget }) => onChange(currentTarget.value || null)}
      />
    );
  }
  return (
    <input
      class="field"
      type="number"
      data-autofocus
      step="any"
      aria-label="Value"
      placeholder="A number"
      value={text}
      onInput={({ currentTarget }) =>
        onChange(currentTarget.value === "" ? null : Number(currentTarget.value))
      }
    />
  );
}
