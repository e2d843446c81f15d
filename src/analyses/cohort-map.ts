import { EVERYONE } from "./analysis-input.js";
import type { HeatMap } from "./chart.js";

type Cells = HeatMap["rows"][number]["cells"];

/** The cohorts of one segment and group. */
export interface CohortLine {
  readonly segment: string;
  readonly labels: readonly string[];
  /** `cohort` null is all together. */
  readonly rows: readonly { readonly cohort: string | null; readonly size: number; readonly cells: Cells }[];
}

/**
 * A heat map of cohorts: of one line all of its rows; of several that of all together, for they are there to be compared. Columns
 * at the end of which no cell is known are left out.
 */
export function cohortMap(
  { title, unit, columns }: Pick<HeatMap, "title" | "unit" | "columns">,
  lines: readonly CohortLine[],
): HeatMap {
  const isOne = lines.length === 1;
  const rows = lines.flatMap(({ segment, labels, rows }) =>
    rows.flatMap(({ cohort, size, cells }) => {
      if (!isOne && cohort !== null) return [];
      const line = [...(segment === EVERYONE ? [] : [segment]), ...labels];
      const name = isOne ? [...line, cohort ?? "All together"] : line;
      return [{ name: name.join(" · "), size, cells }];
    }),
  );
  const known = columns.findLastIndex((_, i) => rows.some(({ cells }) => (cells[i]?.value ?? null) !== null));
  const shown = known < 0 ? columns.length : known + 1;
  return {
    ...{ kind: "heat map", title, unit, columns: columns.slice(0, shown) },
    rows: rows.map((row) => ({ ...row, cells: row.cells.slice(0, shown) })),
  };
}
