import { typeName } from "../../engine/column-type.js";
import { cellText } from "./cell-text.js";
import { footerText, type TableContent } from "./text-table.js";

const LONGEST_CELL = 120;
const NUMBERS: ReadonlySet<string> = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);

/** A table as HTML for a notebook: all columns, scrolled sideways, everything from the data escaped. */
export function htmlTable(content: TableContent): string {
  const { columns, rows } = content;
  const aligned = columns.map(({ type }) =>
    NUMBERS.has(type.kind) ? ' style="text-align:right"' : ' style="text-align:left"',
  );
  const head = columns.map(
    ({ name, type }, i) =>
      `<th${aligned[i]}>${html(cellText(name, { kind: "text" }))}<br><small style="font-weight:normal;opacity:.6">${html(typeName(type))}</small></th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(({ type }, i) => {
      const value = row[i] ?? null;
      const text = cellText(value, type);
      const short = text.length > LONGEST_CELL ? `${[...text].slice(0, LONGEST_CELL).join("")}…` : text;
      return `<td${aligned[i]}>${value === null ? '<span style="opacity:.5">null</span>' : html(short)}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    '<div style="overflow-x:auto"><table>',
    `<thead><tr>${head.join("")}</tr></thead>`,
    `<tbody>${body.join("")}</tbody>`,
    `</table><small>${html(footerText(content, 0))}</small></div>`,
  ].join("");
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
