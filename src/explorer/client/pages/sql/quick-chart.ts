import type { Chart } from "../../../../index.js";
import type { Cell, Rows } from "../../../api.js";
import { shown } from "../../ui/text.js";

const NUMBERS = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);
const TIMES = new Set(["timestamp", "date"]);
const MOST_BARS = 40;
const MOST_LINES = 8;
const MOST_TIMES = 2000;

/** The picture of rows: lines if the first column that is no number is a time, else bars; undefined if there is none to draw. */
export function quickChart({ columns, rows }: Rows): Chart | undefined {
  const numbers = columns.flatMap(({ type }, i) => (NUMBERS.has(type.kind) ? [i] : []));
  const label = columns.findIndex((_, i) => !numbers.includes(i));
  const [value] = numbers;
  const kind = columns[label]?.type.kind;
  if (label < 0 || value === undefined || kind === undefined || rows.length === 0) return undefined;
  const title = columns[value]?.name ?? "";
  if (!TIMES.has(kind)) {
    const bars = rows
      .slice(0, MOST_BARS)
      .map((row) => ({ name: shown(textOf(row[label])), value: numberOf(row[value]) }));
    return { kind: "bars", title, unit: "number", bars };
  }
  const sorted = [...rows]
    .filter((row) => typeof row[label] === "string")
    .sort((a, b) => (textOf(a[label]) < textOf(b[label]) ? -1 : 1))
    .slice(0, MOST_TIMES);
  const times = sorted.map((row) => {
    const text = textOf(row[label]);
    return { label: text.slice(0, 16).replace("T", " "), start: new Date(text), incomplete: false };
  });
  const series = numbers.slice(0, MOST_LINES).map((i) => ({
    name: columns[i]?.name ?? "",
    values: sorted.map((row) => numberOf(row[i])),
  }));
  return { kind: "lines", title, unit: "number", times, series };
}

function numberOf(cell: Cell | undefined): number | null {
  const value = typeof cell === "string" ? Number(cell) : cell;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "string" ? cell : (JSON.stringify(cell ?? null) ?? "");
}
