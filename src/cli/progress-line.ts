import type { HourRange, Progress } from "../index.js";
import { bytes, clock, short } from "./figures.js";
import type { Paint } from "./paint.js";
import { bytesSoFar, eventsSoFar, type ProgressState, share } from "./progress-state.js";

const BAR = 24;

/** `state` as one line of at most `columns - 1` characters, so that no terminal wraps it. */
export function progressLine(state: ProgressState, columns: number, now: number, paint: Paint): string {
  const room = columns - 1;
  const parts = partsOf(state, now);
  while (parts.length > 1 && parts.join("  ").length > room) parts.pop();
  const text = parts.join("  ").slice(0, Math.max(0, room));
  const bar = Math.min(BAR, room - text.length - 2);
  if (bar < 8) return text;
  const full = Math.round(share(state) * bar);
  return `${paint.green("━".repeat(full))}${paint.dim("─".repeat(bar - full))}  ${text}`;
}

/** What happened, as a line to keep on the screen; undefined for what the moving line shows. */
export function noteOf(progress: Progress): string | undefined {
  switch (progress.kind) {
    case "retry":
      return `retry   ${rangeText(progress.window)}  in ${clock(progress.waitMs / 1000)}: ${progress.reason}`;
    case "split":
      return `split   ${rangeText(progress.window)}  in two: ${progress.reason}`;
    case "refused":
      return `refused ${progress.refusal.what}: ${progress.refusal.reason}`;
    default:
      return undefined;
  }
}

/** A range of hours in words: `2026-11-16`, `2026-11-16T05`, `2026-11-16T00..T11`, `2026-11-16T00..2026-11-18T05`. */
export function rangeText({ from, to }: HourRange): string {
  if (from === to) return from;
  const [fromDate = "", fromHour = ""] = from.split("T");
  const [toDate = "", toHour = ""] = to.split("T");
  if (fromHour === "00" && toHour === "23") return fromDate === toDate ? fromDate : `${fromDate}..${toDate}`;
  return fromDate === toDate ? `${from}..T${toHour}` : `${from}..${to}`;
}

function partsOf(state: ProgressState, now: number): string[] {
  const seconds = (now - state.startedAt) / 1000;
  const done = share(state);
  const size = bytesSoFar(state);
  const events = eventsSoFar(state);
  const parts: string[] = [];
  if (state.hours > 0) parts.push(`${state.hoursDone}/${state.hours} h`);
  if (size > 0) parts.push(bytes(size));
  else if (state.asking) parts.push(`waiting for ${rangeText(state.asking)}`, clock(seconds));
  if (events > 0) parts.push(`${short(events)} events`);
  if (events > 0 && seconds >= 1) parts.push(`${short(events / seconds)}/s`);
  if (done >= 0.05 && done < 1 && seconds >= 2) parts.push(`${clock((seconds * (1 - done)) / done)} left`);
  return parts.length > 0 ? parts : [clock(seconds)];
}
