import { type LoadReport, load, loadOnSpark, UsageError } from "../../index.js";
import { askedSpark, refuseClusterOptions } from "../asked-spark.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { limitsIn } from "../limits.js";
import { bothEnds } from "../range.js";
import { reportedLake, statusOf, tell, withReporting } from "../reporting.js";
import { loadLine, loadSummary } from "../summary.js";
import { takeLines } from "../text-file.js";

/** Brings exported files. Exit status 3 if a file was refused, or with `--strict` if lines were quarantined. */
export const run: RunCommand = async (invocation) => {
  const { options } = invocation;
  const lake = lakeFolder(options, invocation);
  const paths = await pathsOf(invocation);
  const reported = reportedLake(lake);
  const report = await (options.engine === "spark" ? loadThere : loadHere)(lake, paths, invocation);
  tell(invocation, reported, report, { summary: loadSummary, line: loadLine });
  return statusOf(report, options, 3);
};

async function pathsOf(invocation: Invocation): Promise<readonly string[]> {
  const { args, options } = invocation;
  const { filesFrom } = options;
  const paths = [...args, ...(filesFrom === undefined ? [] : await takeLines(filesFrom, invocation))];
  if (paths.length > 0) return paths;
  throw new UsageError(
    filesFrom === undefined ? "No path was given." : `${filesFrom} names no path.`,
    "Name files, folders or s3://bucket/prefix, as in `ampframe load export.zip`.",
  );
}

function loadHere(lake: string, paths: readonly string[], invocation: Invocation): Promise<LoadReport> {
  const { options, signal } = invocation;
  refuseClusterOptions(invocation, { spark: "--spark", sparkCommand: "--spark-command" });
  return withReporting(invocation, ({ onProgress, log }) =>
    load({
      ...{ lake, paths, signal, ...askedOf(options), minFree: options.minFree },
      limits: limitsIn(options.limit),
      onProgress: (progress) => {
        log?.(progress);
        onProgress(progress);
      },
    }),
  );
}

async function loadThere(
  lake: string,
  paths: readonly string[],
  invocation: Invocation,
): Promise<LoadReport> {
  const { options, env, signal } = invocation;
  const given = ["minFree", "limit", "logFile"].filter((name) => name in options);
  if (given.length > 0) {
    throw new UsageError(
      "--min-free, --limit and --log-file are for a load on this machine.",
      "Leave them out, or leave --engine spark out.",
    );
  }
  const command = options.sparkCommand ?? (env.AMPFRAME_SPARK_COMMAND || undefined);
  const { spark, end } = askedSpark(invocation);
  try {
    return await loadOnSpark({ lake, paths, signal, command, ...askedOf(options), ...spark });
  } finally {
    end();
  }
}

function askedOf({ complete, project }: Invocation["options"]) {
  return { project, complete: complete === undefined ? undefined : bothEnds("--complete", complete) };
}
