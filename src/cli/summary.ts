import type { LoadReport, PullReport, Refusal, Totals } from "../index.js";
import { bytes, count, counted, duration, short } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";
import { rangeText } from "./progress-line.js";
import { changesIn, keptWarning, replacedClause, replacedRows } from "./replaced.js";

/** How a summary is to look. */
export interface SummaryStyle {
  /** The folder of the lake, as the user wrote it. */
  readonly lake: string;
  readonly paint: Paint;
}

interface Row {
  readonly name: string;
  readonly figure: string;
  readonly aside: string;
}

/** A pull in one line, for logs. */
export function pullLine(report: PullReport, lake: string): string {
  if (nothingNew(report)) return `nothing is missing in ${lake}`;
  const more = [
    report.empty.length > 0 ? `${count(report.empty.length)} empty` : "",
    report.settling.length > 0 ? `${count(report.settling.length)} settling` : "",
  ].filter(Boolean);
  const hours = `${counted(report.hours, "hour")}${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
  const again = replacedClause(report);
  return `${totalsLine("pulled", hours, report, lake)}${again === "" ? "" : `, ${again}`}`;
}

/** A load in one line, for logs. */
export function loadLine(report: LoadReport, lake: string): string {
  const already = report.alreadyLoaded.length;
  const hours = `${counted(report.hours, "hour")}${already > 0 ? `, ${counted(already, "file")} there already` : ""}`;
  return totalsLine("loaded", hours, report, lake);
}

/** A pull for a reader at a terminal. */
export function pullSummary(report: PullReport, style: SummaryStyle): string {
  const { paint, lake } = style;
  const range = report.range ? `  ${paint.dim(`${rangeText(report.range)} UTC`)}` : "";
  const head = nothingNew(report)
    ? `${paint.green("✓")} ${paint.bold("Nothing is missing")} in ${lake}${range}`
    : `${mark(report, paint)} ${paint.bold(counted(report.hours, "upload hour"))} in ${lake}${range}`;
  const rows = [
    ...(nothingNew(report) ? [] : totalRows(report, style, `${counted(report.requests, "request")}`)),
    row(
      "empty",
      report.empty.length,
      counted(report.empty.length, "hour"),
      "Amplitude has no events for them",
    ),
    row(
      "settling",
      report.settling.length,
      counted(report.settling.length, "hour"),
      "too young to be final; the next pull brings them",
    ),
    row("again", report.replaced.length, counted(report.replaced.length, "hour"), changesIn(report.replaced)),
  ];
  return [
    head,
    ...table(rows, paint),
    ...replacedRows(report, paint),
    ...refusals(report.refused, paint),
    ...promotionWarning(report).map((text) => `  ${paint.yellow("warning:")} ${text}`),
  ].join("\n");
}

/** A load for a reader at a terminal. */
export function loadSummary(report: LoadReport, style: SummaryStyle): string {
  const { paint, lake } = style;
  const head = `${mark(report, paint)} ${paint.bold(counted(kept(report), "event"))} into ${lake}`;
  const rows = [
    ...totalRows(report, style, counted(report.members, "member")),
    row("hours", report.hours, count(report.hours), "upload hours with rows from these files"),
    row(
      "there already",
      report.alreadyLoaded.length,
      counted(report.alreadyLoaded.length, "file"),
      "nothing changed",
    ),
    row("skipped", report.skipped.length, counted(report.skipped.length, "file"), "empty, or markers"),
  ];
  const notes = promotionWarning(report).map((text) => `  ${paint.yellow("warning:")} ${text}`);
  return [head, ...table(rows, paint), ...refusals(report.refused, paint), ...notes].join("\n");
}

/** What the user must know even with `--quiet`: lines set aside, and what was refused. Empty if nothing. */
export function warnings(report: PullReport | LoadReport, lake: string): readonly string[] {
  const lines: string[] = [];
  if (report.quarantined > 0) {
    lines.push(`${counted(report.quarantined, "line")} could not be read: see ${quarantineFolder(lake)}`);
  }
  if ("replaced" in report) lines.push(...keptWarning(report));
  for (const { what, reason, wayOut } of report.refused)
    lines.push(printableLine(`refused ${what}: ${reason} ${wayOut}`));
  lines.push(...promotionWarning(report));
  return lines;
}

/** What to say if the promoted properties could not be brought up to date. */
export function promotionWarning({ notPromoted }: Pick<LoadReport, "notPromoted">): string[] {
  if (!notPromoted) return [];
  const { reason, wayOut } = notPromoted;
  return [printableLine(`promoted properties are read from the events for now: ${reason} ${wayOut}`)];
}

/** Commands to go on with after events came in; `lakeOption` makes them use the right lake, or is empty. */
export function nextSteps(lakeOption: string, paint: Paint): string {
  const query = `"SELECT event_type, count(*) AS events FROM events GROUP BY ALL ORDER BY events DESC"`;
  const lines = [
    `ampframe sql${lakeOption} ${query}`,
    `ampframe export${lakeOption} -o events.parquet`,
    `ampframe status${lakeOption}`,
  ];
  return `${paint.dim("next")}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function kept({ loaded, duplicates, forgotten }: Totals): number {
  return loaded - duplicates - forgotten;
}

function nothingNew(report: PullReport): boolean {
  return report.hours === 0 && report.refused.length === 0;
}

function totalsLine(verb: string, hours: string, totals: Totals, lake: string): string {
  const parts = [
    `${verb} ${hours}`,
    `${counted(kept(totals), "event")} into ${lake}`,
    totals.duplicates > 0 ? `${counted(totals.duplicates, "duplicate")} removed` : "",
    totals.forgotten > 0 ? `${counted(totals.forgotten, "event")} of forgotten persons left out` : "",
    totals.quarantined > 0 ? `${counted(totals.quarantined, "line")} quarantined` : "",
    `${bytes(totals.bytes)} in ${duration(totals.seconds)}`,
  ];
  return parts.filter(Boolean).join(", ");
}

function totalRows(totals: Totals, { lake }: SummaryStyle, from: string): (Row | null)[] {
  const rate = totals.seconds > 0 ? `${short(totals.loaded / totals.seconds)} a second` : "";
  return [
    {
      name: "events",
      figure: count(kept(totals)),
      aside: `${duration(totals.seconds)}, ${rate}`,
    },
    { name: "archives", figure: bytes(totals.bytes), aside: from },
    row("duplicates", totals.duplicates, count(totals.duplicates), "removed: one row a uuid is kept"),
    row("forgotten", totals.forgotten, count(totals.forgotten), "left out: events of forgotten persons"),
    row(
      "quarantined",
      totals.quarantined,
      count(totals.quarantined),
      `lines that could not be read: ${quarantineFolder(lake)}`,
    ),
  ];
}

function row(name: string, value: number, figure: string, aside: string): Row | null {
  return value > 0 ? { name, figure, aside } : null;
}

function table(rows: readonly (Row | null)[], paint: Paint): string[] {
  const kept = rows.filter((row) => row !== null);
  const names = Math.max(0, ...kept.map(({ name }) => name.length));
  const figures = Math.max(0, ...kept.map(({ figure }) => figure.length));
  return kept.map(({ name, figure, aside }) => {
    return `  ${paint.dim(name.padEnd(names))}  ${figure.padStart(figures)}  ${paint.dim(aside)}`.trimEnd();
  });
}

function refusals(refused: readonly Refusal[], paint: Paint): string[] {
  return refused.flatMap(({ what, reason, wayOut }) => [
    `  ${paint.red("refused")} ${printableLine(`${what}: ${reason}`)}`,
    ...(wayOut === "" ? [] : [`    ${printableLine(wayOut)}`]),
  ]);
}

function mark(report: PullReport | LoadReport, paint: Paint): string {
  if (report.refused.length > 0) return paint.red("✗");
  return report.quarantined > 0 ? paint.yellow("!") : paint.green("✓");
}

function quarantineFolder(lake: string): string {
  return `${lake.replace(/[\\/]$/, "")}/_ampframe/quarantine/`;
}
