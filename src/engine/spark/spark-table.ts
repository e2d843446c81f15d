import { SPARK } from "./spark-dialect.js";

/** In a SELECT of a table of files: the name of the file that a row is in, without its folders. */
export const SPARK_FILE_NAME = "_metadata.file_name";

/**
 * A Delta table as of `version` (the newest by default), as Spark's FROM has it: a path or URL, or a name in the cluster's catalog, whose
 * parts stand between dots.
 */
export function sparkTable(path: string, version?: number): string {
  const { identifier } = SPARK;
  const isName = /^[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+){0,2}$/u.test(path);
  const table = isName ? path.split(".").map(identifier).join(".") : `delta.${identifier(path)}`;
  return version === undefined ? table : `${table} VERSION AS OF ${version}`;
}
