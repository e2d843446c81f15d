import type { Engine, Param, Params, QueryOptions } from "../engine/engine.js";
import { withParameters } from "../engine/sql-parameters.js";
import { UsageError } from "../errors/index.js";
import { Frame } from "./frame.js";
import type { Statement } from "./statement.js";

/** What stands between the texts of `lake.sql`: a value, which is bound, or a frame of the same lake, which is a table. */
export type SqlValue = Param | FrameTable;

/** Any frame. Its columns are those of the table; its rows are those that it keeps to. */
export interface FrameTable {
  readonly sql: string;
  readonly params: Params | undefined;
  ready(options?: QueryOptions): Promise<unknown>;
  statement(): Promise<Statement>;
}

/** A query with its values: as a person would write it, and as the engine runs it. */
export interface TemplateQuery {
  readonly written: { readonly sql: string; readonly params: Params | undefined };
  readonly run: { readonly sql: string; readonly params: Params | undefined };
}

/** The query of a template whose frames are of `engine`. Throws UsageError if one is not. */
export async function templateQuery(
  engine: Engine,
  strings: readonly string[],
  values: readonly SqlValue[],
): Promise<TemplateQuery> {
  if (!Array.isArray(strings)) {
    throw new UsageError(
      "lake.sql was called with brackets.",
      "Write the query right behind it: lake.sql`SELECT …`, or give text to lake.query.",
    );
  }
  const statements = new Map<SqlValue, Statement>();
  for (const value of values) {
    if (!(value instanceof Frame)) continue;
    const statement = await value.statement();
    if (statement.engine !== engine) throw ofAnotherLake();
    statements.set(value, statement);
  }
  return {
    written: filled(strings, values, (frame) => frame),
    run: filled(strings, values, (frame) => statements.get(frame)!),
  };
}

/** Where a table is named stands what an object gives as text. Within quotes it may be a value of somebody's data. */
const OBJECT = /\b(?:from|join)\s+\[object \w+\]/i;

/** Throws UsageError if a frame was put into the text of a query. */
export function requireText(sql: string): void {
  const [found] = OBJECT.exec(sql) ?? [];
  if (found === undefined) return;
  throw new UsageError(
    `The query reads ${JSON.stringify(found)}: a frame was put into its text.`,
    "Write it as a template, lake.sql`SELECT …`, which takes frames as tables and binds values.",
  );
}

function filled(
  strings: readonly string[],
  values: readonly SqlValue[],
  queryOf: (frame: FrameTable) => Pick<Statement, "sql" | "params">,
): TemplateQuery["run"] {
  const params: Param[] = [];
  const bound = (param: Param) => `$${params.push(param)}`;
  const texts = values.map((value) => {
    if (!isFrame(value)) return bound(value);
    const { sql, params } = queryOf(value);
    return `(\n${params === undefined ? sql : withParameters(sql, params, bound)}\n)`;
  });
  const sql = strings.map((text, i) => `${text}${texts[i] ?? ""}`).join("");
  return { sql, params: params.length > 0 ? params : undefined };
}

function isFrame(value: SqlValue): value is FrameTable {
  return value instanceof Frame;
}

function ofAnotherLake(): UsageError {
  return new UsageError(
    "A frame in the query is of another lake, or of one that was closed.",
    "Take one of the lake that is asked; of another lake write it to a file, and name that: FROM 'orders.parquet'.",
  );
}
