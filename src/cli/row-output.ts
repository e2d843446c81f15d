import { type EventFrame, UsageError } from "../index.js";
import type { CliOptions, Invocation } from "./invocation.js";

/** A file format of `--format`. */
export type RowFormat = "parquet" | "csv" | "ndjson" | "json" | "arrow" | "xlsx" | "duckdb" | "sqlite";

/** What was written, and where. */
export interface RowsWritten {
  /** Null for stdout. */
  readonly file: string | null;
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  /** More than one only with `--partition-by`. */
  readonly files: number;
  readonly seconds: number;
}

const BINARY: ReadonlySet<RowFormat> = new Set(["parquet", "arrow", "xlsx", "duckdb", "sqlite"]);

/**
 * Writes all rows of `frame` to `--output`, or to stdout if that is not given or `-`. Throws UsageError if stdout
 * is meant and no format is given, or if it is a terminal and the format is not text.
 */
export async function writeRows(
  frame: Pick<EventFrame<unknown>, "write">,
  format: RowFormat | undefined,
  invocation: Pick<Invocation, "stdout" | "signal" | "now"> & {
    readonly options: Pick<CliOptions, "output" | "partitionBy">;
  },
): Promise<RowsWritten> {
  const { options, stdout, signal, now } = invocation;
  const start = now();
  const file = options.output === undefined || options.output === "-" ? null : options.output;
  if (file === null) requireStreamable(format, stdout.isTTY === true);
  const written = await frame.write(file ?? stdout, { signal, format, partitionBy: options.partitionBy });
  const seconds = Math.round(now() - start) / 1000;
  const { rows, bytes, files = 1 } = written;
  return { file, format: written.format, rows, bytes, files, seconds };
}

function requireStreamable(format: RowFormat | undefined, isTerminal: boolean): void {
  if (format === undefined) {
    throw new UsageError(
      "There is neither a file to write to nor a format.",
      "Give a file with -o, such as -o events.parquet, or a --format to write to stdout.",
    );
  }
  if (isTerminal && BINARY.has(format)) {
    throw new UsageError(`${format} is not for a terminal.`, `Give a file: -o events.${format}.`);
  }
}
