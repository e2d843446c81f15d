import type { Column } from "../engine/column-type.js";
import { identifier } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";
import { columnOf, type Derivation } from "./derivation.js";
import { unknownName } from "./selection.js";

/** How rows are put in order. */
export interface OrderOptions {
  /** Whether the greatest come first: for all columns, or for each in their order. Default false. */
  readonly descending?: boolean | readonly boolean[] | undefined;
  /** Where rows without a value stand, whichever way the others go. Default `last`. */
  readonly nulls?: "first" | "last" | undefined;
}

const OPTION_NAMES: readonly string[] = ["descending", "nulls"];
const NULLS: readonly string[] = ["first", "last"];

/** All rows, by the first of `names`, then by the next. Throws UsageError. */
export function ordering(
  columns: readonly Column[],
  names: readonly string[],
  { descending = false, nulls = "last", ...others }: OrderOptions,
): Derivation {
  for (const name of Object.keys(others)) throw unknownName("option", name, OPTION_NAMES);
  if (!NULLS.includes(nulls)) throw unknownName("place of nulls", nulls, NULLS);
  if (names.length === 0) throw new UsageError("orderBy names no column.", "Name the column to order by.");
  const down = typeof descending === "boolean" ? names.map(() => descending) : descending;
  if (down.length !== names.length) {
    throw new UsageError(
      `descending has ${down.length} values for ${names.length} column${names.length === 1 ? "" : "s"}.`,
      "Give one for each column, or one for all.",
    );
  }
  const terms = names.map((name, i) => {
    const column = identifier(columnOf(columns, name).name);
    return `${column} ${down[i] ? "DESC" : "ASC"} NULLS ${nulls.toUpperCase()}`;
  });
  return {
    schema: columns,
    sql: (source) => `SELECT * FROM ${source} ORDER BY ${terms.join(", ")}`,
  };
}
