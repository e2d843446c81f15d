import {
  type CompactPlan,
  type CompactReport,
  compact,
  planCompact,
  type SparkLakeOptions,
} from "../../index.js";
import { refuseClusterOptions, sparkLakePath, sparkServer } from "../asked-spark.js";
import { bytes, count, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { promotionWarning } from "../summary.js";

/** Merges closed days and deletes what was replaced long ago. Exit status 1 if a day could not be merged. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, stderr, env, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  const { grace, settle: settleHours } = options;
  const spark = clusterOf(invocation);
  if (options.dryRun) {
    const plan = await planCompact({ lake, grace, settleHours, spark, signal });
    stdout.write(`${options.json ? JSON.stringify(plan) : planText(plan, paintFor(stdout, env))}\n`);
    return 0;
  }
  let done = { days: 0, of: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done.of === 0 ? "compact  looking for what to merge" : `compact  ${done.days}/${done.of} days`,
  );
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const report = await compact({ lake, grace, settleHours, spark, signal, onProgress }).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) stderr.write(`${reportText(report, lake, paintFor(stderr, env))}\n`);
  warn(report, invocation);
  return report.refused.length > 0 ? 1 : 0;
};

function clusterOf(invocation: Invocation): SparkLakeOptions | undefined {
  if (invocation.options.engine === "spark")
    return { ...sparkServer(invocation), path: sparkLakePath(invocation) };
  refuseClusterOptions(invocation, { spark: "--spark", sparkLake: "--spark-lake" });
  return undefined;
}

function planText({ days, expired, waiting }: CompactPlan, paint: Paint): string {
  const width = Math.max(0, ...days.map(({ project }) => project.length));
  const lines = days.map((day) => {
    const copies = day.duplicates > 0 ? `, ${counted(day.duplicates, "duplicate")} to leave out` : "";
    const size = `${counted(day.files, "file")}, ${bytes(day.bytes)}, ${counted(day.rows, "event")}${copies}`;
    return `  ${day.uploadDate}  ${printableLine(day.project).padEnd(width)}  ${paint.dim(size)}`;
  });
  const head = days.length > 0 ? `${counted(days.length, "day")} to merge` : "No closed day is to be merged";
  return [
    paint.bold(head),
    ...lines,
    `${counted(expired.files, "replaced file")} to delete, ${bytes(expired.bytes)}; ` +
      `${count(waiting.files)} more to keep for now, ${bytes(waiting.bytes)}`,
  ].join("\n");
}

function reportText(report: CompactReport, lake: string, paint: Paint): string {
  const { days, before, after, duplicates, freed, waiting, refused } = report;
  const mark = refused.length > 0 ? paint.red("✗") : paint.green("✓");
  const merged =
    days === 0
      ? `${paint.bold("No closed day was to be merged")} in ${lake}`
      : `${paint.bold(`${counted(days, "day")} merged`)} in ${lake}: ${files(before)} → ${files(after)}`;
  const saved =
    before.bytes > after.bytes ? `, ${percent(before.bytes - after.bytes, before.bytes)} less` : "";
  const parts = [
    duplicates > 0 ? `${counted(duplicates, "duplicate")} left out` : "",
    freed.files > 0 ? `${counted(freed.files, "replaced file")} deleted, ${bytes(freed.bytes)} freed` : "",
    waiting.files > 0
      ? `${counted(waiting.files, "replaced file")} kept for now, ${bytes(waiting.bytes)}`
      : "",
    duration(report.seconds),
  ];
  return `${mark} ${merged}${saved}  ${paint.dim(parts.filter(Boolean).join("; "))}`;
}

function warn(report: CompactReport, { stderr, env }: Invocation): void {
  const { refused } = report;
  const paint = paintFor(stderr, env);
  for (const line of promotionWarning(report)) stderr.write(`${paint.yellow("warning:")} ${line}\n`);
  for (const { what, reason, wayOut } of refused) {
    stderr.write(
      `${paint.yellow("warning:")} ${printableLine(`${what} stays as it was: ${reason} ${wayOut}`)}\n`,
    );
  }
}

function files({ files, bytes: size }: CompactReport["before"]): string {
  return `${counted(files, "file")}, ${bytes(size)}`;
}

function percent(part: number, whole: number): string {
  return `${count((100 * part) / whole)} %`;
}
