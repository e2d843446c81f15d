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
} from "../index.js";
import { askedSpark, refuseClusterOptions, sparkLakePath } from "./asked-spark.js";
import type { Invocation } from "./invocation.js";
import { lakeFolder } from "./lake-folder.js";

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
  if (options.engine !== "spark") {
    refuseClusterOptions(invocation, { spark: "--spark", sparkLake: "--spark-lake" });
    const lake = await openLake(folder);
    return { lake, close: () => lake.close() };
  }
  const { spark, end } = askedSpark(invocation);
  const path = sparkLakePath(invocation);
  const lake = await openSparkLake(folder, { ...spark, path }).catch((error: unknown) => {
    end();
    throw error;
  });
  return {
    lake,
    close: async () => {
      end();
      await lake.close();
    },
  };
}
