import { FIELDS } from "../../../../browser.js";
import type { Cell } from "../../../api.js";
import { JsonPreview } from "../../ui/event/json-preview.js";
import { parseJson } from "../../ui/json/parse.js";
import { jsonLine } from "../../ui/json/text.js";
import { shown } from "../../ui/text.js";

type Kind = (typeof FIELDS)[number]["kind"];

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...FIELDS.map(({ name, kind }) => [name, kind] as const),
  ["extra", "json"],
  ["upload_date", "text"],
]);
const WIDTHS: Readonly<Record<string, number>> = {
  event_time: 206,
  event_type: 220,
  user_id: 210,
  device_id: 210,
  amplitude_id: 150,
  platform: 140,
  country: 130,
  event_properties: 460,
  user_properties: 460,
  uuid: 300,
};

/** The kind of a column; undefined if it is a property. */
export function kindOf(column: string): Kind | undefined {
  return KINDS.get(column);
}

/** How wide a column is at first. */
export function widthOf(column: string): number {
  return WIDTHS[column] ?? (kindOf(column) === "time" ? 206 : 160);
}

/** True if a table can be sorted by it. */
export function isSortable(column: string): boolean {
  return kindOf(column) !== "json" && !["uuid", "$insert_id", "$insert_key", "upload_date"].includes(column);
}

/** A value as text, to be copied: what the event has, and nothing where it has nothing. */
export function cellText(column: string, cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (kindOf(column) === undefined) return jsonLine(parseJson(String(cell)));
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

/** Whether all of some values are numbers, and there are some. */
export function areNumbers(column: string, cells: readonly (Cell | undefined)[]): boolean {
  const kind = kindOf(column);
  if (kind !== undefined) return kind === "double" || (kind === "int" && !column.endsWith("_id"));
  const texts = cells.filter((cell) => typeof cell === "string" && cell !== "null");
  return texts.length > 0 && texts.every((text) => /^-?\d/.test(String(text)));
}

/** What stands in a cell of the table. */
export function CellView({ column, cell }: { column: string; cell: Cell | undefined }) {
  if (cell === undefined) return <span class="muted">…</span>;
  if (cell === null || (kindOf(column) === undefined && cell === "null"))
    return <span class="nothing">–</span>;
  const text = String(cell);
  switch (kindOf(column)) {
    case "time":
      return (
        <>
          {text.slice(0, 19).replace("T", " ")}
          <span class="muted">{text.slice(19, 23)}</span>
        </>
      );
    case "json":
      return <JsonPreview json={text} />;
    case undefined: {
      const node = parseJson(text);
      return node.kind === "object" ? <JsonPreview json={text} /> : shown(jsonLine(node));
    }
    default:
      return <>{shown(text)}</>;
  }
}
