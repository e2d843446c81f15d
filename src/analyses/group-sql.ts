import type { Dialect } from "../engine/dialect.js";
import { UsageError } from "../errors/index.js";
import type { ColumnsUsed } from "./columns-used.js";
import { propertySql } from "./property-sql.js";

/** Properties by whose values rows are told apart. */
export interface Groups {
  readonly names: readonly string[];
  /** Their columns in SQL. */
  readonly columns: readonly string[];
  /** The columns as the first SELECT has them: a value, or a list of values. */
  readonly select: Readonly<Record<string, string>>;
  /** The rows of `table`, which has those columns and `others`, with a row for each value. */
  spread(table: string, others: readonly string[]): string;
}

/**
 * Reads `groupBy`. `items`: whether equal items of a list are told each or once. `of`: only events with this condition need
 * have groups. Throws UsageError if a property is named twice, or more than `most` are.
 */
export function groupsOf(
  groupBy: string | readonly string[] | undefined,
  dialect: Dialect,
  used: ColumnsUsed,
  most = 5,
  items: "each" | "once" = "each",
  of?: string,
): Groups {
  const names = groupBy === undefined ? [] : [groupBy].flat();
  if (names.length > most)
    throw new UsageError(`groupBy has ${names.length} properties.`, `Give at most ${most}.`);
  if (new Set(names).size < names.length)
    throw new UsageError("groupBy has a property twice.", "Name each once.");
  const derive = (sql: string): string =>
    used.derive(of === undefined ? sql : `CASE WHEN ${of} THEN ${sql} END`);
  const found = names.map((name) => propertySql(name, dialect, used, derive));
  const columns = names.map((_, i) => `g${i}`);
  const listOf = (list: string): string => (items === "once" ? dialect.distinctItems(list) : list);
  return {
    names,
    columns,
    select: Object.fromEntries(
      found.map(({ group, groups }, i) => [`g${i}`, groups === undefined ? group : listOf(groups)]),
    ),
    // One unnest a SELECT: two in one would go side by side.
    spread: (table, others) =>
      found.reduce((rows, { groups }, i) => {
        if (groups === undefined) return rows;
        const kept = [...others, ...columns.filter((_, other) => other !== i)].join(", ");
        return `(SELECT ${kept}, ${dialect.unnest(`g${i}`)} AS g${i} FROM ${rows} AS r${i})`;
      }, table),
  };
}
