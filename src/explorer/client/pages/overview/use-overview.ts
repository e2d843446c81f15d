import { useMemo, useRef } from "preact/hooks";
import type { Api, Selection } from "../../../api.js";
import { OVERVIEW_COLUMNS, stepOf } from "../../../first-overview.js";
import { lake } from "../../state/lake.js";
import { usePageState } from "../../state/page-state.js";
import { selection as selectionStore } from "../../state/selection.js";
import { useStore } from "../../state/store.js";
import { isoText, utc } from "../../ui/time/range.js";
import { useAnswer } from "../../ui/use-answer.js";
import { type Span, splitOf } from "./split.js";

/** The cube that is drawn, what it was asked for, and what is picked out of it. */
interface Drawn {
  readonly cube: Api["overview"]["out"] | undefined;
  readonly asked: string;
  readonly split: ReturnType<typeof splitOf>;
  readonly step: number;
}

/** What the overview needs: the cube of what the server must filter, and what is picked out of it. */
export function useOverview() {
  const selection = useStore(selectionStore);
  const facts = useStore(lake);
  const [by, setBy] = usePageState("by", "os_name");
  const [zoom, setZoom] = usePageState("zoom");
  const dimensions = useMemo(
    () => [...OVERVIEW_COLUMNS, ...(OVERVIEW_COLUMNS.includes(by) ? [] : [by])],
    [by],
  );
  const span = useMemo(() => spanOf(zoom, selection, facts), [zoom, selection, facts]);
  const step = stepOf(span ?? { from: 0, to: 1 });
  const split = useMemo(() => splitOf(selection, dimensions, step), [selection, dimensions, step]);
  const kept = useKept(split.picked);
  const zoomed = zoom === "" || !split.time ? split.base : { ...split.base, ...zoomRange(zoom) };
  const keep = Object.keys(kept).length > 0 ? { keep: kept } : {};
  const question = facts && span && { selection: zoomed, step, ...keep };
  // Four columns are counted much sooner than a property with them, and say the same unless it is picked.
  const isPicked = split.picked.has(by);
  const quick = useAnswer(
    "overview",
    isPicked ? undefined : question && { ...question, dimensions: OVERVIEW_COLUMNS },
  );
  const isQuickThere = quick.data !== undefined && !quick.loading;
  const full = useAnswer(
    "overview",
    isPicked || isQuickThere ? question && { ...question, dimensions } : undefined,
  );
  const isFullThere = full.data !== undefined && !full.loading;
  const loading = !isFullThere && !isQuickThere;
  // A cube is read with the steps that it was asked for: until one of other steps or events is there, those of the last stay.
  const asked = JSON.stringify([zoomed, step]);
  const drawn = useRef<Drawn>({ cube: undefined, asked, split, step });
  if (!loading) drawn.current = { cube: isFullThere ? full.data : quick.data, asked, split, step };
  else if (drawn.current.asked === asked) drawn.current = { ...drawn.current, split };
  const answer = {
    cube: drawn.current.cube,
    fault: quick.fault ?? full.fault,
    /** Whether what is shown is of an earlier selection. */
    loading,
    /** Whether all dimensions are there. */
    complete: isFullThere,
    retry: quick.fault === undefined ? full.retry : quick.retry,
  };
  return {
    selection,
    by,
    setBy,
    zoom,
    setZoom,
    dimensions,
    step: drawn.current.step,
    split: drawn.current.split,
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
