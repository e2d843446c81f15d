import { resolve } from "node:path";
import { openEngine } from "../engine/duckdb.js";
import { openSpark, type SparkOptions } from "../engine/spark/spark.js";
import { SPARK_FILE_NAME, sparkTable } from "../engine/spark/spark-table.js";
import { RemoteLake } from "../frame/remote/remote-lake.js";
import { openSource } from "./open-lake.js";

/** How a lake is opened on a Spark cluster. */
export interface SparkLakeOptions extends SparkOptions {
  /**
   * By what the cluster finds the lake: a path or URL as it sees it, or the name of a table in its catalog (`main.web.events`).
   * Default: the lake's own absolute path; of `s3://` with `s3a://`, as plain Spark has it.
   */
  readonly path?: string | undefined;
}

/**
 * Opens the lake in `dir` so that its questions run on a Spark cluster by Spark Connect. Its log and accounts are read here, its events
 * there. Cheap: the cluster is asked nothing before a question. Throws LakeError if there is no lake, UsageError if the address is
 * wrong; the first question throws QueryError if the server does not answer.
 */
export async function openSparkLake(dir: string, options: SparkLakeOptions): Promise<RemoteLake> {
  const { source } = await openSource(dir);
  const path = pathOnCluster(dir, options.path);
  return new RemoteLake({
    source,
    open: () => openSpark(options),
    openLocal: openEngine,
    fileName: SPARK_FILE_NAME,
    table: ({ version }) => sparkTable(path, version),
  });
}

/** By what a cluster finds the lake in `dir`, a folder or URL, if not by `path`. */
export function pathOnCluster(dir: string, path: string | undefined): string {
  if (path !== undefined) return path;
  return /^\w+:\/\//.test(dir) ? dir.replace(/^s3:/, "s3a:") : resolve(dir);
}
