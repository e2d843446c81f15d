import type { ColumnName } from "../event.js";
import type { PromotedColumn, PromotedProperty } from "../frame/promoted-property.js";
import { sameProperty } from "../frame/properties/projection.js";
import type { Property } from "../frame/properties/property.js";

/** Collects the columns of the lake that an analysis reads. */
export class ColumnsUsed {
  readonly #names = new Set<ColumnName>(["amplitude_id", "event_time"]);
  readonly #derived = new Map<string, string>();
  readonly #promoted = new Map<PromotedProperty, PromotedColumn>();

  /** `known` are the properties that may be read as columns. */
  constructor(private readonly known: readonly PromotedProperty[] = []) {}

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

  /** The column in which a property is promoted, which is noted; undefined without one. `isNumber`: only its numbers matter. */
  promotedAs(property: Property, isNumber: boolean): PromotedColumn | undefined {
    const found = this.known.find((one) => sameProperty(one, property));
    if (found === undefined || (found.type === "double" && !isNumber)) return undefined;
    const column = this.#promoted.get(found) ?? { ...found, as: `promoted_${this.#promoted.size}` };
    this.#promoted.set(found, column);
    return column;
  }

  /** The promoted properties that were noted. */
  get promoted(): readonly PromotedColumn[] {
    return [...this.#promoted.values()];
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
