import { rm } from "node:fs/promises";
import type { Engine } from "../engine/engine.js";
import { joinSorted, type Piece, sortRanges, writeSorted } from "../engine/sorted-rows.js";

/** Into what rows are merged. */
export interface MergeShape {
  readonly files: number;
  readonly rows: number;
  /** About the bytes of the rows in memory. */
  readonly memoryBytes: number;
  /** Gives free paths. */
  readonly newPath: () => string;
  readonly signal: AbortSignal | undefined;
}

const ROW_GROUP_ROWS = 122_880;
const ROW_GROUP_BYTES = 160 * 2 ** 20;
/** The engine's sort spills rows, but holds some hundred thousand of them: wide ones are sorted in smaller runs. */
const WIDE_ROW_BYTES = 3_000;
const RUN_BYTES = 192 * 2 ** 20;

/** Rows of a row group, for rows of so many bytes in memory. */
export function rowGroupOf(rowBytes: number): number {
  return Math.max(2_048, Math.min(ROW_GROUP_ROWS, Math.floor(ROW_GROUP_BYTES / rowBytes)));
}

/** Writes rows, sorted by `amplitude_id` and `event_time`, to at most `files` new Parquet files, and gives their paths. */
export async function mergeRows(
  engine: Engine,
  pieces: readonly Piece[],
  shape: MergeShape,
): Promise<string[]> {
  const { files, rows, memoryBytes, newPath, signal } = shape;
  const rowBytes = memoryBytes / Math.max(1, rows);
  const runs = rowBytes > WIDE_ROW_BYTES ? Math.max(files, Math.ceil(memoryBytes / RUN_BYTES)) : files;
  const rowGroup = rowGroupOf(rowBytes);
  const ranges = await sortRanges(engine, pieces, runs);
  const perFile = Math.ceil(ranges.length / files);
  const written: string[] = [];
  for (let first = 0; first < ranges.length; first += perFile) {
    const sorted: string[] = [];
    for (const range of ranges.slice(first, first + perFile)) {
      sorted.push(newPath());
      await writeSorted(engine, pieces, range, sorted.at(-1)!, rowGroup, signal);
    }
    const [only = "", ...others] = sorted;
    const path = others.length === 0 ? only : newPath();
    if (others.length > 0) {
      await joinSorted(engine, sorted, path, rowGroup, signal);
      for (const run of sorted) await rm(run);
    }
    written.push(path);
  }
  return written;
}
