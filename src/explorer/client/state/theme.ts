import { paletteCss } from "../../../browser.js";
import { storeOf } from "./store.js";

/** What the person chose; `auto` follows the system. */
export type ThemeChoice = "auto" | "light" | "dark";

const KEY = "ampframe-theme";
const CHOICES: readonly ThemeChoice[] = ["auto", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");

/** The choice, kept in this browser. */
export const themeChoice = storeOf<ThemeChoice>(kept());
/** Whether dark is shown now: canvases are drawn anew when it changes. */
export const dark = storeOf(isDark());

/** Shows the theme and follows the system's changes; gives the library's colours their names in CSS (`--af-series0`, `--af-heat0`, …). */
export function startTheme(): void {
  const colors = new CSSStyleSheet();
  colors.replaceSync(`:root{${paletteCss("light")}}:root[data-theme="dark"]{${paletteCss("dark")}}`);
  document.adoptedStyleSheets.push(colors);
  const show = () => {
    dark.set(isDark());
    document.documentElement.dataset.theme = dark.get() ? "dark" : "light";
  };
  themeChoice.watch(show);
  system.addEventListener("change", show);
  show();
}

/** From auto to light to dark and round again. */
export function nextTheme(): void {
  const next = CHOICES[(CHOICES.indexOf(themeChoice.get()) + 1) % CHOICES.length] ?? "auto";
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice holds until the page is left.
  }
  themeChoice.set(next);
}

function kept(): ThemeChoice {
  try {
    return CHOICES.find((choice) => choice === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto";
  }
}

function isDark(): boolean {
  return themeChoice.get() === "dark" || (themeChoice.get() === "auto" && system.matches);
}
