import type { QueryOptions } from "../../engine/engine.js";
import type { Frame } from "../frame.js";
import { optionalPackage } from "./optional-package.js";
import { toArrow } from "./to-arrow.js";

// biome-ignore lint/suspicious/noTsIgnore: an error only where the optional package is not installed
/** @ts-ignore A table of Arquero; unknown to the compiler where that package is not installed. */
export type ArqueroTable = import("arquero").ColumnTable;

/** How integers appear in Arquero's expressions. */
export interface ArqueroOptions extends QueryOptions {
  /** `bigint` (default, exact), or `number`, which mixes with other numbers but throws beyond 2^53. */
  readonly integers?: "bigint" | "number" | undefined;
}

/**
 * All rows of `frame` as an Arquero table over Arrow columns, held in memory. Times are Date (milliseconds).
 * Throws UsageError if `arquero` or `@uwdata/flechette` is not installed, QueryError, CancelledError.
 */
export async function toArquero<Row>(frame: Frame<Row>, options: ArqueroOptions = {}): Promise<ArqueroTable> {
  const arquero = await optionalPackage(
    ["arquero@8.0.3", "@uwdata/flechette@2.6.0"],
    () => import("arquero"),
  );
  const table = await toArrow(frame, options);
  // Arquero's types ask for more of a table than its code uses and flechette declares.
  return arquero.fromArrow(table as unknown as Parameters<typeof arquero.fromArrow>[0]);
}
