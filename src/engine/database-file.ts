import { randomUUID } from "node:crypto";
import type { Engine, Params, QueryOptions } from "./engine.js";
import { identifier, literal } from "./sql-text.js";

/**
 * Writes the rows of `sql` as the table `table` of a new DuckDB database at `file`, which must not exist. Gives
 * their number. The file is whole, and no longer held open, when this returns or throws.
 */
export async function writeDatabase(
  engine: Engine,
  file: string,
  table: string,
  sql: string,
  params: Params | undefined,
  options: QueryOptions = {},
): Promise<number> {
  const database = identifier(`out_${randomUUID()}`);
  await engine.run(`ATTACH ${literal(file)} AS ${database}`, undefined, options);
  try {
    const made = await engine.query(
      `CREATE TABLE ${database}.${identifier(table)} AS\n${sql}`,
      params,
      options,
    );
    return Number(made.rows()[0]?.[0] ?? 0);
  } finally {
    await engine.run(`DETACH ${database}`);
  }
}
