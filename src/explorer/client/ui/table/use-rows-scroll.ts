import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useSize } from "../use-size.js";
import { bodyHeight, type ScrollState, scrolled, scrolledTo, TALLEST, visibleRows } from "./scroll.js";

/** Rows of more heights of the view than these are moved by ourselves. */
const LONG_VIEWS = 3;

/** Scrolls `total` rows of the same height within `box`, whose head covers `head` pixels. */
export function useRowsScroll(
  box: RefObject<HTMLElement | null>,
  total: number,
  rowHeight: number,
  head: number,
) {
  const { height } = useSize(box);
  const sizes = { rows: total * rowHeight, view: Math.max(0, height - head) };
  const [state, setState] = useState<ScrollState>({ top: 0, scroll: 0 });
  const now = useRef({ state, sizes });
  now.current = { state, sizes };
  // The browser moves what it scrolls before rows can be drawn there: with a wheel over many rows one would see none.
  const long = sizes.rows > LONG_VIEWS * sizes.view;

  const show = useCallback(
    (next: ScrollState) => {
      now.current.state = next;
      setState(next);
      if (box.current && Math.abs(box.current.scrollTop - next.scroll) > 0.5)
        box.current.scrollTop = next.scroll;
    },
    [box],
  );
  const follow = useCallback(() => {
    if (!box.current || Math.abs(box.current.scrollTop - now.current.state.scroll) < 1) return;
    const next = scrolled(now.current.state, box.current.scrollTop, now.current.sizes);
    now.current.state = next;
    setState(next);
  }, [box]);
  /** Moves the rows so far that the row with this number is visible. */
  const reveal = useCallback(
    (row: number) => {
      const { state, sizes } = now.current;
      const [from, to] = [row * rowHeight, (row + 1) * rowHeight];
      if (from < state.top) show(scrolledTo(from, sizes));
      else if (to > state.top + sizes.view) show(scrolledTo(to - sizes.view, sizes));
    },
    [rowHeight, show],
  );

  useEffect(() => {
    const element = box.current;
    if (!element || !long) return;
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? now.current.sizes.view : 1;
      show(scrolledTo(now.current.state.top + event.deltaY * unit, now.current.sizes));
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [box, long, rowHeight, show]);
  useLayoutEffect(() => {
    const { state, sizes } = now.current;
    const next = scrolledTo(state.top, sizes);
    if (next.top !== state.top || Math.abs(next.scroll - state.scroll) > TALLEST) show(next);
  }, [total, rowHeight, show]);

  return {
    ...visibleRows(state, sizes, { rowHeight, total }),
    body: bodyHeight(sizes),
    /** Where, in the element that stands for all rows, a row lies. */
    placeOf: (row: number) => row * rowHeight - state.top + state.scroll,
    page: Math.max(1, Math.floor(sizes.view / rowHeight) - 1),
    follow,
    reveal,
    /** The first visible pixel of all rows. */
    top: state.top,
    /** The first and the last row of which something is visible. */
    seen: {
      first: Math.min(Math.max(0, total - 1), Math.floor(state.top / rowHeight)),
      last: Math.min(total - 1, Math.floor((state.top + sizes.view) / rowHeight)),
    },
    /** Moves the rows so that the row with this number is the first visible one. */
    goTo: (row: number) => show(scrolledTo(row * rowHeight, now.current.sizes)),
    toTop: () => show(scrolledTo(0, now.current.sizes)),
  };
}
