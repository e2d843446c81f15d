import { PAGES } from "../pages.js";
import { go } from "../state/route.js";
import { pageRoute, redo, undo } from "../state/selection.js";
import { nextTheme } from "../state/theme.js";
import { help, palette } from "./sheets.js";

/** What the keys do, for the help. */
export const SHORTCUTS: readonly (readonly [keys: string, meaning: string])[] = [
  ["/", "Search pages, events, properties and saved things"],
  ...PAGES.map(({ key, title }) => [`g ${key}`, `Go to ${title}`] as const),
  ["z", "Undo the last change of the selection"],
  ["Shift z", "Redo it"],
  ["t", "Theme: as the system has it, light, dark"],
  ["?", "This help"],
  ["↑ ↓ Enter", "Move in lists and tables, open"],
  ["Esc", "Close what is open"],
];

const PAUSE = 1200;
const ACTS: Readonly<Record<string, () => void>> = {
  "/": () => palette.set(true),
  "?": () => help.set(true),
  z: undo,
  Z: redo,
  t: nextTheme,
};

/** Listens for keys wherever nothing is typed. */
export function startShortcuts(): void {
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event)) return;
    const page = Date.now() - going < PAUSE ? PAGES.find(({ key }) => key === event.key) : undefined;
    going = event.key === "g" && page === undefined ? Date.now() : 0;
    const act = page ? () => goTo(page.name) : ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function goTo(page: string): void {
  go(pageRoute(page));
  document.getElementById("page")?.focus();
}

function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || document.querySelector("dialog[open]")) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
