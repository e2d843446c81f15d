import { useEffect, useMemo, useState } from "preact/hooks";
import type { Cell, Selection } from "../../../api.js";
import { useAnswer } from "../use-answer.js";
import { foundOptions, type PickOption } from "./option.js";
import { PickList } from "./pick-list.js";

/** A value that filters compare with; null is `(none)`. */
export type PickValue = string | number | boolean | null;

interface ValuePickerProps {
  readonly property: string;
  readonly selection?: Selection | undefined;
  readonly picked: readonly PickValue[];
  readonly onChange: (values: readonly PickValue[]) => void;
}

const PAUSE = 200;

/** The most frequent values of a property, with how many events have them; others are found by searching, or taken as typed. */
export function ValuePicker({ property, selection, picked, onChange }: ValuePickerProps) {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data, loading, fault } = useAnswer("values", {
    property,
    limit: 200,
    ...(selection && { selection }),
    ...(search !== "" && { search }),
  });
  // What is there already is narrowed at once: Enter must not pick what no longer fits.
  const options = useMemo(
    () => foundOptions(optionsOf(data?.values ?? [], picked), typed),
    [data, picked, typed],
  );
  const keys = useMemo(() => new Set(picked.map((value) => JSON.stringify(value))), [picked]);
  const pick = ({ key, detail }: PickOption) => {
    const value = detail === "as typed" ? key : pickedValue(key);
    const has = picked.some((one) => one === value);
    onChange(has ? picked.filter((one) => one !== value) : [...picked, value]);
  };
  return (
    <PickList
      label={`Value of ${property}`}
      placeholder="Search values"
      options={options}
      loading={loading || typed !== search}
      fault={fault}
      picked={keys}
      onPick={pick}
      onSearch={setTyped}
      free
      empty="No such value in the selection."
    />
  );
}

function optionsOf(
  found: readonly { value: Cell; events: number }[],
  picked: readonly PickValue[],
): PickOption[] {
  const options = found.flatMap(({ value, events }) => {
    const plain = isPickValue(value) ? value : JSON.stringify(value);
    return [{ key: JSON.stringify(plain), label: labelOf(plain), count: events }];
  });
  const known = new Set(options.map(({ key }) => key));
  const others = picked.map((value) => ({ key: JSON.stringify(value), label: labelOf(value) }));
  return [...others.filter(({ key }) => !known.has(key)), ...options];
}

/** A value as text: `(none)` where there is none. */
export function labelOf(value: PickValue): string {
  return value === null ? "(none)" : String(value);
}

function pickedValue(key: string): PickValue {
  const value: unknown = JSON.parse(key);
  return isPickValue(value) ? value : key;
}

function isPickValue(value: unknown): value is PickValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
