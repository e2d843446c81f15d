import type { Engine, Params, QueryOptions } from "../engine/engine.js";
import { filesWithin, type LakeFile, lakeSelect } from "../engine/lake-view.js";
import { statementReads } from "../engine/read-bounds/statement-reads.js";

/** A statement that begins so can be given a further common table expression. */
const SELECT = /^((?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*)(?:(with\s+(?:recursive\s+)?)|(?=select\b|from\b|\())/i;

/**
 * `sql` over only those of the lake's files that can matter to it, as far as its conditions on times tell: its table `events` is
 * then a common table expression. Undefined if they do not tell, and all files are needed.
 */
export async function overWantedEvents(
  engine: Engine,
  sql: string,
  params: Params | undefined,
  files: readonly LakeFile[],
  options: QueryOptions,
): Promise<string | undefined> {
  const begin = SELECT.exec(sql);
  const reads = begin ? await statementReads(engine, sql, params, "events", options) : undefined;
  if (!begin || !reads) return undefined;
  if (reads.length === 0) return sql;
  const wanted = new Set(reads.flatMap((bounds) => filesWithin(files, bounds)));
  const events = `events AS NOT MATERIALIZED (${lakeSelect(files.filter((file) => wanted.has(file)))})`;
  const [head, , own] = begin;
  const rest = sql.slice(head.length);
  return own === undefined ? `${head}WITH ${events} ${rest}` : `${head}${events}, ${rest}`;
}
