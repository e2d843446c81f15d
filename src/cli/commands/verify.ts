import { type VerifyReport, verify } from "../../index.js";
import { bytes, count, counted, duration } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

const MOST_FAULTS = 50;

/** Proves the lake. Exit status 3 if anything in it is not as its accounts say. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, env, signal } = invocation;
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
  else if (!options.quiet || !report.ok) stdout.write(`${verifyText(report, lake, paintFor(stdout, env))}\n`);
  return report.ok ? 0 : 3;
};

function verifyText(report: VerifyReport, lake: string, paint: Paint): string {
  const { faults } = report;
  const what = [
    counted(report.rows, "event"),
    counted(report.hours, "upload hour"),
    counted(report.files, "data file"),
    bytes(report.bytes),
    counted(report.accounts, "account"),
  ].join(", ");
  const checked = paint.dim(`${what} in ${duration(report.seconds)}, version ${report.version}`);
  if (report.ok) return `${paint.green("✓")} ${paint.bold(`${lake} is as its accounts say`)}  ${checked}`;
  const shown = faults.slice(0, MOST_FAULTS).map(({ what, found, expected }) => {
    return `  ${printableLine(what)}: found ${printableLine(found)}, expected ${printableLine(expected)}`;
  });
  const more =
    faults.length > MOST_FAULTS ? [`  and ${count(faults.length - MOST_FAULTS)} more: see --json`] : [];
  return [
    `${paint.red("✗")} ${paint.bold(`${counted(faults.length, "fault")} in ${lake}`)}  ${checked}`,
    ...shown,
    ...more,
  ].join("\n");
}
