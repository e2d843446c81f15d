import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import type { TimeBounds, TimeSpan } from "../../src/engine/lake-view.js";
import { identifier, literal, timestamp } from "../../src/engine/sql-text.js";
import { type ColumnName, FIELDS, type FieldKind } from "../../src/event.js";
import type { SelectedEvents } from "../../src/frame/selected-events.js";
import type { Statement } from "../../src/frame/statement.js";
import type { PlainEvent, Setting } from "./reference/plain-event.js";

const TYPES: Readonly<Record<FieldKind, string>> = {
  ...{
    text: "VARCHAR",
    json: "VARCHAR",
    int: "BIGINT",
    double: "DOUBLE",
    boolean: "BOOLEAN",
    time: "TIMESTAMP",
  },
};

/** Makes tables of events in one engine, which analyses read as they read a lake. */
export class MadeSources {
  readonly #engine: Promise<Engine> = openEngine({ threads: 1 });
  #count = 0;

  /**
   * The events as a source whose date range and data are those of `setting`; its hidden ones are there but left out. `dataFrom`
   * and `dataUntil` are whole hours.
   */
  async of(events: readonly PlainEvent[], setting: Setting, timeZone = "UTC"): Promise<SelectedEvents> {
    const engine = await this.#engine;
    const table = `made_${this.#count++ % 8}`;
    const columns = FIELDS.map(({ name, kind }) => {
      const value = `json_extract_string(cell, ${literal(`/${name}`)})`;
      return kind === "time"
        ? `make_timestamp((${value})::BIGINT) AS ${identifier(name)}`
        : `(${value})::${TYPES[kind]} AS ${identifier(name)}`;
    });
    const { hidden = [] } = setting;
    const cells = JSON.stringify([...events, ...hidden], (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    await engine.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT ${columns.join(", ")} FROM (SELECT unnest(from_json(${literal(cells)}, '["JSON"]')) AS cell)`,
    );
    const selected = `uuid NOT IN (${["", ...hidden.map(({ uuid }) => uuid)].map(literal).join(", ")})`;
    const select = (
      names: readonly ColumnName[],
      { from, until }: TimeBounds,
      where = "true",
    ): Statement => ({
      engine,
      sql: `SELECT ${names.map(identifier).join(", ")} FROM ${table} WHERE ${where} AND ${from === undefined ? "true" : `event_time >= ${timestamp(from)}`} AND ${until === undefined ? "true" : `event_time < ${timestamp(until)}`}`,
    });
    const uploads: TimeSpan = { min: setting.dataFrom, max: setting.dataUntil - 1n };
    return {
      selects: hidden.length > 0,
      range: { timeZone, bounds: { from: setting.from, until: setting.until } },
      uploads: async () => uploads,
      events: async (names, bounds) => select(names, bounds, selected),
      allEvents: async (names, bounds = {}) => select(names, bounds),
    };
  }

  async close(): Promise<void> {
    (await this.#engine).close();
  }
}
