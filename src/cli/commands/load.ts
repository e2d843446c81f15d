import { load, UsageError } from "../../index.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { reportedLake, statusOf, tell, withReporting } from "../reporting.js";
import { loadLine, loadSummary } from "../summary.js";

/** Brings exported files. Exit status 3 if a file was refused, or with `--strict` if lines were quarantined. */
export const run: RunCommand = async (invocation) => {
  const { args, options, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  const complete = options.complete === undefined ? {} : { complete: rangeOf(options.complete) };
  const project = options.project === undefined ? {} : { project: options.project };
  const reported = reportedLake(lake);
  const report = await withReporting(invocation, ({ onProgress, log }) =>
    load({
      lake,
      paths: args,
      ...complete,
      ...project,
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

function rangeOf(text: string): { readonly from: string; readonly to: string } {
  const [from = "", to = "", ...rest] = text.split("..");
  if (from !== "" && to !== "" && rest.length === 0) return { from, to };
  throw new UsageError(
    `--complete was given \`${text}\`; a range is expected.`,
    "Write the first and the last upload hour or date with two dots between: --complete 2026-11-01..2026-11-07.",
  );
}
