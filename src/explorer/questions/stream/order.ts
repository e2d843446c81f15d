import { FIELDS, type FieldKind, UsageError } from "../../../index.js";
import type { Api } from "../../api.js";
import type { Given } from "../given.js";

/** How a stream is sorted: by a column or a property. */
export type Order = NonNullable<Api["events"]["in"]["order"]>;

/** Newest first. */
export const NEWEST_FIRST: Order = { column: "event_time", descending: true };

/** Columns in which hardly two events are alike: to find one, filter by it. */
const UNIQUE: ReadonlySet<string> = new Set(["uuid", "$insert_id", "$insert_key"]);
const KINDS: ReadonlyMap<string, FieldKind> = new Map(FIELDS.map(({ name, kind }) => [name, kind]));

/** The order in `given`; newest first if there is none. Throws UsageError. */
export function givenOrder(given: Given): Order {
  if (given.value("order") === undefined) return NEWEST_FIRST;
  const order = given.object("order");
  const column = order.text("column");
  if (UNIQUE.has(column) || KINDS.get(column) === "json") {
    throw new UsageError(
      `Events cannot be sorted by ${column}.`,
      "Sort by another column, or by a property.",
    );
  }
  return { column, descending: order.optionalBoolean("descending") ?? false };
}

/** The kind of the column `name`; undefined if it is a property. */
export function columnKind(name: string): FieldKind | undefined {
  return KINDS.get(name);
}
