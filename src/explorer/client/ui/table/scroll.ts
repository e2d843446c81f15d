/** The tallest element that all browsers lay out. */
export const TALLEST = 8_000_000;

/** Where a table is scrolled to: `top` is the first visible pixel of all rows, `scroll` what the browser's bar says. */
export interface ScrollState {
  readonly top: number;
  readonly scroll: number;
}

/** How tall things are: all rows, the element that stands for them, and what is visible. */
export interface ScrollSizes {
  readonly rows: number;
  readonly view: number;
}

/** The height of the element that stands for all rows. */
export function bodyHeight({ rows }: ScrollSizes): number {
  return Math.min(rows, TALLEST);
}

/**
 * Follows the scroll bar. As long as all rows fit into an element, both are the same. Beyond that a small movement is taken as
 * it is, a large one (the bar was dragged) in proportion, so that every row can be reached and none is skipped.
 */
export function scrolled(before: ScrollState, scroll: number, sizes: ScrollSizes): ScrollState {
  const [most, mostScroll] = limits(sizes);
  if (most <= mostScroll) return { top: clamp(scroll, most), scroll };
  const moved = scroll - before.scroll;
  const ended = scroll <= 0 || scroll >= mostScroll - 1;
  const top = Math.abs(moved) < sizes.view && !ended ? before.top + moved : (scroll / mostScroll) * most;
  return { top: clamp(top, most), scroll };
}

/** The state in which `top` is the first visible pixel. */
export function scrolledTo(top: number, sizes: ScrollSizes): ScrollState {
  const [most, mostScroll] = limits(sizes);
  const there = clamp(top, most);
  return { top: there, scroll: most <= mostScroll ? there : (there / most) * mostScroll };
}

/** The first and the last row that are visible, with some before and after them. */
export function visibleRows(
  { top }: ScrollState,
  { view }: ScrollSizes,
  { rowHeight, total, more = 6 }: { rowHeight: number; total: number; more?: number },
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - more);
  return { first, last: Math.min(total - 1, Math.ceil((top + view) / rowHeight) + more) };
}

function limits(sizes: ScrollSizes): [number, number] {
  return [Math.max(0, sizes.rows - sizes.view), Math.max(0, bodyHeight(sizes) - sizes.view)];
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
