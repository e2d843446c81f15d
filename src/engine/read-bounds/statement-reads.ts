import type { Engine, Params, QueryOptions } from "../engine.js";
import type { LakeBounds } from "../lake-view.js";
import { record } from "../parse-tree.js";
import { constantTimes } from "./constant-time.js";
import { tableReads } from "./tables-read.js";

/**
 * Each way in which `sql`, with `params` bound to it, reads the table `name`: rows outside all of these bounds cannot matter to
 * its result. Undefined if that cannot be told: for anything but one SELECT, and for one that reads other tables, too.
 */
export async function statementReads(
  engine: Engine,
  sql: string,
  params: Params | undefined,
  name: string,
  options: QueryOptions,
): Promise<readonly LakeBounds[] | undefined> {
  const rows = await engine.query("SELECT json_serialize_sql($1::VARCHAR)", [sql], options);
  const parsed = record(JSON.parse(String(rows.rows()[0]?.[0])));
  return tableReads(parsed, name, constantTimes(engine, params));
}
