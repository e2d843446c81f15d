import { existsSync } from "node:fs";
import { isBucketUrl, type LoadReport, type Progress, type PullReport } from "../index.js";
import type { CliOptions, CommandStatus, Invocation } from "./invocation.js";
import { lakeOption } from "./lake-folder.js";
import { openLogFile } from "./log-file.js";
import { paintFor } from "./paint.js";
import { createProgressView } from "./progress.js";
import { nextSteps, type SummaryStyle, warnings } from "./summary.js";

/** What a pull or a load is given to report with. */
export interface Reporting {
  readonly onProgress: (progress: Progress) => void;
  /** Undefined without `--log-file`. */
  readonly log: ((entry: object) => void) | undefined;
}

/** Runs `work` with progress on the screen and a log file where asked for; both are closed whatever happens. */
export async function withReporting<T>(
  invocation: Invocation,
  work: (reporting: Reporting) => Promise<T>,
): Promise<T> {
  const { options } = invocation;
  const logFile = options.logFile === undefined ? undefined : openLogFile(options.logFile, invocation);
  const view = createProgressView({ quiet: options.quiet === true || options.json === true }, invocation);
  try {
    return await work({ onProgress: view.show, log: logFile?.log });
  } finally {
    view.end();
    logFile?.close();
  }
}

/** The two ways in which a report is told: to a reader at a terminal, and as one line for a log. */
export interface Telling<Report> {
  readonly summary: (report: Report, style: SummaryStyle) => string;
  readonly line: (report: Report, lake: string) => string;
}

/** The lake that a report is about. */
export interface ReportedLake {
  /** The folder, as the user wrote it. */
  readonly folder: string;
  /** True if there was none before: then what can be done with it is told too. */
  readonly isNew: boolean;
}

/** The lake in `folder`, as it is before a pull or a load; in a bucket, where that would cost a request, as one that is known. */
export function reportedLake(folder: string): ReportedLake {
  return { folder, isNew: !isBucketUrl(folder) && !existsSync(folder) };
}

/** Prints `report`: JSON to stdout with `--json`, else a summary to stderr; warnings to stderr in any case. */
export function tell<Report extends PullReport | LoadReport>(
  invocation: Invocation,
  { folder: lake, isNew }: ReportedLake,
  report: Report,
  telling: Telling<Report>,
): void {
  const { options, stdout, stderr, env } = invocation;
  const paint = paintFor(stderr, env);
  const summarised = !options.json && !options.quiet;
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  if (summarised && stderr.isTTY) {
    stderr.write(`${telling.summary(report, { lake, paint })}\n`);
    if (isNew && report.loaded > 0) stderr.write(`\n${nextSteps(lakeOption(lake, invocation), paint)}\n`);
    return;
  }
  if (summarised) stderr.write(`${telling.line(report, lake)}\n`);
  for (const warning of warnings(report, lake)) stderr.write(`${paint.yellow("warning:")} ${warning}\n`);
}

/** Exit status of a pull or a load: `refused` if something was not brought, 3 for quarantined lines with `--strict`. */
export function statusOf(
  report: PullReport | LoadReport,
  { strict }: Pick<CliOptions, "strict">,
  refused: CommandStatus,
): CommandStatus {
  if (strict && report.quarantined > 0) return 3;
  return report.refused.length > 0 ? refused : 0;
}
