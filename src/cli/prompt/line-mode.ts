import type { Lake, QueryFrame } from "../../index.js";
import { printableLine } from "../printable.js";

/** The rows of `frame`, which must only read, each value on a line behind its column's name, as DuckDB writes it. */
export async function* linesOf(
  lake: Pick<Lake, "query">,
  frame: QueryFrame,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const texts = await lake.query(`SELECT COLUMNS(*)::VARCHAR FROM (\n${frame.sql}\n)`, undefined, { signal });
  const names = texts.columns.map(printableLine);
  const width = Math.max(...names.map((name) => name.length));
  let first = true;
  for await (const row of texts.rows({ signal })) {
    if (!first) yield "";
    first = false;
    for (const [i, column] of texts.columns.entries()) {
      const value = row[column];
      yield `${names[i]!.padStart(width)} = ${value === null ? "" : printableLine(String(value))}`;
    }
  }
}
