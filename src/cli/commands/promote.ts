import { type PromoteReport, promote } from "../../index.js";
import { bytes, counted, duration } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

/** Promotes properties, or with --drop takes that back; without names brings their files up to date and lists them. */
export const run: RunCommand = async (invocation) => {
  const { args, options, stdout, env, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  let done = { files: 0, of: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done.of === 0 ? "promote  looking at the properties" : `promote  ${done.files}/${done.of} files`,
  );
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const change = options.drop ? { drop: args } : { properties: args };
  const report = await promote({ lake, ...change, signal, onProgress }).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) stdout.write(`${reportText(report, lake, paintFor(stdout, env))}\n`);
  return 0;
};

function reportText(report: PromoteReport, lake: string, paint: Paint): string {
  const { properties, written, bytes: size, dataBytes, seconds } = report;
  if (properties.length === 0) return `No property is promoted in ${lake}`;
  const width = Math.max(...properties.map(({ property }) => printableLine(property).length));
  const lines = properties.map(
    ({ property, type }) => `  ${printableLine(property).padEnd(width)}  ${paint.dim(type)}`,
  );
  const figures = `${counted(written, "file")} written; ${bytes(size)} beside ${bytes(dataBytes)} of data; ${duration(seconds)}`;
  const head = paint.bold(
    properties.length === 1 ? "1 property promoted" : `${properties.length} properties promoted`,
  );
  return [`${paint.green("✓")} ${head} in ${lake}  ${paint.dim(figures)}`, ...lines].join("\n");
}
