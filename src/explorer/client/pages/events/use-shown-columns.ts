import { useCallback, useMemo } from "preact/hooks";
import { usePageState } from "../../state/page-state.js";
import { columnsOf, columnsText, type ShownColumn } from "./columns-param.js";

const DEFAULT: readonly ShownColumn[] = [
  { name: "event_time" },
  { name: "event_type" },
  { name: "user_id" },
  { name: "platform" },
  { name: "country" },
  { name: "event_properties" },
];

/** The columns of the table, as the URL says, and how to change them. */
export interface ShownColumns {
  readonly shown: readonly ShownColumn[];
  /** Whether they are the ones that are shown if none are chosen. */
  readonly isDefault: boolean;
  add(name: string): void;
  remove(name: string): void;
  /** One place to the start (-1) or to the end (1). */
  move(name: string, by: number): void;
  setWidth(name: string, width: number): void;
  reset(): void;
}

/** The columns in the URL. */
export function useShownColumns(): ShownColumns {
  const [text, setText] = usePageState("columns");
  const shown = useMemo(() => columnsOf(text) ?? DEFAULT, [text]);
  const set = useCallback(
    (next: readonly ShownColumn[], push = true) => {
      const isDefault = columnsText(next) === columnsText(DEFAULT);
      setText(isDefault ? "" : columnsText(next), { push });
    },
    [setText],
  );
  return useMemo(
    () => ({
      shown,
      isDefault: shown === DEFAULT,
      add(name) {
        if (!shown.some((one) => one.name === name)) set(inserted(shown, name));
      },
      remove(name) {
        if (shown.length > 1) set(shown.filter((one) => one.name !== name));
      },
      move(name, by) {
        const from = shown.findIndex((one) => one.name === name);
        const column = shown[from];
        if (column === undefined || shown[from + by] === undefined) return;
        const others = shown.toSpliced(from, 1);
        set(others.toSpliced(from + by, 0, column));
      },
      setWidth(name, width) {
        set(
          shown.map((one) => (one.name === name ? { name, width } : one)),
          false,
        );
      },
      reset() {
        set(DEFAULT);
      },
    }),
    [shown, set],
  );
}

/** A new column stands before the last one if that is the wide one with all properties. */
function inserted(shown: readonly ShownColumn[], name: string): readonly ShownColumn[] {
  const last = shown.at(-1)?.name;
  const isWide = last === "event_properties" || last === "user_properties";
  return shown.toSpliced(isWide ? -1 : shown.length, 0, { name });
}
