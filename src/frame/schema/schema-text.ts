import type { Column, Value } from "../../engine/column-type.js";
import { escaped } from "../print/cell-text.js";
import { htmlTable } from "../print/html-table.js";
import { type TableContent, type TableStyle, textTable } from "../print/text-table.js";
import type { SchemaChange, SchemaContent, SchemaEvent, SchemaProperty } from "./schema-types.js";

/** The parts of a schema as tables, each with its heading; those without a row are left out. */
export function schemaTables(
  schema: SchemaContent,
): { readonly heading: string; readonly table: TableContent }[] {
  const tables = [
    { heading: "Event types", table: eventTable(schema.events) },
    ...schema.events.map(({ name }) => ({
      heading: `Properties of ${escaped(name)}`,
      table: propertyTable(schema.properties.filter(({ event }) => event === name)),
    })),
    {
      heading: "Properties of users and groups",
      table: propertyTable(schema.properties.filter(({ event }) => event === null)),
    },
    { heading: "Changes", table: changeTable(schema.changes) },
  ];
  return tables.filter(({ table }) => table.rows.length > 0);
}

/** All tables as text. */
export function schemaText(schema: SchemaContent, style: TableStyle): string {
  const bold = (text: string) => (style.colors ? `\u001b[1m${text}\u001b[22m` : text);
  const parts = schemaTables(schema).map(
    ({ heading, table }) => `${bold(heading)}\n${textTable(table, style)}`,
  );
  return parts.length > 0 ? parts.join("\n\n") : "No events.";
}

/** All tables as HTML. */
export function schemaHtml(schema: SchemaContent): string {
  return schemaTables(schema)
    .map(
      ({ heading, table }) =>
        `<p><b>${heading.replace(/[&<>]/g, (c) => ENTITIES[c]!)}</b></p>${htmlTable(table)}`,
    )
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const text = (name: string): Column => ({ name, type: { kind: "text" } });
const whole = (name: string): Column => ({ name, type: { kind: "int64" } });

/** The event types as a table. */
export function eventTable(events: readonly SchemaEvent[]): TableContent {
  const columns = [
    ...[text("event"), whole("events"), text("share %"), whole("users ~"), text("trend")],
    ...[text("first seen"), text("last seen"), whole("properties")],
  ];
  return tableOf(columns, events, (event) => [
    ...[event.name, event.count, percent(event.share), event.users, sparkline(event.trend)],
    ...[minute(event.firstSeen), minute(event.lastSeen), event.properties],
  ]);
}

/** Properties as a table. */
export function propertyTable(properties: readonly SchemaProperty[]): TableContent {
  const columns = [
    ...[
      text("property"),
      text("type"),
      text("fill %"),
      text("distinct"),
      text("range"),
      text("examples"),
      text("drift"),
    ],
  ];
  return tableOf(columns, properties, (property) => [
    ...[property.name, property.type, percent(property.fill)],
    `${property.distinctIsExact ? "" : "~"}${property.distinct.toLocaleString("en-US")}`,
    rangeText(property),
    examplesText(property),
    driftText(property),
  ]);
}

/** Changes as a table. */
export function changeTable(changes: readonly SchemaChange[]): TableContent {
  const columns = [text("day"), text("change"), text("event"), text("property"), text("types")];
  return tableOf(columns, changes, ({ day, change, event, property, from, to }) => [
    ...[day, change, event ?? "", property ?? ""],
    from === null ? "" : `${from} → ${to}`,
  ]);
}

function tableOf<T>(
  columns: readonly Column[],
  of: readonly T[],
  row: (each: T) => readonly Value[],
): TableContent {
  return { columns, rows: of.map(row), rowCount: of.length };
}

/** `share` in percent: what is not nothing or all is not shown as such. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "<0.1";
  if (value < 100 && value > 99.9) return ">99.9";
  return value >= 99.95 || value === 0 ? value.toFixed(0) : value.toFixed(1);
}

/** Least and greatest number: `4.49 … 89.89`; beyond 2^53, where only the doubles next to them are known, `~9.0072e+15`. */
export function rangeText({ min, max }: SchemaProperty): string {
  if (min === null || max === null) return "";
  const [least, most] = [min, max].map((value) =>
    Math.abs(value) > Number.MAX_SAFE_INTEGER ? `~${value.toPrecision(5)}` : String(value),
  );
  return least === most ? String(least) : `${least} … ${most}`;
}

/** The examples in a line. */
export function examplesText({ examples }: SchemaProperty): string {
  return examples.map(({ value }) => value).join(" · ");
}

/** The kinds of a property that has several, with their shares. */
export function driftText({ drift, kinds, count }: SchemaProperty): string {
  if (!drift) return "";
  return Object.entries(kinds)
    .filter(([kind]) => kind !== "null")
    .sort((a, b) => b[1] - a[1])
    .map(([kind, of]) => `${kind} ${percent(of / count)} %`)
    .join(", ");
}

const BLOCKS = "▁▂▃▄▅▆▇█";

/** Counts as blocks, the highest being the most; nothing is a dot. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? "·" : BLOCKS[Math.ceil((count / most) * 8) - 1])).join("");
}

function minute(date: Date): string {
  return date.toISOString().slice(0, 16).replace("T", " ");
}
