import type { Column } from "../engine/column-type.js";
import type { QueryOptions } from "../engine/engine.js";
import { UsageError } from "../errors/index.js";
import type { Frame } from "./frame.js";
import { EVENT_PROPERTIES } from "./properties/property.js";
import { unknownName } from "./selection.js";

/** What a frame is derived from. */
export type Parent = Pick<
  Frame<never>,
  "sql" | "params" | "statement" | "schema" | "isReady" | "warnings"
> & {
  ready(options?: QueryOptions): Promise<unknown>;
};

/** What makes the rows of one frame from those of another. */
export interface Derivation {
  readonly schema: readonly Column[];
  /** The SELECT over `source`, a query in parentheses. */
  sql(source: string): string;
}

/** The column called `name`. Throws UsageError with the nearest name if there is none. */
export function columnOf(columns: readonly Column[], name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  const names = columns.map((column) => column.name);
  const unknown = unknownName("column", name, names);
  if (!names.includes(EVENT_PROPERTIES)) throw unknown;
  throw new UsageError(
    unknown.message,
    `${unknown.wayOut} A property is a column once the frame's \`properties\` name it.`,
  );
}

/** As `columnOf`; throws UsageError if its kind is not one of `kinds`. */
export function columnOfKind(
  columns: readonly Column[],
  name: string,
  kinds: ReadonlySet<string>,
  what: string,
): Column {
  const column = columnOf(columns, name);
  if (kinds.has(column.type.kind)) return column;
  throw new UsageError(
    `${name} is ${column.type.kind}; ${what} was expected.`,
    `Name a column that is ${what}.`,
  );
}
