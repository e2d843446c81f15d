import { type DuplicateRow, findDuplicates } from "../engine/duplicates.js";
import type { Engine } from "../engine/engine.js";
import { rowNumbers } from "../engine/row-numbers.js";
import { type Hour, hourAt } from "../hour.js";
import type { StagedFile } from "../lake/change.js";
import type { Batch } from "./batch.js";

/** Duplicates that were not kept: by the upload hour of the copy that was dropped. */
export interface DuplicatesOf {
  readonly count: number;
  /** Other hours that kept the other copy, and how many. */
  readonly keptBy: Readonly<Record<string, number>>;
}

/** What is left of a batch, as a commit wants it, and what is not, by upload hour. */
export interface WithoutDuplicates {
  readonly files: readonly StagedFile[];
  readonly duplicates: ReadonlyMap<Hour, DuplicatesOf>;
}

/**
 * Leaves out every row of the batch whose uuid is in the lake already or twice in the batch; the first copy
 * stays. `seen` are files that this run committed, whose uuids the decoder knows; `existing` are the others.
 * The batch keeps all its rows: another table may want another answer.
 */
export async function withoutDuplicates(
  engine: Engine,
  batch: Batch,
  seen: readonly string[],
  existing: readonly string[],
): Promise<WithoutDuplicates> {
  const parts = batch.parts.map(({ path }) => path);
  const rows = await findDuplicates(engine, { candidates: batch.candidates, parts, seen, existing });
  return { files: await batch.filesWithout(rowNumbers(rows)), duplicates: countByHour(rows) };
}

function countByHour(rows: readonly DuplicateRow[]): Map<Hour, DuplicatesOf> {
  const counts = new Map<Hour, { count: number; keptBy: Record<string, number> }>();
  for (const { hour, keptHour } of rows) {
    const key = hourAt(hour);
    const entry = counts.get(key) ?? { count: 0, keptBy: {} };
    counts.set(key, entry);
    entry.count += 1;
    if (keptHour !== hour) entry.keptBy[hourAt(keptHour)] = (entry.keptBy[hourAt(keptHour)] ?? 0) + 1;
  }
  return counts;
}
