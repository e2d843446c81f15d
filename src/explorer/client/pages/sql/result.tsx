import { useMemo, useState } from "preact/hooks";
import type { Cell, Rows } from "../../../api.js";
import { ChartView } from "../../ui/chart/chart.js";
import { widest } from "../../ui/chart/text-width.js";
import { copyText } from "../../ui/copy-text.js";
import { type TableColumn, type TableSort, VirtualTable } from "../../ui/table/virtual-table.js";
import { counted, cut, shown } from "../../ui/text.js";
import { quickChart } from "./quick-chart.js";

const NUMBERS = new Set(["int32", "int64", "uint64", "int128", "double", "decimal"]);

type Row = readonly Cell[];

const LOOKED_AT = 100;
const LONGEST = 80;
/** In pixels. */
const [NARROW, WIDE, PADDING] = [160, 420, 28];
/** The table's letters are that much larger than those of charts, by which texts are measured. */
const LARGER = 14 / 12;

/** The rows as a table or a picture. */
export function Result({ rows: answer }: { rows: Rows }) {
  const [drawn, setDrawn] = useState(false);
  const [sort, setSort] = useState<TableSort>();
  const chart = useMemo(() => quickChart(answer), [answer]);
  const rows = useMemo(() => sorted(answer, sort), [answer, sort]);
  const columns = answer.columns.map(
    ({ name, type }, i): TableColumn<Row> => ({
      id: `${i}`,
      title: shown(name),
      detail: type.kind,
      sortable: true,
      ...(NUMBERS.has(type.kind)
        ? { align: "end" as const, width: 130 }
        : { width: widthOf(answer.rows, i) }),
      cell: (row) => <CellText cell={row[i] ?? null} />,
    }),
  );
  const copy = () => {
    const text = [answer.columns.map(({ name }) => name), ...rows]
      .map((row) => row.map((cell) => plain(cell).replace(/[\t\r\n]+/g, " ")).join("\t"))
      .join("\n");
    copyText(text, `${counted(rows.length, "row")} copied`);
  };
  return (
    <section class="sql-result" aria-label="Result">
      <div class="sql-bar">
        <p role="status">
          {counted(answer.rows.length, "row")}
          {answer.cut && " and more: add a LIMIT, or group"}{" "}
          <span class="muted">{answer.milliseconds} ms</span>
        </p>
        {chart && (
          <button type="button" class="button" aria-pressed={drawn} onClick={() => setDrawn(!drawn)}>
            {drawn ? "Table" : "Chart"}
          </button>
        )}
        <button type="button" class="button" onClick={copy}>
          Copy rows
        </button>
      </div>
      {drawn && chart ? (
        <ChartView chart={chart} />
      ) : (
        <div class="sql-table">
          <VirtualTable
            label="Rows"
            columns={columns}
            total={rows.length}
            row={(index) => rows[index]}
            sort={sort}
            onSort={setSort}
            version={`${answer.milliseconds} ${answer.rows.length} ${sort?.column} ${sort?.descending}`}
            empty="No row."
          />
        </div>
      )}
    </section>
  );
}

/** As wide as the first rows need, within limits. */
function widthOf(rows: readonly Row[], column: number): number {
  const texts = rows.slice(0, LOOKED_AT).map((row) => cut(plain(row[column] ?? null), LONGEST));
  return Math.max(NARROW, Math.min(WIDE, Math.ceil(widest(texts) * LARGER) + PADDING));
}

function CellText({ cell }: { cell: Cell }) {
  if (cell === null) return <span class="muted">null</span>;
  const text = shown(plain(cell));
  return <span title={text}>{text}</span>;
}

function plain(cell: Cell): string {
  return typeof cell === "string" ? cell : (JSON.stringify(cell) ?? "");
}

function sorted({ columns, rows }: Rows, sort: TableSort | undefined): readonly Row[] {
  if (sort === undefined) return rows;
  const at = Number(sort.column);
  const isNumber = NUMBERS.has(columns[at]?.type.kind ?? "");
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[at] ?? null, b[at] ?? null];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (isNumber) return sign * (Number(x) - Number(y));
    return sign * (plain(x) < plain(y) ? -1 : plain(x) > plain(y) ? 1 : 0);
  });
}
