import { load } from "../../index.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { limitsIn } from "../limits.js";
import { bothEnds } from "../range.js";
import { reportedLake, statusOf, tell, withReporting } from "../reporting.js";
import { loadLine, loadSummary } from "../summary.js";

/** Brings exported files. Exit status 3 if a file was refused, or with `--strict` if lines were quarantined. */
export const run: RunCommand = async (invocation) => {
  const { args, options, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  const complete =
    options.complete === undefined ? {} : { complete: bothEnds("--complete", options.complete) };
  const project = options.project === undefined ? {} : { project: options.project };
  const reported = reportedLake(lake);
  const report = await withReporting(invocation, ({ onProgress, log }) =>
    load({
      lake,
      paths: args,
      ...complete,
      ...project,
      minFree: options.minFree,
      limits: limitsIn(options.limit),
      signal,
      onProgress: (progress) => {
        log?.(progress);
        onProgress(progress);
      },
    }),
  );
  tell(invocation, reported, report, { summary: loadSummary, line: loadLine });
  return statusOf(report, options, 3);
};
