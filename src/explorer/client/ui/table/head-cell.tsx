import { useRef } from "preact/hooks";
import { NARROWEST, type TableColumn, type TableSort } from "./column.js";

interface HeadCellProps<R> {
  readonly column: TableColumn<R>;
  readonly index: number;
  readonly width: number;
  readonly sort: TableSort | undefined;
  readonly onSort: ((sort: TableSort) => void) | undefined;
  readonly onWidth: (id: string, width: number) => void;
}

const STEP = 16;

/** A column's head: its title, which sorts, and an edge, which makes it wider by dragging or by arrow keys. */
export function HeadCell<R>({ column, index, width, sort, onSort, onWidth }: HeadCellProps<R>) {
  const start = useRef<{ x: number; width: number }>(undefined);
  const sorted = sort?.column === column.id ? (sort.descending ? "descending" : "ascending") : undefined;
  const set = (next: number) => onWidth(column.id, Math.max(NARROWEST, Math.round(next)));
  const turn = () => onSort?.({ column: column.id, descending: sorted === "ascending" });
  const title = (
    <>
      <span class="table-title">{column.title}</span>
      {column.detail && <span class="table-detail">{column.detail}</span>}
      {sorted && <span class="table-arrow">{sorted === "ascending" ? "↑" : "↓"}</span>}
    </>
  );
  return (
    <div
      class={`table-head-cell ${column.align === "end" ? "end" : ""}`}
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={column.sortable ? (sorted ?? "none") : undefined}
      style={{ width }}
    >
      {column.sortable && onSort ? (
        <button type="button" class="table-sort" title={`${column.title}: sort`} onClick={turn}>
          {title}
        </button>
      ) : (
        <span class="table-sort" title={column.title}>
          {title}
        </span>
      )}
      {column.head?.()}
      <span
        class="table-edge"
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={`Width of ${column.title}`}
        aria-valuenow={width}
        aria-valuemin={NARROWEST}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { x: event.clientX, width };
        }}
        onPointerMove={(event) => {
          if (start.current) set(start.current.width + event.clientX - start.current.x);
        }}
        onPointerUp={() => {
          start.current = undefined;
        }}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          set(width + step);
        }}
      />
    </div>
  );
}
