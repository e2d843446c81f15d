import { count, counted } from "./figures.js";
import type { Paint } from "./paint.js";

/** The state of an upload hour, by the names that the lake has for them. */
export type HourState = "missing" | "settling" | "empty" | "held" | "loaded" | "refused";

/** One upload hour of a calendar. */
export interface CalendarHour {
  /** `2026-11-23T05`, UTC. */
  readonly hour: string;
  readonly state: HourState;
  /** Events of this hour in the lake. */
  readonly rows: number;
  /** True if the state is not final: it is asked for again. */
  readonly provisional?: boolean | undefined;
}

interface Day {
  readonly date: string;
  readonly hours: readonly CalendarHour[];
}

const MOST_DAYS = 62;
const CELLS: Readonly<Record<HourState | "provisional", string>> = {
  held: "█",
  loaded: "▒",
  empty: "·",
  provisional: "?",
  settling: "~",
  refused: "×",
  missing: "-",
};
const MEANINGS: Readonly<Record<HourState | "provisional", string>> = {
  held: "held",
  loaded: "loaded from files",
  empty: "empty",
  provisional: "empty, to be asked again",
  settling: "settling",
  refused: "refused",
  missing: "missing",
};

/**
 * A row a day, a cell an hour (UTC), the day's events at its end, and a legend of the states that occur. `hours`
 * is in the order of time. Of more than 62 days, the older ones are only counted, save those with a flaw.
 */
export function calendar(hours: readonly CalendarHour[], paint: Paint): string {
  const days = byDay(hours);
  const shown = days.filter((day, i) => i >= days.length - MOST_DAYS || day.hours.some(isFlaw));
  const folded = days.length - shown.length;
  const rows = shown.map(
    (day) => `  ${day.date}  ${cells(day, paint)}  ${paint.dim(rowsOf(day).padStart(13))}`,
  );
  return [
    paint.dim(`  ${" ".repeat(10)}  00    06    12    18    ${" ".repeat(7)}events`),
    ...(folded > 0 ? [paint.dim(`  ${counted(folded, "earlier day")} without a flaw`)] : []),
    ...rows.map((row) => row.trimEnd()),
    `  ${legend(hours, paint)}`,
  ].join("\n");
}

function byDay(hours: readonly CalendarHour[]): Day[] {
  const days = new Map<string, CalendarHour[]>();
  for (const hour of hours) {
    const date = hour.hour.slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), hour]);
  }
  return [...days].map(([date, ofDay]) => ({ date, hours: ofDay }));
}

function cells({ hours }: Day, paint: Paint): string {
  const line = Array.from({ length: 24 }, () => " ");
  for (const hour of hours) line[Number(hour.hour.slice(11, 13))] = cell(nameOf(hour), paint);
  return line.join("");
}

function cell(name: HourState | "provisional", paint: Paint): string {
  const text = CELLS[name];
  if (name === "held" || name === "loaded") return paint.green(text);
  if (name === "refused" || name === "missing") return paint.red(text);
  return name === "settling" || name === "provisional" ? paint.yellow(text) : paint.dim(text);
}

function nameOf({ state, provisional }: CalendarHour): HourState | "provisional" {
  return state === "empty" && provisional ? "provisional" : state;
}

function isFlaw({ state }: CalendarHour): boolean {
  return state === "refused" || state === "missing";
}

function rowsOf({ hours }: Day): string {
  return count(hours.reduce((sum, { rows }) => sum + rows, 0));
}

function legend(hours: readonly CalendarHour[], paint: Paint): string {
  const counts = new Map<HourState | "provisional", number>();
  for (const hour of hours) counts.set(nameOf(hour), (counts.get(nameOf(hour)) ?? 0) + 1);
  const names = (Object.keys(CELLS) as (HourState | "provisional")[]).filter((name) => counts.has(name));
  return names
    .map((name) => `${cell(name, paint)} ${count(counts.get(name) ?? 0)} ${MEANINGS[name]}`)
    .join("   ");
}
