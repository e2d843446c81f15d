import type { Dialect } from "../engine/dialect.js";
import type { QueryOptions } from "../engine/engine.js";
import { rowCount } from "../frame/selection.js";
import type { AnalysisSource } from "./analysis-input.js";
import { ColumnsUsed } from "./columns-used.js";
import { type PropertySql, propertySql } from "./property-sql.js";

/** Which values are wanted. */
export interface PropertyValueOptions extends QueryOptions {
  /** Only values that have this text in them, in any case. Default: all. */
  readonly search?: string | undefined;
  /** At most so many. Default 100. */
  readonly limit?: number | undefined;
}

/** A value as text, and the events that have it. */
export interface PropertyValueCount {
  /** Null stands for `(none)`: the property is not there, or is null. */
  readonly value: string | null;
  readonly events: number;
}

/** Values of a property, the most frequent first. */
export interface PropertyValues {
  readonly values: readonly PropertyValueCount[];
  /** True if there are more than the limit. */
  readonly cut: boolean;
}

/**
 * The values of a column or property among the events of a lake or frame, the most frequent first, then by text. The name is
 * one as filters have it, and so is a value: pick it, and `is` finds its events. Of a list each item counts.
 * Throws UsageError, QueryError, CancelledError.
 */
export async function propertyValues(
  source: AnalysisSource,
  property: string,
  options: PropertyValueOptions = {},
): Promise<PropertyValues> {
  const limit = rowCount(options.limit ?? 100, "limit");
  const selection = "frame" in source ? source.frame() : source;
  const { engine } = await selection.allEvents(["uuid"]);
  const { dialect } = engine;
  const used = new ColumnsUsed();
  const found = propertySql(property, dialect, used);
  const events = await selection.events(used.names, selection.range.bounds);
  const { search = "" } = options;
  const where =
    search === "" ? "true" : dialect.contains("lower(value)", `lower(${dialect.literal(search)})`);
  const sql = valuesSql(found, events.sql, dialect, { where, limit: limit + 1 });
  const rows = (await engine.query(sql, events.params, options)).rows();
  return {
    values: rows
      .slice(0, limit)
      .map(([value, n]) => ({ value: value === null ? null : String(value), events: Number(n) })),
    cut: rows.length > limit,
  };
}

/** A row for each `value` of `property` in the rows of `events`, with their number `n`, the most frequent first. */
export function valuesSql(
  { text, isList = "false" }: PropertySql,
  events: string,
  dialect: Dialect,
  { where, limit }: { readonly where: string; readonly limit: number },
): string {
  const items = `CASE WHEN listed THEN ${dialect.filledOr(dialect.jsonItems("value"), "NULL")} ELSE ${dialect.list(["value"])} END`;
  return `WITH texts AS (
  SELECT ${text} AS value, ${isList} AS listed, count(*) AS n FROM (${events}) AS events GROUP BY 1, 2
), items AS (SELECT ${dialect.unnest(items)} AS value, n FROM texts)
SELECT value, CAST(sum(n) AS BIGINT) AS n FROM items WHERE ${where} GROUP BY value ORDER BY n DESC, value LIMIT ${limit}`;
}
