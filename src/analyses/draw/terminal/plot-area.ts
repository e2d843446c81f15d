import { displayWidth } from "../../../frame/print/display-width.js";
import type { ChartUnit, LineChart } from "../../chart.js";
import { position, type Scale, tickText } from "../scale.js";
import { DIM, type Line, label, padStart, type Span, widest } from "./line.js";

/** Where a picture over time is drawn: a rectangle of characters between its axes. */
export interface PlotArea {
  /** Columns within the axes. */
  readonly columns: number;
  readonly rows: number;
  readonly scale: Scale;
  readonly unit: ChartUnit;
  readonly times: LineChart["times"];
  /** The column, from 0, of the time with this number. */
  readonly columnOf: (time: number) => number;
  /** The row, from 0 at the top, of a value. */
  readonly rowOf: (value: number) => number;
}

/** Columns that the labels of the axis of values take, with the axis itself. */
export function marginOf(scale: Scale, unit: ChartUnit): number {
  return widest(tickTexts(scale, unit)) + 2;
}

/** The rows of a picture within axes. */
export function withAxes(area: PlotArea, rows: readonly Line[]): Line[] {
  const { scale, unit } = area;
  const labels = new Map<number, string>();
  for (const [i, text] of tickTexts(scale, unit).entries()) labels.set(area.rowOf(scale.ticks[i]!), text);
  const width = marginOf(scale, unit) - 2;
  const drawn = rows.map((row, i): Line => {
    const text = labels.get(i);
    return [{ text: `${padStart(text ?? "", width)} ${text === undefined ? "│" : "┤"}`, style: DIM }, ...row];
  });
  return [...drawn, ...timeAxis(area, width)];
}

/** A line that tells which times are incomplete, if any: neighbours by their first and last. */
export function incompleteNote(times: LineChart["times"]): Line[] {
  const runs: string[][] = [];
  for (const [i, { incomplete, label: name }] of times.entries()) {
    if (!incomplete) continue;
    if (times[i - 1]?.incomplete === true) runs.at(-1)?.push(name);
    else runs.push([name]);
  }
  if (runs.length === 0) return [];
  const which = runs.map((run) =>
    run.length === 1 ? label(run[0]!) : `${label(run[0]!)} to ${label(run.at(-1)!)}`,
  );
  return [[{ text: `* incomplete: ${which.join(", ")}`, style: DIM }]];
}

function timeAxis({ times, columns, columnOf }: PlotArea, margin: number): Line[] {
  const names = times.map(({ label: name, incomplete }) => `${label(name, 24)}${incomplete ? "*" : ""}`);
  // The first label begins at the axis, the others stand in the middle below their tick: half a label more.
  const between = (columnOf(times.length - 1) - columnOf(0)) / Math.max(1, times.length - 1);
  const step = Math.max(1, Math.ceil((widest(names) * 1.5 + 2 - columnOf(0)) / Math.max(0.01, between)));
  const ticks = new Array<string>(columns).fill("─");
  let text = "";
  for (const [i, name] of names.entries()) {
    if (i % step !== 0) continue;
    const size = displayWidth(name);
    const start = Math.max(0, Math.min(columns - size, columnOf(i) - Math.floor(size / 2)));
    if (text !== "" && start < displayWidth(text) + 1) continue;
    text = `${text}${" ".repeat(start - displayWidth(text))}${name}`;
    ticks[columnOf(i)] = "┬";
  }
  const pad = " ".repeat(margin + 1);
  const line = (content: string): Span[] => [{ text: content, style: DIM }];
  return [line(`${pad}└${ticks.join("")}`), line(`${pad} ${text}`)];
}

function tickTexts({ ticks }: Scale, unit: ChartUnit): string[] {
  return ticks.map((tick) => tickText(tick, unit));
}

/** About so many rows, as many of them between each two ticks. */
export function rowsFor({ ticks }: Scale, about: number): number {
  const between = Math.max(1, Math.round(about / (ticks.length - 1)));
  return between * (ticks.length - 1) + 1;
}

/** The row of a value among `rows`, from 0 at the top. */
export function rowIn(scale: Scale, rows: number, value: number): number {
  return Math.round((1 - position(scale, value)) * (rows - 1));
}
