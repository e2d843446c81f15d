/** On light or on dark ground. */
export type Theme = "light" | "dark";

/** The series' colours differ for people who are blind to red, green or blue, and stand out from the ground by 3 to 1 and more. */
const LIGHT_SERIES = ["#232c9a", "#d4811d", "#007361", "#985ede", "#875d02", "#c63d8e", "#599bcb", "#534142"];
const DARK_SERIES = ["#0784d9", "#cd6204", "#00cd92", "#feb5ff", "#d2ae3f", "#b56a94", "#84a8cf", "#d9dcc5"];
const LIGHT_HEAT = ["#eef4fb", "#d6e6f5", "#b5d2ec", "#8ab8df", "#5a9bd0", "#2a74b5", "#155a9c", "#0b3a75"];
const DARK_HEAT = ["#1b2430", "#1d3148", "#1f4163", "#215380", "#2b6aa3", "#4488c4", "#74acdf", "#b4d4f2"];

/** How many series have a colour of their own. */
export const SERIES_COLORS = LIGHT_SERIES.length;
/** How many colours a heat map has. */
export const HEAT_COLORS = LIGHT_HEAT.length;

/** The colours by the names of their CSS variables, without `--af-`. `on0` is that of letters on `heat0`. */
export const COLORS: Readonly<Record<Theme, Readonly<Record<string, string>>>> = {
  light: {
    ...{ paper: "#ffffff", ink: "#1a1d23", muted: "#5b6270", grid: "#e4e7ec", axis: "#9aa1ad" },
    ...named("series", LIGHT_SERIES),
    ...named("heat", LIGHT_HEAT),
    ...named("on", [...new Array(5).fill("#14181f"), ...new Array(3).fill("#ffffff")]),
  },
  dark: {
    ...{ paper: "#14171c", ink: "#e8eaee", muted: "#a3abb8", grid: "#2b303a", axis: "#6a7280" },
    ...named("series", DARK_SERIES),
    ...named("heat", DARK_HEAT),
    ...named("on", [...new Array(5).fill("#f2f5f9"), ...new Array(3).fill("#0e1116")]),
  },
};

/** The colour with this name, as it stands in a picture that has no theme yet. */
export function color(name: string): string {
  return `var(--af-${name})`;
}

/** The colour of the series with this number, from 0. */
export function seriesColor(index: number): string {
  return color(`series${index % SERIES_COLORS}`);
}

const VARIABLE = /^var\(--af-([a-z0-9]+)\)$/;

/** A colour by `color()`, as the theme has it; other values as they are. */
export function themed(value: string, theme: Theme): string {
  return COLORS[theme][VARIABLE.exec(value)?.[1] ?? ""] ?? value;
}

/** CSS that gives the variables their values. */
export function paletteCss(theme: Theme): string {
  return Object.entries(COLORS[theme])
    .map(([name, value]) => `--af-${name}:${value}`)
    .join(";");
}

function named(prefix: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, i) => [`${prefix}${i}`, value]));
}
