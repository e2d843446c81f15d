import { copyLake } from "../../index.js";
import { bytes, counted, duration } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { createMovingLine } from "../moving-line.js";
import { paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

/** Copies a lake elsewhere. */
export const run: RunCommand = async (invocation) => {
  const { options, args, stdout, stderr, env, signal } = invocation;
  const [from = "", to = ""] = args;
  let done = { files: 0, of: 0, bytes: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done.of === 0
      ? "copy  looking for what to copy"
      : `copy  ${done.files}/${done.of} files, ${bytes(done.bytes)}`,
  );
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const report = await copyLake({ from, to, signal, onProgress }).finally(line.end);
  const paint = paintFor(stderr, env);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) {
    const size = `${counted(report.files, "file")}, ${bytes(report.bytes)}, ${report.copied} of them new`;
    const text = `${paint.green("✓")} ${printableLine(report.from)} copied to ${printableLine(report.to)}, version ${report.version}`;
    stderr.write(
      `${text}  ${paint.dim(`${size}, all with the same SHA-256; ${duration(report.seconds)}`)}\n`,
    );
  }
  return 0;
};
