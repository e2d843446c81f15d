import type { Engine, QueryOptions } from "../../engine/engine.js";
import { ROW_ORDER } from "../../engine/lake-view.js";
import { identifier, literal } from "../../engine/sql-text.js";
import type { Selection } from "../selection.js";
import { type PropertyColumn, propertySelects, withProperties } from "./columns.js";

/**
 * A frame with properties in parts, so that the properties of each different JSON object are taken out once: few objects
 * are different where events repeat, as views of a product do.
 */
export interface SharedObjects {
  readonly engine: Engine;
  /** The frame's last columns, in their order. */
  readonly properties: readonly PropertyColumn[];
  /** For each JSON column that properties are in: its different objects. */
  readonly objects: readonly ObjectsPart[];
  /**
   * The SELECT of all rows, in no order: an integer that rises in the frame's order, the columns but for the properties, then for
   * each of `objects` the number of the row's object, from 0, in the Parquet file at that place in `paths`, whose first
   * column is called `object`; null where the row has none.
   */
  rows(paths: readonly string[]): string;
}

/** The different objects of a JSON column. */
export interface ObjectsPart {
  /** The SELECT of the object's text, and then of `properties`. */
  readonly sql: string;
  readonly properties: readonly PropertyColumn[];
}

/** Events are looked at until so many were seen, and enough of them must be selected to tell whether objects repeat. */
const SAMPLED = 131_072;
const ENOUGH = 8_192;
/** Of so many events, one may have an object that none before had: above, finding the different ones costs more than it saves. */
const EVENTS_PER_OBJECT = 4;

/**
 * The parts of the frame that `selection` of `source` (a `numberedLakeSelect` in parentheses, called `events`) is with `properties`, whose
 * rows must depend on no condition of the caller's and no limit. Undefined where few objects repeat among the first events.
 */
export async function sharedObjects(
  engine: Engine,
  source: string,
  selection: Selection,
  properties: readonly PropertyColumn[],
  options: QueryOptions,
): Promise<SharedObjects | undefined> {
  const columns = [...new Set(properties.map(({ column }) => column))];
  const counts = columns.map((column) => `count(DISTINCT ${identifier(column)})`);
  const first = `(SELECT * FROM ${source} LIMIT ${SAMPLED}) AS events`;
  const sampled = await engine.query(
    selection.eventsSql(first, ["count(*)", ...counts].join(", ")),
    undefined,
    options,
  );
  const [events = 0, ...different] = sampled.rows()[0]!.map(Number);
  if (events < ENOUGH || different.some((count) => count * EVENTS_PER_OBJECT > events)) return undefined;
  return {
    engine,
    properties,
    objects: columns.map((column) => {
      const own = properties.filter((property) => property.column === column);
      const objects = `(${selection.eventsSql(source, `DISTINCT ${identifier(column)}`)})`;
      const selects = [identifier(column), ...propertySelects(own)].join(", ");
      return { sql: `SELECT ${selects} FROM ${withProperties(objects, own)}`, properties: own };
    }),
    rows: (paths) => {
      const numbers = columns.map((_, i) => `o${i}.file_row_number::UINTEGER`);
      const joins = columns.map(
        (column, i) =>
          ` LEFT JOIN read_parquet(${literal(paths[i]!)}, file_row_number = true) AS o${i} ON o${i}."object" = events.${identifier(column)}`,
      );
      const selects = [ROW_ORDER, ...selection.columns].map((name) => `events.${identifier(name)}`);
      const events = `(${selection.eventsSql(source)}) AS events`;
      return `SELECT ${[...selects, ...numbers].join(", ")} FROM ${events}${joins.join("")}`;
    },
  };
}
