import { SPARK } from "./spark-dialect.js";

/**
 * A Delta table as of `version`, as Spark's FROM has it: a path or URL, or a name in the cluster's catalog, whose parts stand between dots.
 */
export function sparkTable(path: string, version: number): string {
  const { identifier } = SPARK;
  const isName = /^[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+){0,2}$/u.test(path);
  const table = isName ? path.split(".").map(identifier).join(".") : `delta.${identifier(path)}`;
  return `${table} VERSION AS OF ${version}`;
}
