import type { RefObject } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { PickOption } from "./option.js";

/** In pixels. */
export const OPTION_HEIGHT = 30;
const GROUP_HEIGHT = 28;
const MORE = 200;

/** Something in the list: an option, or a group's name. */
export type PickRow =
  | { readonly option: PickOption; readonly index: number; readonly top: number }
  | { readonly option: undefined; readonly group: string; readonly top: number };

/** Of a list in a box that scrolls the rows that are visible, and the height of all; the option `at` is kept visible. */
export function useOptionWindow(
  box: RefObject<HTMLElement | null>,
  options: readonly PickOption[],
  at: number,
) {
  const [top, setTop] = useState(0);
  const { rows, height, places } = useMemo(() => laidOut(options), [options]);
  useEffect(() => {
    const element = box.current;
    const place = places[at];
    if (!element || place === undefined) return;
    const first = at === 0 ? 0 : place;
    if (first < element.scrollTop) element.scrollTop = first;
    else if (place + OPTION_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = place + OPTION_HEIGHT - element.clientHeight;
  }, [box, at, places]);
  const view = box.current?.clientHeight ?? 320;
  return {
    height,
    shown: rows.filter((row) => row.top > top - MORE && row.top < top + view + MORE),
    follow: () => setTop(box.current?.scrollTop ?? 0),
  };
}

function laidOut(options: readonly PickOption[]): { rows: PickRow[]; height: number; places: number[] } {
  const rows: PickRow[] = [];
  const places: number[] = [];
  let [top, group] = [0, ""];
  for (const [index, option] of options.entries()) {
    if (option.group !== undefined && option.group !== group) {
      group = option.group;
      rows.push({ option: undefined, group, top });
      top += GROUP_HEIGHT;
    }
    rows.push({ option, index, top });
    places.push(top);
    top += OPTION_HEIGHT;
  }
  return { rows, height: top, places };
}
