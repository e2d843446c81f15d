import type { Fault, Hour, VerifyReport } from "../index.js";
import { count } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";

/** So many faults are shown; `--json` has them all. */
const MOST_FAULTS = 50;
const MOST_RANGES = 5;
const GAP = 2;
/** The least that a column is given. */
const LEAST = 12;

/** Faults as a table of at most `width` columns, each a line; what does not fit is cut in its middle. */
export function faultTable(faults: readonly Fault[], width: number, paint: Paint): string[] {
  const head = ["what", "found", "expected"];
  const rows = faults
    .slice(0, MOST_FAULTS)
    .map((fault) => [fault.what, fault.found, fault.expected].map((text) => shortened(printableLine(text))));
  const needs = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const widths = fitted(needs, width - 2 - 2 * GAP);
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => cut(cell, widths[i]!).padEnd(widths[i]!)).join(" ".repeat(GAP))}`.trimEnd();
  const more =
    faults.length > MOST_FAULTS ? [`  and ${count(faults.length - MOST_FAULTS)} more: see --json`] : [];
  return [paint.dim(line(head)), ...rows.map(line), ...more];
}

/** Takes from the widest column until all fit. */
function fitted(needs: readonly number[], room: number): number[] {
  const widths = [...needs];
  while (widths.reduce((sum, n) => sum + n, 0) > room) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Twelve digits of a hash tell it from any other. */
function shortened(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1…");
}

/** The ends of a path or a figure tell more than its middle, and its beginning most: project and date. */
function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const first = Math.ceil(((width - 1) * 2) / 3);
  return `${text.slice(0, first)}…${text.slice(text.length - (width - 1 - first))}`;
}

/** What can be done about faults: the doubtful hours to bring again, as ranges, or a backup; or to promote once more. */
export function wayOut(
  { faults, doubtful }: Pick<VerifyReport, "faults" | "doubtful">,
  lakeOption: string,
): string {
  const derived = faults.filter(({ what }) => what.startsWith("_ampframe/promoted/"));
  const again = `Files under _ampframe/promoted/ are made anew by: ampframe promote${lakeOption}`;
  if (faults.length > 0 && derived.length === faults.length) return again;
  const rest = restoring(doubtful, lakeOption);
  return derived.length > 0 ? `${again}\n  ${rest}` : rest;
}

function restoring(doubtful: readonly Hour[], lakeOption: string): string {
  if (doubtful.length === 0) return "Restore what is named from a backup; no rows are in doubt.";
  const ranges = rangesOf(doubtful);
  const commands = ranges
    .slice(0, MOST_RANGES)
    .map(({ from, to }) => `ampframe pull${lakeOption} --refresh ${from}..${to}`);
  const more =
    ranges.length > MOST_RANGES ? [`and ${count(ranges.length - MOST_RANGES)} more ranges: see --json`] : [];
  return [
    "Restore what is named from a backup, or bring the hours in doubt again:",
    ...commands,
    ...more,
  ].join("\n    ");
}

const HOUR_MS = 3_600_000;

function rangesOf(hours: readonly Hour[]): { readonly from: Hour; readonly to: Hour }[] {
  const ranges: { from: Hour; to: Hour }[] = [];
  for (const hour of hours) {
    const last = ranges.at(-1);
    if (last && Date.parse(`${hour}:00Z`) - Date.parse(`${last.to}:00Z`) === HOUR_MS) last.to = hour;
    else ranges.push({ from: hour, to: hour });
  }
  return ranges;
}
