import type { ColumnName } from "../event.js";

/** Collects the columns of the lake that an analysis reads. */
export class ColumnsUsed {
  readonly #names = new Set<ColumnName>(["amplitude_id", "event_time"]);
  readonly #derived = new Map<string, string>();

  /** Notes that `name` is read, and gives it. */
  add(name: ColumnName): ColumnName {
    this.#names.add(name);
    return name;
  }

  /**
   * Notes that `sql`, over the columns, is to be computed once for each event that is kept, and gives the name of the column
   * that has it. Engines compute what stands twice in a CASE twice.
   */
  derive(sql: string): string {
    const name = this.#derived.get(sql) ?? `derived_${this.#derived.size}`;
    this.#derived.set(sql, name);
    return name;
  }

  /** All columns that were noted. */
  get names(): readonly ColumnName[] {
    return [...this.#names];
  }

  /** All that was derived: SQL by the name of its column. */
  get derived(): readonly (readonly [name: string, sql: string])[] {
    return [...this.#derived].map(([sql, name]) => [name, sql]);
  }
}
