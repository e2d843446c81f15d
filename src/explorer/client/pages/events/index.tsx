import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { usePageState } from "../../state/page-state.js";
import { selection as selectionStore } from "../../state/selection.js";
import { useStore } from "../../state/store.js";
import { copyText } from "../../ui/copy-text.js";
import { EventPanel } from "../../ui/event/event-panel.js";
import { FaultNote } from "../../ui/fault-note.js";
import { PageHead } from "../../ui/page-head.js";
import { type TableHandle, VirtualTable } from "../../ui/table/virtual-table.js";
import { counted } from "../../ui/text.js";
import { cellText } from "./cell.js";
import { ColumnChoice } from "./column-choice.js";
import { ExportButton } from "./export-button.js";
import { orderOf, orderText } from "./order-param.js";
import { useTableColumns } from "./table-columns.js";
import { TimeStrip } from "./time-strip.js";
import { useShownColumns } from "./use-shown-columns.js";
import { useStream } from "./use-stream.js";

/** What every row needs, shown or not. */
const ALWAYS = ["uuid", "event_time"];
const ROW_PAUSE = 400;

/** The page "Events": the stream of events, sorted, with columns of choice; a row opens to all that it has. */
export default function Events() {
  const selection = useStore(selectionStore);
  const [sort, setSort] = usePageState("sort");
  const [open, setOpen] = usePageState("open");
  const [rowParam, setRowParam] = usePageState("row");
  const order = useMemo(() => orderOf(sort), [sort]);
  const columns = useShownColumns();
  const names = useMemo(
    () => [...new Set([...ALWAYS, ...columns.shown.map(({ name }) => name)])],
    [columns.shown],
  );
  const { stream, times, isOld, fault, retry } = useStream(selection, order, names);
  const onSort = useCallback((next: typeof order) => setSort(orderText(next), { push: true }), [setSort]);
  const table = useRef<TableHandle>(null);
  const [top, setTop] = useState(0);
  /** The row that the URL names, until the table is there. */
  const start = useRef(Number(rowParam) || 0);
  useEffect(() => {
    if (start.current === 0 || stream === undefined || !stream.isCounted) return;
    const row = Math.min(start.current, stream.total - 1);
    start.current = 0;
    table.current?.goTo(row);
  });
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback(
    (first: number, last: number, topRow: number) => {
      stream?.show(first, last);
      setTop(topRow);
      if (start.current > 0) return;
      clearTimeout(pause.current);
      pause.current = setTimeout(() => setRowParam(topRow > 0 ? String(topRow) : ""), ROW_PAUSE);
    },
    [stream, setRowParam],
  );
  const tableColumns = useTableColumns(columns, stream, onSort);
  const total = stream?.total ?? 0;
  const timeOf = (row: number) => {
    const time = stream?.row(row)?.cell("event_time");
    return typeof time === "string" ? time : undefined;
  };
  const uuidOf = (row: number) => stream?.row(row)?.cell("uuid");
  const [openRow, setOpenRow] = useState<number>();
  const openAt = (row: number) => {
    const uuid = uuidOf(row);
    if (typeof uuid !== "string") return;
    setOpenRow(row);
    setOpen(`${uuid}~${timeOf(row) ?? ""}`, { push: open === "" });
  };
  const [openUuid = "", openTime = ""] = open.split("~");
  const isOpenRow = openRow !== undefined && uuidOf(openRow) === openUuid;
  const step = (by: number) => {
    if (openRow === undefined) return;
    const next = openRow + by;
    if (next < 0 || next >= total || uuidOf(next) === undefined) return;
    openAt(next);
    table.current?.reveal(next);
  };
  const copy = (row: number) => {
    const event = stream?.row(row);
    if (event === undefined) return;
    const text = columns.shown.map(({ name }) => cellText(name, event.cell(name))).join("\t");
    copyText(text, "The row was copied.");
  };
  return (
    <div class={`stream ${open === "" ? "" : "with-panel"}`}>
      <PageHead
        title="Events"
        note={stream === undefined ? "" : stream.isCounted ? counted(total, "event") : "counting…"}
      >
        <ColumnChoice columns={columns} />
        <ExportButton
          selection={selection}
          columns={columns.shown.map(({ name }) => name)}
          total={times?.total}
        />
      </PageHead>
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      {times !== undefined && order.column === "event_time" && times.from !== null && (
        <TimeStrip
          times={times}
          time={timeOf(top)}
          descending={order.descending}
          onGo={(row) => table.current?.goTo(row)}
        />
      )}
      <div class="events-body">
        <div class="events-table" aria-busy={isOld || stream === undefined}>
          {stream !== undefined && (
            <VirtualTable
              handle={table}
              label="Events"
              columns={tableColumns}
              total={total}
              row={(index) => stream.row(index)}
              onVisible={show}
              sort={order}
              onSort={onSort}
              onWidth={columns.setWidth}
              onOpen={openAt}
              onCopy={copy}
              open={isOpenRow ? openRow : undefined}
              version={JSON.stringify(stream.input)}
              empty="No event is in the selection."
            />
          )}
        </div>
        {open !== "" && (
          <EventPanel
            uuid={openUuid}
            time={openTime}
            columns={columns.shown.map(({ name }) => name)}
            onColumn={columns.add}
            onClose={() => {
              setOpen("");
              table.current?.focus();
            }}
            onStep={isOpenRow ? step : undefined}
          />
        )}
      </div>
    </div>
  );
}
