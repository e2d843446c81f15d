import {
  type AnalysisSource,
  openLake,
  openSparkLake,
  type QueryFrame,
  type QueryOptions,
  type RemoteAnswer,
  type RemoteEventsOptions,
  type Schema,
  type SchemaOptions,
  type SparkLakeOptions,
  type SparkProgress,
  UsageError,
} from "../index.js";
import { counted } from "./figures.js";
import type { Invocation } from "./invocation.js";
import { lakeFolder } from "./lake-folder.js";
import { createMovingLine } from "./moving-line.js";

/** A lake on any engine. */
export interface AnyLake {
  frame(options?: RemoteEventsOptions): Exclude<AnalysisSource, { frame(): unknown }>;
  query<Row = Record<string, unknown>>(
    sql: string,
    params?: undefined,
    options?: QueryOptions,
  ): Promise<QueryFrame<Row> | RemoteAnswer<Row>>;
  schema(options?: SchemaOptions): Promise<Schema>;
}

/** A lake with an engine. */
interface Asked {
  readonly lake: AnyLake;
  /** Closes the lake and takes progress off the screen. Must be called, also after a failure. */
  close(): Promise<void>;
}

/**
 * The lake of a command, on the engine that `--engine` names: this machine's, or a Spark cluster (`--spark`, else AMPFRAME_SPARK), whose
 * progress is shown on a terminal. Throws UsageError, LakeError.
 */
export async function openAsked(invocation: Invocation): Promise<Asked> {
  const { options } = invocation;
  const folder = lakeFolder(options, invocation);
  const spark = sparkFor(invocation);
  if (spark === undefined) {
    const lake = await openLake(folder);
    return { lake, close: () => lake.close() };
  }
  let done: SparkProgress | undefined;
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done === undefined ? "spark" : `spark  ${done.tasks} of ${counted(done.of, "task")}`,
  );
  const onProgress = (progress: SparkProgress): void => {
    done = progress;
    line.update();
  };
  const lake = await openSparkLake(folder, { ...spark, onProgress }).catch((error: unknown) => {
    line.end();
    throw error;
  });
  return {
    lake,
    close: async () => {
      line.end();
      await lake.close();
    },
  };
}

/** The cluster that `--engine spark` names; undefined for this machine. Throws UsageError. */
export function sparkFor({ options, env }: Invocation): SparkLakeOptions | undefined {
  if (options.engine !== "spark") {
    const given = ["spark", "sparkLake"].filter((name) => name in options);
    if (given.length === 0) return undefined;
    throw new UsageError(
      "--spark and --spark-lake are for a cluster.",
      "Add --engine spark, or leave them out.",
    );
  }
  const server = options.spark ?? env.AMPFRAME_SPARK;
  if (server === undefined || server === "") {
    throw new UsageError(
      "No Spark server is named.",
      "Give --spark sc://host:15002, or set AMPFRAME_SPARK; a token goes into AMPFRAME_SPARK_TOKEN.",
    );
  }
  const path = options.sparkLake ?? (env.AMPFRAME_SPARK_LAKE || undefined);
  return { server, path, token: env.AMPFRAME_SPARK_TOKEN || undefined };
}
