import type { ColumnName, Condition, FrameOptions, Lake, PropertyOptions } from "../../../index.js";
import type { Selection } from "../../api.js";
import { isoMicros } from "../cells.js";
import { microsOf, selected } from "../selection.js";

/** Microseconds since 1970; `from` is included, `until` is not; undefined means no bound. */
export interface Span {
  readonly from?: bigint | undefined;
  readonly until?: bigint | undefined;
}

/** Some of the events that a scope has. */
export interface Part {
  /** Of `event_time`. */
  readonly time?: Span | undefined;
  /** In SQL, on the lake's columns and the scope's property. */
  readonly condition?: string | undefined;
}

/** The name of the property by which a scope is sorted. */
export const SORTED_PROPERTY = "sorted_property";

/** The events that a selection, or a part of it, stands for. */
export class Scope {
  readonly lake: Lake;
  readonly time: Span;
  readonly #options: Pick<FrameOptions, "events" | "where">;
  readonly #property: PropertyOptions | undefined;

  private constructor(
    lake: Lake,
    time: Span,
    options: Pick<FrameOptions, "events" | "where">,
    property: PropertyOptions | undefined,
  ) {
    this.lake = lake;
    this.time = time;
    this.#options = options;
    this.#property = property;
  }

  /** Throws UsageError, LakeError if the selection's cohort is damaged. */
  static async of(lake: Lake, selection: Selection): Promise<Scope> {
    const { events, where } = await selected(lake, selection);
    const { from, to } = selection;
    const time = {
      from: from === undefined ? undefined : microsOf("from", from),
      until: to === undefined ? undefined : microsOf("to", to),
    };
    return new Scope(lake, time, { events, where }, undefined);
  }

  /** True if there is no condition but on the time. */
  get isPlain(): boolean {
    return this.#options.events === undefined && this.#options.where === undefined;
  }

  /** The same, with a property of this type as the column `SORTED_PROPERTY`. */
  withProperty(property: string, type?: PropertyOptions["type"]): Scope {
    return new Scope(this.lake, this.time, this.#options, { property, type, as: SORTED_PROPERTY });
  }

  /** A part of it. */
  within({ time = {}, condition }: Part): Scope {
    const { events, where } = this.#options;
    const both = { from: later(this.time.from, time.from), until: earlier(this.time.until, time.until) };
    return new Scope(this.lake, both, { events, where: and(where, condition) }, this.#property);
  }

  /** These columns and properties of its events. Reads nothing yet. */
  frame(columns: readonly ColumnName[], properties: readonly PropertyOptions[] = []) {
    const { from, until } = this.time;
    const all = [...(this.#property ? [this.#property] : []), ...properties];
    return this.lake.frame({
      ...this.#options,
      from: from === undefined ? undefined : isoMicros(from),
      to: until === undefined ? undefined : isoMicros(until - 1n),
      ...(this.isEmpty && { events: [], from: undefined, to: undefined }),
      columns,
      ...(all.length > 0 && { properties: all }),
    });
  }

  /** True if no time is within its bounds. */
  get isEmpty(): boolean {
    const { from, until } = this.time;
    return from !== undefined && until !== undefined && from >= until;
  }
}

function and(where: FrameOptions["where"], condition: string | undefined): FrameOptions["where"] {
  if (condition === undefined) return where;
  const before: Condition = typeof where === "string" ? { sql: where } : (where ?? { sql: "true" });
  return { ...before, sql: `(${before.sql}) AND (${condition})` };
}

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

function earlier(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}
