import { type Column, type ColumnType, typeName, type Value } from "../../engine/column-type.js";
import { cellText, escaped } from "./cell-text.js";
import { clipped, displayWidth } from "./display-width.js";

/** What a table shows. */
export interface TableContent {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** Rows of the whole frame; undefined if not known. */
  readonly rowCount: number | undefined;
  /** If they are not known: how many there are more than. */
  readonly atLeast?: number | undefined;
  /** Columns to show first where not all fit; the rest follows in order. Default: the order of `columns`. */
  readonly lead?: readonly string[] | undefined;
  /** Lines that stand beneath it. */
  readonly notes?: readonly string[] | undefined;
}

/** How it is drawn. */
export interface TableStyle {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether ANSI styles may be used. */
  readonly colors: boolean;
}

const GAP = "  ";
const NARROWEST_CUT = 16;
const NARROWEST_COLUMN = 8;

/** Kinds of columns whose values stand at the right: numbers. */
export const RIGHT_ALIGNED: ReadonlySet<string> = new Set([
  "int32",
  "int64",
  "uint64",
  "int128",
  "double",
  "decimal",
]);

const CUTTABLE: ReadonlySet<string> = new Set(["text", "json", "list", "struct", "map", "uuid"]);

interface DrawnColumn {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly right: boolean;
  readonly cuttable: boolean;
  readonly cells: readonly string[];
  readonly natural: number;
}

/**
 * A table as text: names, types, rows, and a line with the numbers of rows and columns. Columns that do not fit
 * into `width` are left out and counted.
 */
export function textTable(content: TableContent, style: TableStyle): string {
  const order = orderOf(content, style.width);
  const columns = order.map((index) => drawn(content, index));
  const widths = fittingWidths(columns, style.width);
  const shown = columns.slice(0, widths.length);
  const paint = paintFor(style.colors);
  const line = (cells: readonly string[], look: (text: string, index: number) => string) =>
    shown
      .map((column, i) => {
        const cell = clipped(cells[i]!, widths[i]!);
        const last = i === shown.length - 1;
        return padded(look(cell, column.index), widths[i]! - displayWidth(cell), column.right, last);
      })
      .join(GAP);
  const names = line(
    shown.map(({ name }) => name),
    paint.bold,
  );
  const types = line(
    shown.map(({ type }) => type),
    paint.dim,
  );
  const body = content.rows.map((values, row) =>
    line(
      shown.map(({ cells }) => cells[row]!),
      (text, index) => (values[index] === null ? paint.dim(text) : text),
    ),
  );
  const hidden = content.columns.length - shown.length;
  const footer = paint.dim(footerText(content, hidden));
  const notes = (content.notes ?? []).map(escaped);
  return [names, types, ...body, ...(isCut(content) ? ["…"] : []), footer, ...notes]
    .map((text) => text.trimEnd())
    .join("\n");
}

/** `1,234 rows × 57 columns`, and how many of them are not shown. */
export function footerText(content: TableContent, hiddenColumns: number): string {
  const { rows, columns, rowCount, atLeast = rows.length } = content;
  const all = rowCount === undefined ? `more than ${counted(atLeast, "row")}` : counted(rowCount, "row");
  const hidden = hiddenColumns > 0 ? ` (${grouped(hiddenColumns)} not shown)` : "";
  return `${all} × ${counted(columns.length, "column")}${hidden}`;
}

/** Whether the frame has more rows than these. */
export function isCut({ rows, rowCount }: TableContent): boolean {
  return rowCount === undefined || rowCount > rows.length;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function orderOf(content: TableContent, width: number): number[] {
  const { columns } = content;
  return columns.length * NARROWEST_COLUMN <= width ? columns.map((_, i) => i) : leadingOrder(content);
}

/** Indexes of the columns where not all can be shown: those that lead come first, those without a value last. */
export function leadingOrder({ columns, rows, lead }: TableContent): number[] {
  const indexes = columns.map((_, index) => index);
  if (lead === undefined) return indexes;
  const empty = (index: number) => rows.every((row) => row[index] === null);
  const rank = (index: number) => {
    const place = lead.indexOf(columns[index]!.name);
    return (place === -1 ? lead.length : place) + (empty(index) ? lead.length + 1 : 0);
  };
  return indexes.sort((a, b) => rank(a) - rank(b) || a - b);
}

function drawn({ columns, rows }: TableContent, index: number): DrawnColumn {
  const { name, type } = columns[index]!;
  const cells = rows.map((row) => cellText(row[index] ?? null, type));
  const [head, kind] = [escaped(name), typeWord(type)];
  const natural = [head, kind, ...cells].reduce((most, cell) => Math.max(most, displayWidth(cell)), 1);
  return {
    index,
    name: head,
    type: kind,
    right: RIGHT_ALIGNED.has(type.kind),
    cuttable: CUTTABLE.has(type.kind),
    cells,
    natural,
  };
}

function typeWord(type: ColumnType): string {
  return escaped(typeName(type));
}

/**
 * Widths of the first columns, as many as fit. Text may be cut, numbers and times never, unless a single column
 * is wider than the terminal. Room that is left goes to the columns that were cut, the least cut first.
 */
function fittingWidths(columns: readonly DrawnColumn[], width: number): number[] {
  const widths: number[] = [];
  let left = width;
  for (const { natural, cuttable } of columns) {
    const least = cuttable ? Math.min(natural, NARROWEST_CUT) : natural;
    const room = left - (widths.length > 0 ? GAP.length : 0);
    if (least > room && widths.length > 0) break;
    widths.push(Math.max(1, Math.min(least, room)));
    left = room - widths.at(-1)!;
  }
  const missing = (i: number) => columns[i]!.natural - widths[i]!;
  for (const i of widths.map((_, index) => index).sort((a, b) => missing(a) - missing(b))) {
    const more = Math.min(missing(i), Math.max(0, left));
    widths[i] = widths[i]! + more;
    left -= more;
  }
  return widths;
}

function padded(text: string, missing: number, right: boolean, last: boolean): string {
  const space = " ".repeat(Math.max(0, missing));
  if (right) return space + text;
  return last ? text : text + space;
}

function paintFor(colors: boolean) {
  const style = (open: number, close: number) => (text: string) =>
    colors ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: style(1, 22), dim: style(2, 22) };
}
