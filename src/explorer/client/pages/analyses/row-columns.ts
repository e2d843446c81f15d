import type { Column } from "../../../../index.js";
import type { Cell, Rows } from "../../../api.js";
import type { TableColumn } from "../../ui/table/virtual-table.js";
import { shown } from "../../ui/text.js";

const NUMBERS = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);
const NUMBER = 110;
const TEXT = 170;

/** Columns of a table for rows that are lists of cells, without those that say nothing: empty ones, and the only segment. */
export function rowColumns({ columns, rows }: Rows): TableColumn<Rows["rows"][number]>[] {
  const isSaid = ({ name }: Column, i: number) =>
    name === "segment" ? rows.some((row) => row[i] !== rows[0]?.[i]) : rows.some((row) => row[i] !== null);
  return columns.flatMap((column, i) => {
    if (!isSaid(column, i)) return [];
    const { name, type } = column;
    const isNumber = NUMBERS.has(type.kind);
    return {
      id: `${i}`,
      title: shown(name),
      width: isNumber ? NUMBER : TEXT,
      ...(isNumber && { align: "end" as const }),
      cell: (row) => (type.kind === "timestamp" ? momentText(row[i]) : cellText(row[i])),
    };
  });
}

/** A time without the parts that are zero. */
function momentText(cell: Cell | undefined): string {
  return cellText(cell)
    .replace("T", " ")
    .replace(/(?: 00:00)?(?::00)?(?:\.0+)?Z$/, "");
}

/** A cell as text: numbers with at most four places, nothing where there is none. */
function cellText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return cell.toLocaleString("en-US", { maximumFractionDigits: 4 });
  return typeof cell === "string" ? shown(cell) : JSON.stringify(cell);
}
