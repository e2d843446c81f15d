import { unlink } from "node:fs/promises";
import { type DuplicateRow, findDuplicates } from "../engine/duplicates.js";
import type { Engine } from "../engine/engine.js";
import { rowNumbers } from "../engine/row-numbers.js";
import { type Hour, hourAt } from "../hour.js";
import type { Batch } from "./batch.js";

/** Duplicates that were not kept: by the upload hour of the copy that was dropped. */
export interface DuplicatesOf {
  readonly count: number;
  /** Other hours that kept the other copy, and how many. */
  readonly keptBy: Readonly<Record<string, number>>;
}

/**
 * Takes out of the batch every row whose uuid is in the lake already or twice in the batch; the first copy
 * stays. `seen` are files that this run committed, whose uuids the decoder knows; `existing` are the others.
 */
export async function removeDuplicates(
  engine: Engine,
  batch: Batch,
  seen: readonly string[],
  existing: readonly string[],
): Promise<Map<Hour, DuplicatesOf>> {
  const parts = batch.parts.map(({ path }) => path);
  const rows = await findDuplicates(engine, { candidates: batch.candidates, parts, seen, existing });
  const numbers = rowNumbers(rows);
  for (const part of [...batch.parts]) {
    const dropped = numbers.get(part.path);
    if (dropped) await batch.replacePart(part, dropped);
  }
  await keepTheRest(batch, numbers);
  return countByHour(rows);
}

/** Candidates that are no copies after all become parts. */
async function keepTheRest(batch: Batch, copies: ReadonlyMap<string, number[]>): Promise<void> {
  for (const candidates of batch.candidates) {
    await batch.addRows(candidates, copies.get(candidates) ?? []);
    await unlink(candidates);
  }
  batch.candidates.length = 0;
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
