import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { FaultNote } from "../fault-note.js";
import { Icon } from "../icon.js";
import { short, shown } from "../text.js";
import { foundOptions, type PickOption } from "./option.js";
import { OPTION_HEIGHT, useOptionWindow } from "./use-option-window.js";

interface PickListProps {
  /** What is picked: the search field's name. */
  readonly label: string;
  readonly options: readonly PickOption[];
  readonly loading?: boolean | undefined;
  readonly fault?: unknown;
  /** Keys that are picked already; with it each option has a check mark, and Enter or a click turns it. */
  readonly picked?: ReadonlySet<string> | undefined;
  readonly onPick: (option: PickOption) => void;
  /** Is told what is searched; the options are then those that were found elsewhere. */
  readonly onSearch?: ((text: string) => void) | undefined;
  /** What was typed may be taken as it is. */
  readonly free?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly empty?: string | undefined;
}

/** A search field above a list of any length. Arrow keys move, Enter picks. */
export function PickList(props: PickListProps) {
  const { label, options, loading, fault, picked, onPick, onSearch, free } = props;
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const found = useMemo(() => {
    const list = onSearch ? options : foundOptions(options, search);
    const isNew = free && search !== "" && !list.some(({ label: name }) => name === search);
    return isNew ? [...list, { key: search, label: search, detail: "as typed" }] : list;
  }, [options, search, free, onSearch]);
  const rows = useOptionWindow(box, found, at);
  useEffect(() => setAt(0), [search]);
  const key = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 8,
      PageUp: at - 8,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, to)));
      return;
    }
    const option = found[at];
    if (event.key === "Enter" && option) {
      event.preventDefault();
      onPick(option);
    }
  };
  return (
    <div class="pick">
      <div class="pick-search">
        <Icon name="search" />
        <input
          type="text"
          ref={field}
          role="combobox"
          data-autofocus
          aria-label={label}
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
          autoComplete="off"
          spellcheck={false}
          placeholder={props.placeholder ?? label}
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            onSearch?.(event.currentTarget.value);
          }}
          onKeyDown={key}
        />
        {loading && <span class="spinner" aria-hidden="true" />}
      </div>
      {fault !== undefined && <FaultNote fault={fault} />}
      <div class="pick-list" ref={box} onScroll={rows.follow} tabIndex={-1}>
        <div
          id={id}
          role="listbox"
          aria-label={label}
          aria-multiselectable={picked !== undefined}
          style={{ height: rows.height }}
        >
          {rows.shown.map((row) =>
            row.option === undefined ? (
              <p key={`group ${row.group}`} class="pick-group" role="presentation" style={{ top: row.top }}>
                {row.group}
              </p>
            ) : (
              <div
                key={row.option.key}
                id={`${id}-${row.index}`}
                class={`pick-option ${row.index === at ? "at" : ""}`}
                role="option"
                aria-selected={picked ? picked.has(row.option.key) : row.index === at}
                style={{ top: row.top, height: OPTION_HEIGHT }}
                onPointerMove={() => setAt(row.index)}
                onClick={() => onPick(row.option)}
              >
                {picked && (
                  <span class="pick-mark">{picked.has(row.option.key) && <Icon name="check" />}</span>
                )}
                <span class="pick-label" title={shown(row.option.label)}>
                  {shown(row.option.label)}
                </span>
                {row.option.detail && <span class="pick-detail">{row.option.detail}</span>}
                {row.option.count !== undefined && <span class="pick-count">{short(row.option.count)}</span>}
              </div>
            ),
          )}
        </div>
      </div>
      {found.length === 0 && fault === undefined && (
        <p class="pick-empty muted">{loading ? "Looking…" : (props.empty ?? "Nothing found.")}</p>
      )}
    </div>
  );
}
