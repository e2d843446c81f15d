import type { TimeBounds } from "../engine/lake-view.js";
import type { AnalysisInput } from "./analysis-input.js";
import { ColumnsUsed } from "./columns-used.js";
import { filtersSql } from "./filter-sql.js";
import type { Named } from "./named.js";
import { propertySql } from "./property-sql.js";
import { valuesSql } from "./property-values.js";

/** So many events are looked at first: what occurs at all mostly is among them. */
const FEW = 100_000;
/** Of so many events the values are told, of which one may have been meant. */
const SOME = 200_000;
const MOST_VALUES = 1_000;

/** Which of `wanted` no event within `bounds` has, whatever is selected. One reading of the events for all of them. */
export async function missingOf(
  wanted: readonly Named[],
  bounds: TimeBounds,
  { dialect, selection, queryOptions }: AnalysisInput,
): Promise<readonly Named[]> {
  let left = wanted;
  for (const limit of [FEW, undefined]) {
    if (left.length === 0) return left;
    const used = new ColumnsUsed();
    const conditions = left.map((one) => occursSql(one, used, dialect));
    const types = left.some(({ kind, of }) => kind !== "event" && of === undefined)
      ? undefined
      : left.flatMap(({ kind, name, of = [] }) => (kind === "event" ? [name] : of));
    const where = types === undefined ? "" : ` WHERE ${amongSql(types, used, dialect)}`;
    const { engine, sql, params } = await selection.allEvents(used.names, bounds);
    const some = `SELECT * FROM (${sql}) AS events${where}${limit === undefined ? "" : ` LIMIT ${limit}`}`;
    const found = conditions.map((condition) => `max(CASE WHEN ${condition} THEN 1 ELSE 0 END)`);
    const asked = `SELECT count(*), ${found.join(", ")} FROM (${some}) AS some_events`;
    const [[count, ...occur] = []] = (await engine.query(asked, params, queryOptions)).rows();
    left = left.filter((_, i) => Number(occur[i] ?? 0) === 0);
    if (limit !== undefined && Number(count) < limit) return left;
  }
  return left;
}

/** Values that some of the events within `bounds` have, where `named` looks for its own; the most frequent first. */
export async function someValues(
  { name, of }: Named,
  bounds: TimeBounds,
  { dialect, selection, queryOptions }: AnalysisInput,
): Promise<readonly string[]> {
  const used = new ColumnsUsed();
  const property = propertySql(name, dialect, used);
  const where = of === undefined ? "" : ` WHERE ${amongSql(of, used, dialect)}`;
  const { engine, sql, params } = await selection.allEvents(used.names, bounds);
  const some = `SELECT * FROM (${sql}) AS events${where} LIMIT ${SOME}`;
  const asked = valuesSql(property, some, dialect, { where: "value IS NOT NULL", limit: MOST_VALUES });
  return (await engine.query(asked, params, queryOptions)).rows().map(([value]) => String(value));
}

/** Whether an event has it; the events that are asked are those of its types. */
function occursSql(named: Named, used: ColumnsUsed, dialect: AnalysisInput["dialect"]): string {
  const { kind, name, of } = named;
  if (kind === "event") return amongSql([name], used, dialect);
  const has =
    kind === "value"
      ? (filtersSql([{ property: name, value: named.value }], dialect, used) ?? "true")
      : `${propertySql(name, dialect, used).text} IS NOT NULL`;
  // CASE, so that the JSON of other events is not read.
  return of === undefined ? has : `CASE WHEN ${amongSql(of, used, dialect)} THEN ${has} ELSE false END`;
}

function amongSql(types: readonly string[], used: ColumnsUsed, dialect: AnalysisInput["dialect"]): string {
  const type = dialect.identifier(used.add("event_type"));
  return `${type} IN (${[...new Set(types)].map(dialect.literal).join(", ")})`;
}
