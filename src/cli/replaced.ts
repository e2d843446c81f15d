import type { PullReport, ReplacedHour } from "../index.js";
import { count, counted } from "./figures.js";
import type { Paint } from "./paint.js";

const MOST_HOURS = 20;

/** Hours that were brought again, in one clause: `2 hours brought again (5 added, 1 changed, 1 gone)`; empty if none. */
export function replacedClause({ replaced }: PullReport): string {
  if (replaced.length === 0) return "";
  return `${counted(replaced.length, "hour")} brought again (${changesIn(replaced)})`;
}

/** What changed in all of `hours`: `5 added, 1 changed, 1 gone`. */
export function changesIn(hours: readonly ReplacedHour[]): string {
  return changes(sumOf(hours));
}

/** A row for each hour in which something changed, at most 20, with an example of each change. */
export function replacedRows({ replaced }: PullReport, paint: Paint): string[] {
  const changed = replaced.filter(({ added, changed, gone }) => added + changed + gone > 0);
  const rows = changed.slice(0, MOST_HOURS).flatMap((hour) => {
    const { uuids, before, after } = hour;
    const figures = `${count(before)} → ${count(after)} events, ${changes(hour)}`;
    const examples = (["added", "changed", "gone"] as const).flatMap((kind) =>
      uuids[kind].length > 0 ? [`    ${kind} ${uuids[kind].slice(0, 2).join(" ")}`] : [],
    );
    return [`  ${paint.bold(hour.hour)}  ${figures}`, ...examples.map((line) => paint.dim(line))];
  });
  const more = changed.length - MOST_HOURS;
  return more > 0 ? [...rows, paint.dim(`  … and ${counted(more, "hour")} more; --json lists them`)] : rows;
}

/** What must be said of hours whose events Amplitude no longer gives; empty if there are none. */
export function keptWarning({ replaced }: PullReport): string[] {
  const kept = replaced.filter((hour) => hour.kept > 0);
  if (kept.length === 0) return [];
  const hours = kept.length > 3 ? `${counted(kept.length, "hour")}` : kept.map(({ hour }) => hour).join(", ");
  const rows = counted(sumOf(kept).kept, "event");
  return [`${hours}: Amplitude no longer gives ${rows} that the lake holds; nothing of them was taken out`];
}

type Counts = Pick<ReplacedHour, "added" | "changed" | "gone" | "kept">;

function changes({ added, changed, gone, kept }: Counts): string {
  const stay = kept > 0 ? `, of which ${count(kept)} stay` : "";
  return `${count(added)} added, ${count(changed)} changed, ${count(gone)} gone${stay}`;
}

function sumOf(hours: readonly ReplacedHour[]): Counts {
  const sum = { added: 0, changed: 0, gone: 0, kept: 0 };
  for (const hour of hours) {
    sum.added += hour.added;
    sum.changed += hour.changed;
    sum.gone += hour.gone;
    sum.kept += hour.kept;
  }
  return sum;
}
