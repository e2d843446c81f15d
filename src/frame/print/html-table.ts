import type { Column, Value } from "../../engine/column-type.js";
import { typeName } from "../../engine/column-type.js";
import { cellText, escaped } from "./cell-text.js";
import { footerText, isCut, leadingOrder, RIGHT_ALIGNED, type TableContent } from "./text-table.js";

const MOST_COLUMNS = 20;
const LONGEST_CELL = 60;

/** Inline, since notebooks and their viewers drop style sheets; no colours but the page's, so that dark pages do. */
const TABLE = "border-collapse:collapse;white-space:nowrap;font-variant-numeric:tabular-nums";
const LINE = "border-bottom:1px solid rgba(128,128,128,.3)";
const CELL = "padding:.2em .7em;vertical-align:top;text-align:";
const FAINT = "opacity:.6";

/**
 * A table as HTML for a notebook, scrolled sideways, everything from the data escaped. At most 20 columns: those that
 * lead come first where there are more, those without a value last, and the last line tells how many are not shown. A
 * text of more than 60 characters is cut; pointing at it shows more.
 */
export function htmlTable(content: TableContent): string {
  const fits = content.columns.length <= MOST_COLUMNS;
  const order = fits ? content.columns.map((_, i) => i) : leadingOrder(content).slice(0, MOST_COLUMNS);
  const shown = order.map((index) => ({ index, column: content.columns[index]! }));
  const head = shown.map(({ column }) => headCell(column));
  const body = content.rows.map((row) =>
    shown.map(({ index, column }) => bodyCell(row[index] ?? null, column)),
  );
  if (isCut(content)) body.push(shown.map(({ column }) => cell("td", column, faint("…"))));
  const hidden = content.columns.length - shown.length;
  const notes = (content.notes ?? []).map((note) => `<br>${html(escaped(note))}`).join("");
  return [
    `<div style="overflow-x:auto"><table style="${TABLE}">`,
    `<thead>${line(head)}</thead>`,
    `<tbody>${body.map(line).join("")}</tbody>`,
    `</table><small style="${FAINT}">${html(footerText(content, hidden))}${notes}</small></div>`,
  ].join("\n");
}

function line(cells: readonly string[]): string {
  return `<tr style="${LINE}">${cells.join("")}</tr>\n`;
}

function headCell(column: Column): string {
  const type = `<small style="font-weight:normal;${FAINT}">${html(escaped(typeName(column.type)))}</small>`;
  return cell("th", column, `${html(escaped(column.name))}<br>${type}`);
}

function bodyCell(value: Value, column: Column): string {
  if (value === null) return cell("td", column, faint("null"));
  const characters = [...cellText(value, column.type)];
  if (characters.length <= LONGEST_CELL) return cell("td", column, html(characters.join("")));
  const short = `${characters.slice(0, LONGEST_CELL - 1).join("")}…`;
  return cell("td", column, `<span title="${html(characters.join(""))}">${html(short)}</span>`);
}

function cell(tag: "th" | "td", { type }: Column, inner: string): string {
  const side = RIGHT_ALIGNED.has(type.kind) ? "right" : "left";
  return `<${tag} style="${CELL}${side}">${inner}</${tag}>`;
}

function faint(text: string): string {
  return `<span style="${FAINT}">${text}</span>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
