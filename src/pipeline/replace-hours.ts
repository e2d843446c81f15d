import type { Engine } from "../engine/engine.js";
import type { Hour } from "../hour.js";
import type { FileAccount, HourChanges, Source } from "../lake/account.js";
import { copiesDropped } from "../lake/copies-dropped.js";
import { type HourState, isWithoutOwnRows } from "../lake/hour-states.js";
import type { LakeTable } from "../lake/table.js";
import type { Batch } from "./batch.js";
import { type ChangedUuids, type Comparison, compareAnswer } from "./compare-answer.js";
import { splitFile } from "./split-file.js";
import { filesWith, takeOutHours } from "./take-out-hours.js";

/** An answer whose events are decoded, and the hours that it is about. */
export interface Replacing {
  readonly table: LakeTable;
  readonly engine: Engine;
  readonly source: Source;
  readonly batch: Batch;
  /** The hours that the answer is to mark, as they are now. */
  readonly before: ReadonlyMap<Hour, HourState>;
  /** How many uuids of each hour and kind of change to give; Infinity for all. */
  readonly uuids: number;
}

/** What an answer changes in hours that were answered before. */
export interface Changes {
  readonly changes: ReadonlyMap<Hour, HourChanges>;
  readonly uuids: ChangedUuids;
}

/** What an answer would change, before anything is taken out. */
export async function changesOf(replacing: Replacing): Promise<Changes> {
  const { table, engine, source, batch, before, uuids } = replacing;
  const compared = comparedHours(replacing);
  const files = await filesWith(table, source, hoursWithRows(compared));
  const found = await compareAnswer(table, engine, batch, compared, files, uuids);
  const changes = new Map(found.changes);
  for (const [hour, { rows, otherRows }] of before) {
    const own = rows - otherRows;
    if (own === 0 || batch.loaded.has(hour)) continue;
    changes.set(hour, { before: own, added: 0, changed: 0, gone: own, kept: own });
  }
  return { changes, uuids: found.uuids };
}

/**
 * The paths of the files whose rows the answer replaces, and how many rows of each hour stay although the answer
 * does not have them. Rows of hours for which it has no event all stay. Of other hours those that are gone stay if
 * other answers or files had copies dropped in favour of their hour: which of them cannot be told, so all do, in a
 * file that is first split off in a commit of its own. Undefined if another run has replaced a file meanwhile.
 */
export async function replaceHours(
  replacing: Replacing,
  { changes, uuids }: Changes,
): Promise<(Changes & { readonly remove: readonly string[] }) | undefined> {
  const { table, engine, source, batch } = replacing;
  const compared = comparedHours(replacing);
  const files = await takeOutHours(table, engine, source, hoursWithRows(compared));
  const answered = new Set([...replacing.before.keys()].filter((hour) => batch.loaded.has(hour)));
  const dropped = copiesDropped(await table.summaries(), source.id, answered);
  const isKept = (hour: Hour) => dropped.has(hour) && (changes.get(hour)?.gone ?? 0) > 0;
  if (![...compared.keys()].some(isKept)) return { remove: files.map(({ path }) => path), changes, uuids };
  const exact = files.map((file) => ({ file, hours: Object.keys(file.hours) as Hour[] }));
  const { gone } = await compareAnswer(table, engine, batch, compared, exact, 0);
  const kept = new Map(changes);
  const remove: string[] = [];
  for (const file of files) {
    const rows = (gone.get(file.path) ?? []).filter(({ hour }) => dropped.has(hour));
    const left = await withoutRows(replacing, file, rows);
    if (left === undefined) return undefined;
    if (left !== null) remove.push(left);
    for (const { hour } of rows) {
      const change = kept.get(hour)!;
      kept.set(hour, { ...change, kept: change.kept + 1 });
    }
  }
  return { remove, changes: kept, uuids };
}

/** The hours with events in the batch that were answered before. */
function comparedHours({ before, batch }: Replacing): Map<Hour, HourState> {
  return new Map([...before].filter(([hour, state]) => batch.loaded.has(hour) && wasAnswered(state)));
}

function wasAnswered({ state, version }: HourState): boolean {
  return version !== null && (state === "held" || state === "empty" || state === "settling");
}

function hoursWithRows(hours: ReadonlyMap<Hour, HourState>): Set<Hour> {
  return new Set([...hours].filter(([, state]) => !isWithoutOwnRows(state)).map(([hour]) => hour));
}

/** The path of a file with its rows but these; null if there are no others, undefined if it was replaced meanwhile. */
async function withoutRows(
  { table, engine, source }: Replacing,
  file: FileAccount,
  kept: Comparison["gone"] extends ReadonlyMap<string, infer Rows> ? Rows : never,
): Promise<string | null | undefined> {
  if (kept.length === 0) return file.path;
  if (kept.length === file.rows) return null;
  const rows = kept.map(({ row }) => row);
  const parts = { taken: { without: rows }, rest: { only: rows } };
  return (await splitFile(table, engine, source, file, parts))?.path;
}
