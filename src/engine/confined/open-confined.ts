import { QueryError } from "../../errors/index.js";
import type { ConfinedEngine } from "../confined-engine.js";
import { openEngine } from "../duckdb.js";
import type { Engine, EngineOptions, QueryOptions, RowStream } from "../engine.js";
import { pathList } from "../sql-text.js";
import { checkStatement } from "./statement-check.js";

/** What a confined engine shows. */
export interface ConfinedTables {
  /** Views by name, in lower case: the SELECT that each stands for. */
  readonly views: (engine: Engine) => Promise<Readonly<Record<string, string>>>;
  /** Absolute paths of the files that the views read: no other file can be opened, and these only by the views. */
  readonly files: readonly string[];
}

const LONGEST_SQL = 100_000;

/**
 * Opens a DuckDB in memory that answers SELECTs over some views. Two walls stand around a statement: what it may say is checked
 * on DuckDB's own parse of it, and the engine itself opens no file but `files`, loads no extension, and takes no settings.
 */
export async function openConfinedEngine(
  tables: ConfinedTables,
  options: EngineOptions = {},
): Promise<ConfinedEngine> {
  const engine = await openEngine(options);
  try {
    return new Confined(engine, await confine(engine, tables));
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** Makes the views in `engine` and closes it to all else. Gives their names. */
export async function confine(
  engine: Engine,
  { views, files }: ConfinedTables,
): Promise<ReadonlySet<string>> {
  const made = Object.entries(await views(engine));
  for (const [name, sql] of made) await engine.run(`CREATE VIEW ${name} AS ${sql}`);
  await engine.run(`SET GLOBAL allowed_paths = ${pathList(files)}`);
  await engine.run("SET GLOBAL enable_external_access = false");
  await engine.run("SET GLOBAL lock_configuration = true");
  return new Set(made.map(([name]) => name));
}

class Confined implements ConfinedEngine {
  constructor(
    private readonly engine: Engine,
    private readonly tables: ReadonlySet<string>,
  ) {}

  async select(sql: string, options?: QueryOptions): Promise<RowStream> {
    if (sql.length > LONGEST_SQL) {
      throw new QueryError(`The query has ${sql.length} characters.`, `Write at most ${LONGEST_SQL}.`);
    }
    // DuckDB takes NUL for the end of a text in some places only.
    if (sql.includes("\0")) throw new QueryError("The query has a NUL in it.", "Take it out.");
    const parsed = await this.engine.query("SELECT json_serialize_sql($1::VARCHAR)", [sql], options);
    checkStatement(String(parsed.rows()[0]?.[0]), this.tables);
    return this.engine.stream(sql, undefined, options);
  }

  close(): void {
    this.engine.close();
  }
}
