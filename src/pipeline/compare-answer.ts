import type { Engine } from "../engine/engine.js";
import { type EventChange, eventChanges } from "../engine/event-changes.js";
import { type Hour, hourAt, hourStart } from "../hour.js";
import type { HourChanges } from "../lake/account.js";
import type { HourState } from "../lake/hour-states.js";
import type { LakeTable } from "../lake/table.js";
import type { Batch } from "./batch.js";
import { filesAround } from "./files-around.js";
import type { AnsweredFile } from "./take-out-hours.js";

/** Uuids by upload hour and kind of change. */
export type ChangedUuids = ReadonlyMap<Hour, Readonly<Record<EventChange["kind"], readonly string[]>>>;

/** An answer, held against what earlier answers for the same hours have brought. */
export interface Comparison {
  /** For each hour with events that was answered before. None of its rows is kept yet. */
  readonly changes: ReadonlyMap<Hour, HourChanges>;
  readonly uuids: ChangedUuids;
  /** Rows that the answer does not have, by the path of their file inside the lake. */
  readonly gone: ReadonlyMap<string, readonly { readonly hour: Hour; readonly row: number }[]>;
}

/**
 * Holds the events of `batch` against the rows of `files`, by uuid and all columns. `hours` are those of the answer
 * that were answered before, as they were; at most `uuids` of each hour and kind are given.
 */
export async function compareAnswer(
  table: LakeTable,
  engine: Engine,
  batch: Batch,
  hours: ReadonlyMap<Hour, HourState>,
  files: readonly AnsweredFile[],
  uuids: number,
): Promise<Comparison> {
  const counts = new Map<Hour, Record<keyof HourChanges, number>>();
  for (const [hour, { rows, otherRows }] of hours) {
    counts.set(hour, { before: rows - otherRows, added: 0, changed: 0, gone: 0, kept: 0 });
  }
  const listed = new Map<Hour, Record<EventChange["kind"], string[]>>();
  const gone = new Map<string, { hour: Hour; row: number }[]>();
  if (counts.size === 0) return { changes: counts, uuids: listed, gone };
  const pathOf = new Map(files.map(({ file: { path } }) => [table.filePath(path), path]));
  const others = filesAround(table.snapshot, batch.loaded.keys()).map(({ path }) => table.filePath(path));
  const differences = eventChanges(engine, {
    before: files.map((of) => ({ path: table.filePath(of.file.path), hours: of.hours.map(hourStart) })),
    after: [...batch.parts.map(({ path }) => path), ...batch.candidates],
    others: others.filter((path) => !pathOf.has(path)),
  });
  for await (const { kind, hour: ms, uuid, before } of differences) {
    const hour = hourAt(ms);
    const change = counts.get(hour);
    if (!change) continue;
    change[kind] += 1;
    const list = listed.get(hour) ?? { added: [], changed: [], gone: [] };
    listed.set(hour, list);
    if (list[kind].length < uuids) list[kind].push(uuid);
    if (kind !== "gone" || !before) continue;
    const path = pathOf.get(before.file) ?? before.file;
    const rows = gone.get(path) ?? [];
    gone.set(path, rows);
    rows.push({ hour, row: before.row });
  }
  return { changes: counts, uuids: listed, gone };
}
