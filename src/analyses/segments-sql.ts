import type { AnalysisInput } from "./analysis-input.js";
import type { ColumnsUsed } from "./columns-used.js";

/** The segments of an analysis in SQL. */
export interface SegmentsSql {
  readonly names: readonly string[];
  /** The columns that say whether a row is in a segment, for the first SELECT; none if one condition says it for all rows. */
  readonly select: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** That condition; undefined if all rows are looked at. */
  readonly where: string | undefined;
  /** The rows of `table` that have those columns, once for each segment that they are in, with its number as `segment`. */
  pick(columns: readonly string[], table: string): string;
}

/** Reads the segments of `input`, whose conditions are on every row, or (`some`) only on some of them. Throws UsageError. */
export function segmentsSql(
  input: AnalysisInput,
  used: ColumnsUsed,
  on: "all" | "some" = "all",
): SegmentsSql {
  const segments = input.segments.map(({ name, condition }) => ({
    name,
    sql: condition(input.dialect, used),
  }));
  const [first] = segments;
  const alone = on === "all" && segments.length === 1;
  const told = alone ? [] : segments.flatMap(({ sql }, i) => (sql === undefined ? [] : [[`s${i}`, sql]]));
  const select: Record<string, string> = Object.fromEntries(told);
  return {
    names: segments.map(({ name }) => name),
    select,
    columns: Object.keys(select),
    where: alone ? first?.sql : undefined,
    pick: (columns, table) =>
      segments
        .map((_, i) => {
          const where = `s${i}` in select ? ` WHERE s${i}` : "";
          return `SELECT ${[`${i} AS segment`, ...columns].join(", ")} FROM ${table}${where}`;
        })
        .join("\n  UNION ALL "),
  };
}
