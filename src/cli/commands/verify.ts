import { type VerifyReport, verify } from "../../index.js";
import { faultTable, wayOut } from "../fault-table.js";
import { bytes, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder, lakeOption } from "../lake-folder.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";

/** Proves the lake. Exit status 3 if anything in it is not as its accounts say. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  let done = { files: 0, of: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () => `verify  ${done.files}/${done.of} files`);
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const report = await verify({ lake, signal, onProgress }).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet || !report.ok) stdout.write(`${verifyText(report, lake, invocation)}\n`);
  return report.ok ? 0 : 3;
};

function verifyText(report: VerifyReport, lake: string, invocation: Invocation): string {
  const { stdout, env } = invocation;
  const paint = paintFor(stdout, env);
  const { faults, doubtful } = report;
  const what = [
    counted(report.rows, "event"),
    counted(report.hours, "upload hour"),
    counted(report.files, "data file"),
    bytes(report.bytes),
    counted(report.accounts, "account"),
    ...(report.archives > 0 ? [counted(report.archives, "kept archive")] : []),
  ].join(", ");
  const checked = paint.dim(`${what} in ${duration(report.seconds)}, version ${report.version}`);
  const notes = notesOf(report, paint);
  if (report.ok) {
    return [`${paint.green("✓")} ${paint.bold(`${lake} is as its accounts say`)}  ${checked}`, ...notes].join(
      "\n",
    );
  }
  return [
    `${paint.red("✗")} ${paint.bold(`${counted(faults.length, "fault")} in ${lake}`)}  ${checked}`,
    ...faultTable(faults, stdout.isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY, paint),
    ...notes,
    `  ${wayOut(doubtful, lakeOption(lake, invocation))}`,
  ].join("\n");
}

function notesOf({ rewritten }: VerifyReport, paint: Paint): string[] {
  if (rewritten === 0) return [];
  const files = counted(rewritten, "data file");
  return [
    `  ${paint.yellow("!")} another program wrote ${files}: the rows were counted, their values cannot be proven`,
  ];
}
