import { type AgainstOptions, UsageError, type VerifyReport, verify } from "../../index.js";
import { findCredentials } from "../credentials.js";
import { faultTable, wayOut } from "../fault-table.js";
import { bytes, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder, lakeOption } from "../lake-folder.js";
import { limitsIn } from "../limits.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

/**
 * Proves the lake. Exit status 3 if anything in it is not as its accounts say, 1 if an hour that was to be compared
 * could not be exported again.
 */
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
  const limits = limitsIn(options.limit);
  const { deep, against } = { deep: options.deep === true, against: againstOf(invocation) };
  const report = await verify({ lake, deep, against, limits, signal, onProgress }).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet || !report.ok) stdout.write(`${verifyText(report, lake, invocation)}\n`);
  if (!report.ok) return 3;
  return report.against && report.against.refused.length > 0 ? 1 : 0;
};

function againstOf(invocation: Invocation): AgainstOptions | undefined {
  const { against, sample, seed, region, insecureHttp } = invocation.options;
  if (against === undefined) {
    if (sample === undefined && seed === undefined) return undefined;
    throw new UsageError(
      "--sample and --seed say which hours --against exports again, but --against was not given.",
      "Give --against as well, or neither.",
    );
  }
  const found = findCredentials(invocation.options, invocation);
  return {
    credentials: found.credentials,
    ...{ sample, seed, region: region ?? found.region, insecureHttp },
    endpoint: against === true ? undefined : against,
  };
}

function verifyText(report: VerifyReport, lake: string, invocation: Invocation): string {
  const { stdout, env } = invocation;
  const paint = paintFor(stdout, env);
  const { faults } = report;
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
    `  ${wayOut(report, lakeOption(lake, invocation))}`,
  ].join("\n");
}

function notesOf({ rewritten, deep, against }: VerifyReport, paint: Paint): string[] {
  const notes: string[] = [];
  if (rewritten > 0) {
    const files = counted(rewritten, "data file");
    notes.push(
      `  ${paint.yellow("!")} another program wrote ${files}: the rows were counted, their values cannot be proven`,
    );
  }
  if (deep) {
    const compared =
      deep.compared > 0 ? `; ${counted(deep.compared, "row")} compared with kept archives` : "";
    notes.push(
      paint.dim(
        `  deep: ${counted(deep.distinct, "different uuid")}, fingerprint ${deep.fingerprint}${compared}`,
      ),
    );
  }
  if (against) {
    const { hours, rows, seed, refused } = against;
    const had = hours.length - refused.length;
    notes.push(
      paint.dim(
        `  against: ${counted(had, "hour")} exported again, ${counted(rows, "row")} compared, seed ${seed}`,
      ),
    );
    if (hours.length > 0) notes.push(paint.dim(`    ${hours.join(" ")}`));
    for (const { what, reason, wayOut: out } of refused) {
      notes.push(
        `  ${paint.yellow("!")} ${printableLine(`${what} could not be had again: ${reason} ${out}`)}`,
      );
    }
  }
  return notes;
}
