import { isAmpframeError, LakeError, UsageError } from "../../errors/index.js";
import type { Engine, QueryOptions } from "../engine.js";
import { SPARK } from "./spark-dialect.js";

/** Stands between the tasks of a query; none of them may have it. */
const BETWEEN = "\u001e";

/**
 * Runs `script` in a shell on the workers of a cluster, once for each of `tasks`, whose text it finds on stdin, as many at a
 * time as the cluster has cores. A task of a worker that dies is run again on another. Gives what was written to stdout, line by line, in no
 * order. Throws what the script wrote to stderr if it failed, as UsageError if its status was 2, or 127, which a shell gives that finds no
 * command, else as LakeError; and what `query` throws. When it is cancelled no task begins any more, but one that has begun is not ended.
 * Source: https://spark.apache.org/docs/latest/sql-ref-syntax-qry-select-transform.html
 */
export async function onWorkers(
  engine: Engine,
  script: string,
  tasks: readonly string[],
  options: QueryOptions,
): Promise<string[]> {
  // Each number of the range is a partition of its own, and so a task.
  const sql =
    `SELECT TRANSFORM(task) USING ${SPARK.literal(script)} AS (line STRING) ` +
    `FROM (SELECT element_at(split(?, ${SPARK.literal(BETWEEN)}), CAST(id + 1 AS INT)) AS task ` +
    `FROM range(0, ${tasks.length}, 1, ${tasks.length}))`;
  try {
    const rows = await engine.query(sql, [tasks.join(BETWEEN)], options);
    return rows.rows().map(([line]) => String(line));
  } catch (thrown) {
    throw failureOf(thrown) ?? thrown;
  }
}

/** What a script wrote to stderr before it ended with another status than 0, as an error of ours. */
function failureOf(thrown: unknown): Error | undefined {
  if (!isAmpframeError(thrown) || !(thrown.cause instanceof Error)) return undefined;
  const found = /Subprocess exited with status (\d+)\. Error: ([\s\S]*?)(?=\n\s+at |\n\s*\n|$)/.exec(
    thrown.cause.message,
  );
  if (!found) return undefined;
  const [, status, said = ""] = found;
  const [first = "", ...more] = said
    .replace(/\.\s*$/, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (status === "127") {
    return new UsageError(
      `A worker of the cluster could not start what it was to run: ${first}.`,
      "Install Node and ampframe on every worker, or say with --spark-command or AMPFRAME_SPARK_COMMAND how it is started there.",
      { cause: thrown },
    );
  }
  // 2 is wrong use, here as on the command line.
  const Failure = status === "2" ? UsageError : LakeError;
  return new Failure(`On a worker of the cluster: ${first.replace(/^error: /, "")}`, more.join(" "), {
    cause: thrown,
  });
}
