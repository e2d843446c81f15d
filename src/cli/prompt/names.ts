import { FIELDS, type Lake } from "../../index.js";
import { printableLine } from "../printable.js";

/** What can be completed, as far as it is known yet. */
export interface Names {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  readonly functions: readonly string[];
  /** The most frequent first. */
  readonly eventTypes: readonly string[];
  /** Keys of a column of JSON, by its name. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

/** Columns whose keys are properties. */
const PROPERTY_COLUMNS = ["event_properties", "user_properties", "group_properties", "groups", "extra"];
const NO_NAMES: Names = { tables: [], columns: [], functions: [], eventTypes: [], properties: {} };
/** What a look at the newest upload days may cost, whatever the size of the lake. */
const EVENTS_SAMPLED = 1_000_000;
const PROPERTIES_SAMPLED = 50_000;
const DAYS_SAMPLED = 7;
const MOST_NAMES = 2000;
const LONGEST_LOOK_MS = 5000;
const FRESH_MS = 300_000;
/** How long one press of Tab waits. */
const WAIT_MS = 400;

type Query = Pick<Lake, "query">;

/**
 * The names of a lake, looked up in the background when they are first asked for, and again after five minutes:
 * the catalogue whole, event types and properties from a sample of the newest upload days.
 */
export class LakeNames {
  readonly #lake: Query;
  readonly #now: () => number;
  readonly #ended = new AbortController();
  #names = NO_NAMES;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #catalogue = Promise.resolve();
  #catalogueIsOld = true;
  #sample = Promise.resolve();

  constructor(lake: Query, now: () => number) {
    this.#lake = lake;
    this.#now = now;
  }

  /** What is known within a moment; a look that takes longer goes on, for the next time. Never fails. */
  async soon(): Promise<Names> {
    if (this.#catalogueIsOld) {
      this.#catalogueIsOld = false;
      this.#catalogue = this.#lookAtCatalogue().catch(() => {});
    }
    if (this.#now() - this.#lookedAt >= FRESH_MS) {
      this.#lookedAt = this.#now();
      this.#sample = this.#lookAtEvents().catch(() => {});
    }
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS);
    });
    await Promise.race([Promise.all([this.#catalogue, this.#sample]), moment]);
    clearTimeout(timer);
    return this.#names;
  }

  /** To be called when tables may have come or gone. */
  forgetCatalogue(): void {
    this.#catalogueIsOld = true;
  }

  /** Ends a look that is under way. */
  end(): void {
    this.#ended.abort();
  }

  async #lookAtCatalogue(): Promise<void> {
    const [tables, columns, functions] = await Promise.all([
      this.#texts("SELECT DISTINCT table_name FROM information_schema.tables ORDER BY 1"),
      this.#texts("SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal ORDER BY 1"),
      this.#texts(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE regexp_matches(function_name, '^[a-z][a-z0-9_]*$') ORDER BY 1",
      ),
    ]);
    this.#names = { ...this.#names, tables, columns, functions };
  }

  async #lookAtEvents(): Promise<void> {
    const [newest] = await this.#texts("SELECT max(upload_date)::VARCHAR FROM events");
    if (newest === undefined) return;
    const days = `upload_date > DATE '${newest}' - ${DAYS_SAMPLED}`;
    const eventTypes = await this.#texts(
      `SELECT event_type FROM (SELECT event_type FROM events WHERE ${days} LIMIT ${EVENTS_SAMPLED})
       GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT ${MOST_NAMES}`,
    );
    this.#names = { ...this.#names, eventTypes };
    for (const column of PROPERTY_COLUMNS) {
      const keys = await this.#texts(
        `SELECT DISTINCT unnest(json_keys("${column}")) AS key FROM (SELECT "${column}" FROM events
         WHERE ${days} AND json_type("${column}") = 'OBJECT' LIMIT ${PROPERTIES_SAMPLED}) ORDER BY 1 LIMIT ${MOST_NAMES}`,
      );
      this.#names = { ...this.#names, properties: { ...this.#names.properties, [column]: keys } };
    }
  }

  /** The first column of a query, without what could steer a terminal that lists it. */
  async #texts(sql: string): Promise<string[]> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(LONGEST_LOOK_MS)]);
    const frame = await this.#lake.query(sql, undefined, { signal });
    const texts: string[] = [];
    for await (const row of frame.rows({ signal })) {
      const [value] = Object.values(row);
      if (typeof value === "string" && printableLine(value) === value) texts.push(value);
    }
    return texts;
  }
}

/** True if `name` is a column of the lake that holds JSON. */
export function isPropertyColumn(name: string): boolean {
  return name === "extra" || FIELDS.some((field) => field.name === name && field.kind === "json");
}
