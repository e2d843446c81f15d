import { useEffect, useId, useRef, useState } from "preact/hooks";
import { COLUMN_WIDTH, type TableColumn, type TableSort } from "./column.js";
import { HeadCell } from "./head-cell.js";
import { useRowsScroll } from "./use-rows-scroll.js";

export type { TableColumn, TableSort } from "./column.js";

interface VirtualTableProps<R> {
  /** What screen readers call it. */
  readonly label: string;
  readonly columns: readonly TableColumn<R>[];
  /** How many rows there are, of which only the visible ones are drawn. */
  readonly total: number;
  /** A row; undefined if it is not there yet: it is drawn empty. */
  readonly row: (index: number) => R | undefined;
  /** Is told which rows are visible, some before and after them included, whenever that changes. */
  readonly onVisible?: ((first: number, last: number, top: number) => void) | undefined;
  /** Is told how wide a column was made. */
  readonly onWidth?: ((id: string, width: number) => void) | undefined;
  /** Copies the marked row when Ctrl+C, or Cmd+C, is pressed. */
  readonly onCopy?: ((index: number) => void) | undefined;
  /** Moves the table from outside. */
  readonly handle?: { current: TableHandle | null } | undefined;
  readonly sort?: TableSort | undefined;
  readonly onSort?: ((sort: TableSort) => void) | undefined;
  /** By click, or Enter on the row that the arrow keys went to. */
  readonly onOpen?: ((index: number) => void) | undefined;
  /** The row that is open. */
  readonly open?: number | undefined;
  /** In pixels, default 32. */
  readonly rowHeight?: number | undefined;
  /** Changes when the rows are others: the table goes to the top. */
  readonly version?: string | undefined;
  /** What stands there if there are no rows. */
  readonly empty?: string | undefined;
}

/** What can be done with a table from outside. */
export interface TableHandle {
  /** Makes a row the first visible one. */
  goTo(row: number): void;
  /** Scrolls no further than it must to show a row, and marks it. */
  reveal(row: number): void;
  /** Gives the table the keyboard. */
  focus(): void;
}

/** Rows as they were last drawn without one missing. */
interface Picture<R> {
  readonly top: number;
  readonly rows: readonly { readonly index: number; readonly row: R | undefined }[];
}

const HEAD = 34;

/**
 * A table of any length that fills its parent's height. Arrow keys, Page Up and Down, Home and End move a marked row, Enter opens it; columns are
 * sorted by their titles and made wider at their edges.
 */
export function VirtualTable<R>(props: VirtualTableProps<R>) {
  const { columns, total, rowHeight = 32, onVisible, onOpen, open } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const [marked, setMarked] = useState<number>();
  const scroll = useRowsScroll(box, total, rowHeight, HEAD);
  const { first, last } = scroll;
  const topRow = scroll.seen.first;
  useEffect(() => {
    if (last >= first) onVisible?.(first, last, topRow);
  }, [first, last, topRow, onVisible]);
  const { handle } = props;
  const control = useRef<TableHandle>({ goTo() {}, reveal() {}, focus() {} });
  control.current = {
    goTo: scroll.goTo,
    reveal(row) {
      setMarked(row);
      scroll.reveal(row);
    },
    focus: () => box.current?.focus(),
  };
  useEffect(() => {
    if (handle === undefined) return;
    handle.current = {
      goTo: (row) => control.current.goTo(row),
      reveal: (row) => control.current.reveal(row),
      focus: () => control.current.focus(),
    };
    return () => {
      handle.current = null;
    };
  }, [handle]);
  const shownVersion = useRef(props.version);
  useEffect(() => {
    if (shownVersion.current === props.version) return;
    shownVersion.current = props.version;
    setMarked(undefined);
    scroll.toTop();
  });

  const widthOf = (column: TableColumn<R>) => widths[column.id] ?? column.width ?? COLUMN_WIDTH;
  const all = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const key = (event: KeyboardEvent) => {
    const copies = (event.ctrlKey || event.metaKey) && event.key === "c" && marked !== undefined;
    if (copies && String(getSelection() ?? "") === "" && props.onCopy) {
      event.preventDefault();
      props.onCopy(marked);
      return;
    }
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = marked ?? -1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + scroll.page,
      PageUp: at - scroll.page,
      Home: 0,
      End: total - 1,
    };
    const next = to[event.key];
    if (next !== undefined && total > 0) {
      event.preventDefault();
      const row = Math.max(0, Math.min(total - 1, next));
      setMarked(row);
      scroll.reveal(row);
    } else if (event.key === "Enter" && marked !== undefined) onOpen?.(marked);
  };
  const picture = useRef<Picture<R>>(undefined);
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    index: first + i,
    row: props.row(first + i),
  }));
  const isWhole = rows.every(
    ({ index, row }) => row !== undefined || index < scroll.seen.first || index > scroll.seen.last,
  );
  if (isWhole) picture.current = { top: scroll.top, rows };
  // Until rows that are scrolled to are there, those before stay in view: nobody looks at an empty table.
  const held = isWhole ? undefined : picture.current;
  const shift = held === undefined ? 0 : scroll.top - held.top;
  return (
    <div
      class="table"
      ref={box}
      role="grid"
      aria-busy={!isWhole}
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={
        marked !== undefined && marked >= first && marked <= last ? `${id}-${marked}` : undefined
      }
      onScroll={scroll.follow}
      onKeyDown={key}
    >
      <div class="table-head" role="row" aria-rowindex={1} style={{ width: all, height: HEAD }}>
        {columns.map((column, i) => (
          <HeadCell
            key={column.id}
            {...{ column, index: i, width: widthOf(column), sort: props.sort, onSort: props.onSort }}
            onWidth={(name, width) => {
              setWidths((before) => ({ ...before, [name]: width }));
              props.onWidth?.(name, width);
            }}
          />
        ))}
      </div>
      <div class="table-body" role="rowgroup" style={{ width: all, height: scroll.body }}>
        {(held?.rows ?? rows).map(({ index, row }) => {
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              class={`table-row ${index === marked ? "marked" : ""} ${index === open ? "open" : ""} ${onOpen ? "opens" : ""}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === open}
              style={{ height: rowHeight, transform: `translateY(${scroll.placeOf(index) + shift}px)` }}
              onClick={() => {
                setMarked(index);
                onOpen?.(index);
              }}
            >
              {columns.map((column, i) => (
                <div
                  key={column.id}
                  class={`table-cell ${column.align === "end" ? "end" : ""}`}
                  role="gridcell"
                  aria-colindex={i + 1}
                  style={{ width: widthOf(column) }}
                >
                  {row === undefined ? <span class="table-waiting" /> : column.cell(row, index)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {total === 0 && props.empty && <p class="table-empty muted">{props.empty}</p>}
    </div>
  );
}
