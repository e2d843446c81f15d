import { count, short, shown } from "../../ui/text.js";

interface ValueListProps {
  readonly property: string;
  readonly values: readonly (string | null)[];
  /** Events by the number of a value; the last are the others. */
  readonly events: ArrayLike<number>;
  /** The same without any pick: drawn behind. */
  readonly all: ArrayLike<number>;
  readonly users: ReadonlyMap<string | number | null, number> | undefined;
  readonly picked: ReadonlySet<number> | undefined;
  readonly onPick: (values: readonly (string | null)[]) => void;
}

/** Values of a dimension with their events and users; a click picks one or takes it out again. */
export function ValueList({ property, values, events, all, users, picked, onPick }: ValueListProps) {
  const most = Math.max(1, ...values.map((_, i) => Math.max(all[i] ?? 0, events[i] ?? 0)));
  const turn = (i: number) => {
    const next = new Set(picked);
    if (!next.delete(i)) next.add(i);
    onPick([...next].sort((a, b) => a - b).map((place) => values[place] ?? null));
  };
  const others = events[values.length] ?? 0;
  return (
    <>
      <p class="values-head" aria-hidden="true">
        <span>Events</span>
        <span>Users</span>
      </p>
      <ul class="values">
        {values.map((value, i) => {
          const isIn = !picked || picked.has(i);
          const name = value === null ? "(none)" : shown(value);
          const canPick = property === "event_type" ? value !== null : !isList(value);
          const counted = users?.get(value) ?? (users ? 0 : undefined);
          return (
            <li key={value}>
              <button
                type="button"
                class={`value ${isIn ? "" : "out"}`}
                aria-pressed={picked?.has(i) ?? false}
                disabled={!canPick}
                onClick={() => turn(i)}
              >
                <span class="value-name" title={name}>
                  {name}
                </span>
                <span class="value-events" title={count(events[i] ?? 0)}>
                  {short(events[i] ?? 0)}
                </span>
                <span class="value-users" title={counted === undefined ? "Being counted" : count(counted)}>
                  {counted === undefined ? "…" : short(counted)}
                </span>
                <span class="value-track" aria-hidden="true">
                  <span class="value-all" style={{ width: `${(100 * (all[i] ?? 0)) / most}%` }} />
                  <span class="value-bar" style={{ width: `${(100 * (events[i] ?? 0)) / most}%` }} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {(all[values.length] ?? 0) > 0 && <p class="values-rest muted">Others: {count(others)} events</p>}
    </>
  );
}

/** A list's JSON: `is` compares its items, not itself. */
function isList(value: string | null): boolean {
  try {
    return value?.startsWith("[") === true && Array.isArray(JSON.parse(value));
  } catch {
    return false;
  }
}
