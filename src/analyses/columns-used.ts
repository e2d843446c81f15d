import type { ColumnName } from "../event.js";

/** Collects the columns of the lake that an analysis reads. */
export class ColumnsUsed {
  readonly #names = new Set<ColumnName>(["amplitude_id", "event_time"]);

  /** Notes that `name` is read, and gives it. */
  add(name: ColumnName): ColumnName {
    this.#names.add(name);
    return name;
  }

  /** All that were noted. */
  get names(): readonly ColumnName[] {
    return [...this.#names];
  }
}
