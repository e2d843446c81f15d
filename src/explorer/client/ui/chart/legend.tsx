import { shown } from "../text.js";

/** Names of series with their colours; a click hides or shows one. */
export function Legend({
  items,
  hidden,
  onTurn,
}: {
  items: readonly { readonly name: string; readonly color: string }[];
  hidden: ReadonlySet<string>;
  onTurn: (name: string) => void;
}) {
  return (
    <div class="legend">
      {items.map(({ name, color }) => (
        <button key={name} type="button" aria-pressed={!hidden.has(name)} onClick={() => onTurn(name)}>
          <span class="swatch" style={{ background: color }} />
          <span class="legend-name" title={shown(name)}>
            {shown(name)}
          </span>
        </button>
      ))}
    </div>
  );
}

/** `set` with `name`, or without it if it was there. */
export function turned(set: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(name)) next.add(name);
  return next;
}
