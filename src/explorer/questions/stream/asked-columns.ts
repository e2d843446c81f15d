import { type Column, type ColumnName, FIELDS, type PropertyOptions, UsageError } from "../../../index.js";

const COLUMNS: readonly string[] = [...FIELDS.map(({ name }) => name), "extra", "upload_date"];
const MOST = 200;

/** What is shown of events: columns, and properties as JSON, in the order in which they were asked for. */
export interface AskedColumns {
  readonly columns: readonly ColumnName[];
  readonly properties: readonly PropertyOptions[];
  /** For each that was asked for: what it is called, and in the query. */
  readonly names: readonly { readonly asked: string; readonly inQuery: string }[];
}

/** Reads the names of columns and properties. Throws UsageError if one is named twice, or there are none. */
export function askedColumns(names: readonly string[]): AskedColumns {
  if (names.length === 0 || names.length > MOST || new Set(names).size < names.length) {
    throw new UsageError(
      "The columns are none, too many, or not all different.",
      `Ask for up to ${MOST}, each once.`,
    );
  }
  const isColumn = (name: string): name is ColumnName => COLUMNS.includes(name);
  const asked = names.map((name, i) => ({ asked: name, inQuery: isColumn(name) ? name : `property_${i}` }));
  return {
    columns: names.filter(isColumn),
    properties: asked.flatMap(({ asked: property, inQuery }) =>
      isColumn(property) ? [] : [{ property, as: inQuery, type: "json" as const }],
    ),
    names: asked,
  };
}

/** The columns of a result as they were asked for. */
export function asAsked(found: readonly Column[], { names }: AskedColumns): Column[] {
  return found.map((column, i) => ({ ...column, name: names[i]?.asked ?? column.name }));
}
