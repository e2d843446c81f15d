import { counted, duration } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";

/** An event of a timeline. */
export interface TimelineEvent {
  readonly event_time: Date | null;
  readonly event_type: string | null;
  readonly session: bigint | null;
  readonly gap: number | null;
  readonly platform: string | null;
  readonly country: string | null;
  readonly event_properties: unknown;
}

/** How a timeline is written. */
export interface TimelineStyle {
  readonly width: number;
  readonly timeZone: string;
  readonly paint: Paint;
}

/** The events by session: of each its number, when and how long it was, then a line an event with the time since the one before. */
export function timelineText(events: readonly TimelineEvent[], style: TimelineStyle): string {
  const { paint, timeZone } = style;
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const timeOf = (event: TimelineEvent): string =>
    event.event_time === null ? "" : clock.format(event.event_time);
  return runsOf(events)
    .map((run) => {
      const [first] = run;
      const seconds = run.slice(1).reduce((sum, { gap }) => sum + (gap ?? 0), 0);
      const where = [first?.platform, first?.country].filter((part) => typeof part === "string").join(", ");
      const name = first?.session === null ? "Outside of sessions" : `Session ${first?.session}`;
      const told = [timeOf(first!), timeZone, counted(run.length, "event"), duration(seconds), where];
      const head = `${paint.bold(name)}  ${paint.dim(told.filter((part) => part !== "").join("  "))}`;
      return `${[head, ...run.map((event) => lineOf(event, timeOf(event).slice(11), style))].join("\n")}\n`;
    })
    .join("\n");
}

function lineOf(event: TimelineEvent, time: string, { width, paint }: TimelineStyle): string {
  const since = event.gap === null ? "" : `+${duration(event.gap)}`;
  const what = printableLine(String(event.event_type));
  const { event_properties: properties } = event;
  const text = typeof properties === "string" ? properties : (JSON.stringify(properties) ?? "");
  const start = `  ${time}  ${since.padStart(11)}  ${what}`;
  const room = width - start.length - 2;
  const more = text === "{}" || text === "null" || room < 10 ? "" : printableLine(text);
  const cut = more.length > room ? `${more.slice(0, room - 1)}…` : more;
  return cut === "" ? start : `${start}  ${paint.dim(cut)}`;
}

/** Events one after the other of the same session, or of none. */
function runsOf(events: readonly TimelineEvent[]): TimelineEvent[][] {
  const runs: TimelineEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run !== undefined && run[0]?.session === event.session) run.push(event);
    else runs.push([event]);
  }
  return runs;
}
