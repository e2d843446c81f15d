import {
  type QuarantineReport,
  quarantine,
  type RetryReport,
  retryQuarantine,
  UsageError,
} from "../../index.js";
import { counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder, lakeOption } from "../lake-folder.js";
import { limitsIn } from "../limits.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { promotionWarning } from "../summary.js";

/** Lists the lines that could not be read, or tries them again. */
export const run: RunCommand = async (invocation) => {
  const [action = "list"] = invocation.args;
  await (action === "retry" ? retry(invocation) : list(invocation));
  return 0;
};

async function list(invocation: Invocation): Promise<void> {
  const { options, stdout, stderr, env, signal } = invocation;
  const { reason, examples, export: exportTo } = options;
  const lake = lakeFolder(options, invocation);
  const report = await quarantine({ lake, reason, examples, exportTo, signal });
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else stdout.write(`${listText(report, lake, invocation, paintFor(stdout, env))}\n`);
  if (exportTo !== undefined && !options.quiet && !options.json) {
    stderr.write(`${counted(report.lines, "line")} written to ${exportTo}\n`);
  }
}

function listText(report: QuarantineReport, lake: string, invocation: Invocation, paint: Paint): string {
  const { reason } = invocation.options;
  const of = reason === undefined ? "" : ` whose reason has "${printableLine(reason)}" in it`;
  if (report.lines === 0) return `${paint.green("✓")} No line${of} is in quarantine in ${lake}`;
  const reasons = report.reasons.flatMap(({ reason, lines, examples }) => [
    `${paint.yellow(counted(lines, "line"))}  ${paint.bold(printableLine(reason))}`,
    ...examples.flatMap(({ input, member, line, offset, excerpt }) => [
      `  ${printableLine(placeOf(input, member))}, line ${line} ${paint.dim(`(byte ${offset})`)}`,
      `    ${paint.dim(printableLine(excerpt))}`,
    ]),
  ]);
  const again = paint.dim(
    `After an update, ampframe quarantine retry${lakeOption(lake, invocation)} loads what can be read then.`,
  );
  return [
    `${paint.bold(counted(report.lines, "line"))}${of} in quarantine in ${lake}`,
    ...reasons,
    again,
  ].join("\n");
}

function placeOf(input: string, member: string): string {
  return input === member ? input : `${input}: ${member}`;
}

async function retry(invocation: Invocation): Promise<void> {
  const { options, stdout, stderr, env, signal } = invocation;
  const { reason, examples, export: exportTo } = options;
  if (reason !== undefined || examples !== undefined || exportTo !== undefined) {
    throw new UsageError(
      "--reason, --examples and --export are for listing; retry tries all lines.",
      "Leave them out, or leave out retry.",
    );
  }
  const { nesting, ...others } = limitsIn(options.limit);
  if (Object.keys(others).length > 0) {
    throw new UsageError("retry knows only the limit nesting.", "Give --limit nesting=NUMBER, or none.");
  }
  const lake = lakeFolder(options, invocation);
  let done = { files: 0, of: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () => `retry  ${done.files}/${done.of} quarantine files`);
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const report = await retryQuarantine({ lake, nesting, signal, onProgress }).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) stderr.write(`${retryText(report, lake, paintFor(stderr, env))}\n`);
  const warning = paintFor(stderr, env).yellow("warning:");
  for (const text of promotionWarning(report)) stderr.write(`${warning} ${text}\n`);
}

function retryText(
  { lines, loaded, duplicates, remaining, seconds }: RetryReport,
  lake: string,
  paint: Paint,
) {
  if (lines === 0) return `${paint.green("✓")} No line is in quarantine in ${lake}`;
  const mark = remaining === 0 ? paint.green("✓") : paint.yellow("!");
  const copies = duplicates > 0 ? ` (${counted(duplicates, "duplicate")} removed)` : "";
  const read = `${paint.bold(counted(loaded, "event"))}${copies} of ${counted(lines, "line")} could be read now`;
  return `${mark} ${read}; in quarantine in ${lake}: ${counted(remaining, "line")}  ${paint.dim(duration(seconds))}`;
}
