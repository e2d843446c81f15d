import type { Selection } from "../../api.js";
import { go, type Route, route } from "./route.js";
import { selectionOf, withSelection } from "./selection-params.js";
import { storeOf } from "./store.js";

/** What is looked at, as the URL says. */
export const selection = storeOf<Selection>(selectionOf(route.get().params));
/** Whether there is something to undo and to redo. */
export const steps = storeOf({ undo: false, redo: false });

const past: Selection[] = [];
const future: Selection[] = [];
let moving = false;

route.watch(({ params }) => {
  const next = selectionOf(params);
  const before = selection.get();
  if (same(next, before)) return;
  if (!moving) {
    past.push(before);
    future.length = 0;
  }
  selection.set(next);
  tellSteps();
});

/** Looks at `next` from now on, on every page; with `replace` without an entry of its own in the browser's history. */
export function select(next: Selection, options: { replace?: boolean } = {}): void {
  const now = route.get();
  go({ ...now, params: withSelection(now.params, next) }, options);
}

/** Changes some of the selection; undefined takes a condition out. */
export function changeSelection(change: Partial<Selection>): void {
  select({ ...selection.get(), ...change });
}

/** The selection as it was before the last change of it. */
export function undo(): void {
  move(past, future);
}

/** Takes an undo back. */
export function redo(): void {
  move(future, past);
}

/** The route of a page with the selection of now. */
export function pageRoute(page: string, params: Readonly<Record<string, string>> = {}): Route {
  return { page, params: withSelection(new URLSearchParams(params), selection.get()) };
}

function move(from: Selection[], to: Selection[]): void {
  const target = from.pop();
  if (target === undefined) return;
  to.push(selection.get());
  moving = true;
  try {
    select(target);
  } finally {
    moving = false;
  }
  tellSteps();
}

function tellSteps(): void {
  steps.set({ undo: past.length > 0, redo: future.length > 0 });
}

function same(a: Selection, b: Selection): boolean {
  return (
    withSelection(new URLSearchParams(), a).toString() === withSelection(new URLSearchParams(), b).toString()
  );
}
