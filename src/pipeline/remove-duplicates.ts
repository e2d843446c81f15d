import { unlink } from "node:fs/promises";
import { type DuplicateRow, findDuplicates } from "../engine/duplicates.js";
import type { Engine } from "../engine/engine.js";
import { dateOf, type Hour, hourAt } from "../hour.js";
import type { LakeFile, Snapshot } from "../lake/snapshot.js";
import type { Batch } from "./batch.js";

/** Days before and after a row's upload day in which a copy of it is looked for. */
const DAYS_AROUND = 7;
const DAY_MS = 86_400_000;

/** Duplicates that were not kept: by the upload hour of the copy that was dropped. */
export interface DuplicatesOf {
  readonly count: number;
  /** Other hours that kept the other copy, and how many. */
  readonly keptBy: Readonly<Record<string, number>>;
}

/** Files of `snapshot` with rows of upload days within seven days of the batch's. */
export function filesAround(snapshot: Snapshot, batch: Batch): LakeFile[] {
  const days = [...batch.loaded.keys()].map((hour) => Date.parse(dateOf(hour)));
  if (days.length === 0) return [];
  const from = days.reduce((a, b) => Math.min(a, b)) - DAYS_AROUND * DAY_MS;
  const to = days.reduce((a, b) => Math.max(a, b)) + DAYS_AROUND * DAY_MS;
  return [...snapshot.files.values()].filter(({ uploadDate }) => {
    const day = Date.parse(uploadDate ?? "");
    return Number.isNaN(day) || (day >= from && day <= to);
  });
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
  const byFile = new Map<string, DuplicateRow[]>();
  for (const row of rows) {
    const same = byFile.get(row.file);
    if (same) same.push(row);
    else byFile.set(row.file, [row]);
  }
  for (const part of [...batch.parts]) {
    const dropped = byFile.get(part.path);
    if (dropped) await batch.replacePart(part, rowNumbers(dropped));
  }
  await keepTheRest(batch, byFile);
  return countByHour(rows);
}

/** Candidates that are no copies after all become parts. */
async function keepTheRest(batch: Batch, byFile: Map<string, DuplicateRow[]>): Promise<void> {
  for (const candidates of batch.candidates) {
    await batch.addRows(candidates, rowNumbers(byFile.get(candidates) ?? []));
    await unlink(candidates);
  }
  batch.candidates.length = 0;
}

function rowNumbers(rows: readonly DuplicateRow[]): number[] {
  return rows.map(({ row }) => row);
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
