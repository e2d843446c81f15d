import { useMemo } from "preact/hooks";
import { Menu } from "../../ui/menu.js";
import type { TableColumn } from "../../ui/table/virtual-table.js";
import { shown } from "../../ui/text.js";
import { areNumbers, CellView, isSortable, kindOf, widthOf } from "./cell.js";
import type { EventStream, StreamInput, StreamRow } from "./event-stream.js";
import type { ShownColumns } from "./use-shown-columns.js";

const LOOKED_AT = 60;

/** The columns as the table draws them, each with a menu in its head. */
export function useTableColumns(
  columns: ShownColumns,
  stream: EventStream | undefined,
  onSort: (order: StreamInput["order"]) => void,
): readonly TableColumn<StreamRow>[] {
  const numbers = columns.shown.map(({ name }) => areNumbers(name, firstCells(stream, name))).join();
  return useMemo(
    () =>
      columns.shown.map(({ name, width }, i) => ({
        id: name,
        title: shown(titleOf(name)),
        detail: kindOf(name) === "time" ? "UTC" : undefined,
        width: width ?? widthOf(name),
        align: numbers.split(",")[i] === "true" ? ("end" as const) : undefined,
        sortable: isSortable(name),
        cell: (row: StreamRow) => <CellView column={name} cell={row.cell(name)} />,
        head: () => (
          <Menu
            label={`Column ${shown(titleOf(name))}`}
            class="table-menu"
            items={[
              ...(isSortable(name)
                ? [
                    { label: "Sort ascending", act: () => onSort({ column: name, descending: false }) },
                    { label: "Sort descending", act: () => onSort({ column: name, descending: true }) },
                  ]
                : []),
              { label: "Move left", disabled: i === 0, act: () => columns.move(name, -1) },
              {
                label: "Move right",
                disabled: i === columns.shown.length - 1,
                act: () => columns.move(name, 1),
              },
              {
                label: "Remove column",
                icon: "close" as const,
                disabled: columns.shown.length === 1,
                act: () => columns.remove(name),
              },
            ]}
          />
        ),
      })),
    [columns, numbers, onSort],
  );
}

/** A property's name without the place that it lies in, if that is the usual one. */
function titleOf(name: string): string {
  return name.replace(/^event_properties\.(?=.)/, "");
}

function firstCells(stream: EventStream | undefined, name: string) {
  return Array.from({ length: LOOKED_AT }, (_, i) => stream?.row(i)?.cell(name));
}
