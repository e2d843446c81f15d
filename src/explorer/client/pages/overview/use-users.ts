import { useEffect, useRef, useState } from "preact/hooks";
import type { Selection } from "../../../api.js";
import { ask, isAbort } from "../../api.js";
import { lakeVersion } from "../../state/lake.js";
import { useStore } from "../../state/store.js";
import { withoutPick } from "./split.js";

type Counts = ReadonlyMap<string | number | null, number>;
/** Users by chart: `total`, `time` and the dimensions; what is missing is still counted. */
export type Users = Readonly<Record<string, Counts>>;

const REST = 250;
const kept = new Map<string, Counts>();
const MOST_KEPT = 200;

/**
 * Users, counted exactly by the server chart after chart, once the selection has rested. A chart whose selection did not change
 * keeps its figures; of the others nothing is shown until they are right. Nothing is counted before `ready`: events come first.
 */
export function useUsers(
  selection: Selection,
  dimensions: readonly string[],
  step: number,
  zoom: Selection,
  ready: boolean,
): Users {
  const version = useStore(lakeVersion);
  const [, draw] = useState(0);
  const charts = ["total", "time", ...dimensions];
  const questions = charts.map((chart) => {
    const own = chart === "total" ? selection : withoutPick(selection, chart);
    const input = {
      selection: { ...(own.from === undefined && own.to === undefined ? zoom : {}), ...own },
      ...(chart === "time" ? { step } : chart === "total" ? {} : { property: chart }),
    };
    return { chart, input, key: `${version} ${JSON.stringify(input)}` };
  });
  const all = questions.map(({ key }) => key).join("\n");
  const asked = useRef(questions);
  asked.current = questions;
  useEffect(() => {
    if (version < 0 || !ready || all === "") return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      for (const { input, key } of asked.current) {
        if (kept.has(key)) continue;
        try {
          const { counts } = await ask("user-counts", input, stop.signal);
          keep(key, new Map(counts.map(({ value, users }) => [value, users])));
          draw((n) => n + 1);
        } catch (fault) {
          if (isAbort(fault) || stop.signal.aborted) return;
        }
      }
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [all, version, ready]);
  return Object.fromEntries(
    questions.flatMap(({ chart, key }) => (kept.has(key) ? [[chart, kept.get(key)!]] : [])),
  );
}

function keep(key: string, counts: Counts): void {
  kept.set(key, counts);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
}
