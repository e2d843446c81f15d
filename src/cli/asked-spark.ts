import { type SparkOptions, type SparkProgress, UsageError } from "../index.js";
import { counted } from "./figures.js";
import type { Invocation } from "./invocation.js";
import { createMovingLine } from "./moving-line.js";

/** A cluster that a command is to use, and its progress on the screen. */
interface AskedSpark {
  readonly spark: SparkOptions;
  /** Takes progress off the screen. Must be called, also after a failure. */
  end(): void;
}

/** The cluster of `--spark`, else of AMPFRAME_SPARK, with the token. Throws UsageError if neither names one. */
export function sparkServer({ options, env }: Invocation): Pick<SparkOptions, "server" | "token"> {
  const server = options.spark ?? env.AMPFRAME_SPARK;
  if (server === undefined || server === "") {
    throw new UsageError(
      "No Spark server is named.",
      "Give --spark sc://host:15002, or set AMPFRAME_SPARK; a token goes into AMPFRAME_SPARK_TOKEN.",
    );
  }
  return { server, token: env.AMPFRAME_SPARK_TOKEN || undefined };
}

/** The same with its progress, which is shown on a terminal. Throws UsageError. */
export function askedSpark(invocation: Invocation): AskedSpark {
  const { options } = invocation;
  const server = sparkServer(invocation);
  let done: SparkProgress | undefined;
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done === undefined ? "spark" : `spark  ${done.tasks} of ${counted(done.of, "task")}`,
  );
  const onProgress = (progress: SparkProgress): void => {
    done = progress;
    line.update();
  };
  return { spark: { ...server, onProgress }, end: line.end };
}

/** Throws UsageError if an option of `names`, which are for a cluster, was given without `--engine spark`. */
export function refuseClusterOptions({ options }: Invocation, names: Readonly<Record<string, string>>): void {
  if (!Object.keys(names).some((name) => name in options)) return;
  const flags = Object.values(names);
  throw new UsageError(`${flags.join(" and ")} are for a cluster.`, "Add --engine spark, or leave them out.");
}

/** By what the cluster finds the lake: `--spark-lake`, else AMPFRAME_SPARK_LAKE; undefined if neither says it. */
export function sparkLakePath({ options, env }: Invocation): string | undefined {
  return options.sparkLake ?? (env.AMPFRAME_SPARK_LAKE || undefined);
}
