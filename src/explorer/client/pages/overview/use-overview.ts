import { useMemo, useRef } from "preact/hooks";
import type { Selection } from "../../../api.js";
import { lake } from "../../state/lake.js";
import { usePageState } from "../../state/page-state.js";
import { selection as selectionStore } from "../../state/selection.js";
import { useStore } from "../../state/store.js";
import { isoText, utc } from "../../ui/time/range.js";
import { useAnswer } from "../../ui/use-answer.js";
import { type Span, splitOf, stepOf } from "./split.js";

const FIXED = ["event_type", "platform", "country", "version_name"];

/** What the overview needs: the cube of what the server must filter, and what is picked out of it. */
export function useOverview() {
  const selection = useStore(selectionStore);
  const facts = useStore(lake);
  const [by, setBy] = usePageState("by", "os_name");
  const [zoom, setZoom] = usePageState("zoom");
  const dimensions = useMemo(() => [...FIXED, ...(FIXED.includes(by) ? [] : [by])], [by]);
  const span = useMemo(() => spanOf(zoom, selection, facts), [zoom, selection, facts]);
  const step = stepOf(span ?? { from: 0, to: 1 });
  const split = useMemo(() => splitOf(selection, dimensions, step), [selection, dimensions, step]);
  const kept = useKept(split.picked);
  const zoomed = zoom === "" || !split.time ? split.base : { ...split.base, ...zoomRange(zoom) };
  const answer = useAnswer(
    "overview",
    facts &&
      span && { selection: zoomed, dimensions, step, ...(Object.keys(kept).length > 0 && { keep: kept }) },
  );
  return {
    selection,
    by,
    setBy,
    zoom,
    setZoom,
    dimensions,
    step,
    split,
    answer,
    isEmpty: facts?.from === null,
  };
}

/** What was ever picked is kept apart, so that taking a pick back needs no new cube. */
function useKept(picked: ReadonlyMap<string, readonly (string | null)[]>): Record<string, string[]> {
  const seen = useRef<Record<string, string[]>>({});
  return useMemo(() => {
    for (const [property, values] of picked) {
      const texts = values.filter((value) => value !== null);
      const before = seen.current[property] ?? [];
      if (texts.some((text) => !before.includes(text)))
        seen.current = { ...seen.current, [property]: [...new Set([...before, ...texts])].sort() };
    }
    return seen.current;
  }, [picked]);
}

function zoomRange(zoom: string): Pick<Selection, "from" | "to"> {
  const [from, to] = zoom.split("..");
  return { from, to };
}

/** The zoom, else a selected time that no step fits, else the whole lake. */
function spanOf(
  zoom: string,
  { from, to }: Selection,
  facts: { from: string | null; to: string | null } | undefined,
): Span | undefined {
  if (!facts || facts.from === null || facts.to === null) return undefined;
  const all = { from: Date.parse(utc(facts.from)), to: Date.parse(utc(facts.to)) };
  const [zoomFrom, zoomTo] = zoom.split("..").map((time) => Date.parse(utc(time)));
  if (zoomFrom !== undefined && zoomTo !== undefined && zoomTo > zoomFrom)
    return { from: zoomFrom, to: zoomTo };
  const step = stepOf(all);
  const fits = splitOf({ from, to }, [], step).time !== undefined;
  if (fits || (from === undefined && to === undefined)) return all;
  const chosen = {
    from: from === undefined ? all.from : Date.parse(utc(from)),
    to: to === undefined ? all.to : Date.parse(utc(to)),
  };
  return chosen.to > chosen.from ? chosen : all;
}

/** A span as the page's address has it. */
export function zoomText({ from, to }: Span): string {
  return `${isoText(from)}..${isoText(to)}`;
}
