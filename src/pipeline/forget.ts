import { LakeError, QueryError } from "../errors/index.js";
import type { DownloadEffects } from "../export-api/effects.js";
import { REAL_EFFECTS } from "../export-api/effects.js";
import { guarded } from "../lake/failure.js";
import type { PersonId } from "../lake/forgotten.js";
import type { LakeTable } from "../lake/table.js";
import { amplitudeDeletions } from "./amplitude-deletions.js";
import { fileOrigins } from "./file-origins.js";
import { cohortMatcher, forgetInCohorts } from "./forget-cohorts.js";
import { forgetLines } from "./forget-lines.js";
import { type FileToRewrite, forgetGroup, groupsToForget } from "./forget-rows.js";
import { openEngineFor } from "./open-engine.js";
import { openTable } from "./open-table.js";
import {
  archivesWithEvents,
  liveRows,
  matcher,
  type PersonLines,
  quarantinesWithLines,
  replacedWithRows,
  type Search,
  throwIfCancelled,
} from "./person-files.js";
import { idsByField } from "./person-ids.js";
import { refreshPromoted } from "./promote.js";
import type { PromotionFailure, Refusal } from "./report.js";
import {
  checkWhom,
  type DeletionsSummary,
  type Whom,
  type WhomOptions,
  whomToForget,
} from "./whom-to-forget.js";

/** Whom to forget: at least one id, or `fromAmplitude`. */
export interface ForgetOptions extends WhomOptions {
  /** Folder of the lake. */
  readonly lake: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each commit that takes rows out. */
  readonly onProgress?: ((done: { readonly files: number; readonly of: number }) => void) | undefined;
}

/** What of a person lies in a lake. */
export interface ForgetPlan {
  /** Absolute path of the lake. */
  readonly lake: string;
  /** Ids that were given, those from Amplitude among them, each once. */
  readonly ids: number;
  /** What Amplitude's deletion jobs say; null without `fromAmplitude`. */
  readonly fromAmplitude: DeletionsSummary | null;
  /** Rows of the table. */
  readonly rows: number;
  /** The data files in which they lie, by paths inside the lake. */
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  /** Files with such rows that left the table and still lie on the disk. */
  readonly replaced: readonly string[];
  /** Kept archives with such events. */
  readonly archives: readonly string[];
  /** Lines that could not be read and have one of the ids, by the names of their quarantine files. */
  readonly quarantine: readonly PersonLines[];
  /** Names of the saved cohorts whose lists have an id of the person. */
  readonly cohorts: readonly string[];
  /** What cannot be looked through or written anew, and why. */
  readonly refused: readonly Refusal[];
}

/** What was removed. */
export interface ForgetReport {
  /** Absolute path of the lake. */
  readonly lake: string;
  /** Version of the Delta table. */
  readonly version: number;
  /** Ids that were given, those from Amplitude among them, each once. */
  readonly ids: number;
  /** What Amplitude's deletion jobs say; null without `fromAmplitude`. */
  readonly fromAmplitude: DeletionsSummary | null;
  /** Rows that were taken out of the table. */
  readonly rows: number;
  /** Data files that were written anew without them, by the paths that they had; deleted since. */
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  /** Files of older versions that were deleted because they held such rows, those in `files` not among them. */
  readonly replaced: readonly string[];
  /** Kept archives that were deleted because they held such events. */
  readonly archives: readonly string[];
  /** Quarantined lines that were removed, by the quarantine files that held them; deleted since. */
  readonly quarantine: readonly PersonLines[];
  /** Names of the saved cohorts from whose lists ids of the person were taken. */
  readonly cohorts: readonly string[];
  /** What may still hold the person's events, and why. */
  readonly refused: readonly Refusal[];
  /** Only there if the promoted properties could not be brought up to date. */
  readonly notPromoted?: PromotionFailure;
  readonly seconds: number;
}

/** How often files are looked through anew that other runs change meanwhile. */
const ROUNDS = 5;

/** What `forget` would remove, without removing it. Throws as `forget` does. */
export async function planForget(
  options: ForgetOptions,
  now: () => number = Date.now,
  effects: DownloadEffects = { ...REAL_EFFECTS, now },
): Promise<ForgetPlan> {
  const { table, whom } = await openFor(options, now, effects);
  return withSearch(table, whom.ids, options, (search) => planOf(search, whom));
}

/**
 * Removes all events that have one of the ids: from the table, from files of its older versions, kept archives and
 * quarantine; takes the ids, and each `amplitude_id` of whom no other event is left, out of saved cohorts; and notes a salted hash of each id, by which later pulls and loads leave such events out and count them.
 * The accounts say how many rows each hour has lost. Files with such rows are deleted at once, without a grace period.
 * Run again after a failure, it goes on.
 *
 * An event is the person's if its `user_id`, `device_id` or `amplitude_id` is one of the ids; what others' events say
 * of the person stays. With `fromAmplitude`, users whom Amplitude has deleted, or cannot be kept from deleting, are forgotten
 * by their `amplitude_id`; those whom the lake has forgotten already are looked for again, but where nothing is to do,
 * nothing is written and the version stays.
 *
 * Throws UsageError, LakeError, CancelledError (what was removed before stays removed); with `fromAmplitude` also as
 * `amplitudeDeletions` does, before anything is removed.
 */
export async function forget(
  options: ForgetOptions,
  now: () => number = Date.now,
  effects: DownloadEffects = { ...REAL_EFFECTS, now },
): Promise<ForgetReport> {
  const { table, whom } = await openFor(options, now, effects);
  return forgetInTable(table, whom, options);
}

async function openFor(
  options: ForgetOptions,
  now: () => number,
  effects: DownloadEffects,
): Promise<{ table: LakeTable; whom: Whom }> {
  checkWhom(options);
  const table = await openTable(options.lake, now);
  try {
    const whom = await whomToForget(table, options, (asked) => amplitudeDeletions(asked, effects));
    if (options.fromAmplitude) await table.refresh();
    return { table, whom };
  } catch (error) {
    await table.close();
    throw error;
  }
}

async function planOf(search: Search, { ids, fromAmplitude }: Omit<Whom, "unknown">): Promise<ForgetPlan> {
  const { table } = search;
  const whose = { lake: table.dir, ids: ids.length, fromAmplitude };
  if (ids.length === 0) {
    return {
      ...whose,
      rows: 0,
      files: [],
      replaced: [],
      archives: [],
      quarantine: [],
      cohorts: [],
      refused: [],
    };
  }
  const files = new Map<string, number>();
  for (const { file } of await liveRows(search)) files.set(file, (files.get(file) ?? 0) + 1);
  const origins = await fileOrigins(table);
  const replaced = await replacedWithRows(search);
  const archives = await archivesWithEvents(search);
  const cohorts = await forgetInCohorts(search, await cohortMatcher(search), false);
  return {
    ...whose,
    rows: [...files.values()].reduce((sum, rows) => sum + rows, 0),
    files: [...files].map(([path, rows]) => ({ path, rows })),
    replaced: replaced.found.map(({ path }) => path),
    archives: archives.found,
    quarantine: await quarantinesWithLines(search),
    cohorts: cohorts.listed,
    refused: [
      ...[...files.keys()].filter((path) => !origins.has(path)).map(foreign),
      ...replaced.unreadable,
      ...archives.unreadable,
      ...cohorts.refused,
    ],
  };
}

/** As `forget`, for a table that is open already; it is closed at the end. */
export async function forgetInTable(
  table: LakeTable,
  whom: Whom,
  options: Pick<ForgetOptions, "signal" | "onProgress">,
): Promise<ForgetReport> {
  const start = performance.now();
  const { ids, unknown, fromAmplitude } = whom;
  const seconds = () => Math.round(performance.now() - start) / 1000;
  return withSearch(table, ids, options, async (search) => {
    if (fromAmplitude && unknown.length === 0) {
      const plan = await planOf(search, whom);
      const isDone = [plan.files, plan.replaced, plan.archives, plan.quarantine, plan.cohorts].every(
        (of) => of.length === 0,
      );
      if (isDone) return { ...plan, version: table.snapshot.version, seconds: seconds() };
    }
    await table.writeTombstones(fromAmplitude && unknown.length > 0 ? unknown : ids);
    await commitNotice(table);
    const quarantine = await forgetLines(search);
    await table.refresh();
    const isInCohorts = await cohortMatcher(search);
    const before = await forgetInCohorts(search, isInCohorts, true);
    const rewritten = await forgetRows(search, options);
    // Again, for cohorts that were saved meanwhile by events that were still there.
    const after = await forgetInCohorts(search, isInCohorts, true);
    await table.removeStaleProfiles();
    const replaced = await replacedWithRows(search);
    const archives = await archivesWithEvents(search);
    const olderFiles = await table.erase(replaced.found.map(({ path }) => path));
    const erased = await table.erase(archives.found);
    const promoted = await refreshPromoted(table, options.signal);
    return {
      ...{ lake: table.dir, version: table.snapshot.version, ids: ids.length, fromAmplitude },
      rows: rewritten.files.reduce((sum, { rows }) => sum + rows, 0),
      files: rewritten.files,
      replaced: olderFiles,
      archives: erased,
      quarantine,
      cohorts: [...new Set([...before.listed, ...after.listed])],
      refused: [...rewritten.refused, ...replaced.unreadable, ...archives.unreadable, ...after.refused],
      ...promoted,
      seconds: seconds(),
    };
  });
}

/**
 * A commit after the tombstones and before the search. Runs under way that have not seen the tombstones meet it and
 * look again; what was committed before it, the search finds.
 */
async function commitNotice(table: LakeTable): Promise<void> {
  const basedOn = await table.refresh();
  const { id = "files", project = "files" } = (await table.sources()).at(-1) ?? {};
  await table.commit({
    account: {
      ...{ operation: "forget", source: { id, project }, requests: [], inputs: [], hours: [] },
      quarantine: null,
    },
    ...{ add: [], basedOn, dataChange: false },
  });
}

async function forgetRows(
  search: Search,
  { onProgress }: Pick<ForgetOptions, "onProgress">,
): Promise<{ files: { path: string; rows: number }[]; refused: Refusal[] }> {
  const { table, signal } = search;
  const files: { path: string; rows: number }[] = [];
  const refused: Refusal[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const origins = await fileOrigins(table);
    const byFile = new Map<string, FileToRewrite["rows"][number][]>();
    for (const row of await liveRows(search)) {
      const own = byFile.get(row.file);
      if (own) own.push(row);
      else byFile.set(row.file, [row]);
    }
    for (const { what } of refused) byFile.delete(what);
    const known: FileToRewrite[] = [];
    for (const [path, rows] of byFile) {
      const origin = origins.get(path);
      if (origin) known.push({ ...origin, rows });
      else refused.push(foreign(path));
    }
    const groups = groupsToForget(known);
    const of = files.length + known.length;
    let isDone = true;
    for (const group of groups) {
      throwIfCancelled(signal);
      const paths = group.files.map(({ file, rows }) => ({ path: file.path, rows: rows.length }));
      try {
        if (await forgetGroup(search, group)) {
          files.push(...paths);
          await table.erase(paths.map(({ path }) => path));
        } else isDone = false;
      } catch (error) {
        if (!(error instanceof LakeError || error instanceof QueryError)) throw error;
        const { message: reason, wayOut } = error;
        refused.push(...paths.map(({ path: what }) => ({ what, reason, wayOut })));
      }
      onProgress?.({ files: files.length, of });
    }
    if (isDone) return { files, refused };
  }
  throw new LakeError(
    "Other runs kept changing the files that hold the person's rows.",
    "Some rows may still be there. Run forget again when no other command is at work on the lake.",
  );
}

async function withSearch<T>(
  table: LakeTable,
  ids: readonly PersonId[],
  { signal }: Pick<ForgetOptions, "signal">,
  work: (search: Search) => Promise<T>,
): Promise<T> {
  try {
    const tempDirectory = await table.stagingDir();
    const engine = await openEngineFor(table.store, {
      memoryLimit: "1GB",
      threads: 2,
      tempDirectory,
      cacheFiles: false,
    });
    try {
      const byField = idsByField(ids);
      const search = { table, engine, ids: byField, isTheirs: matcher(byField), signal };
      return await guarded(`forgetting in the lake ${table.dir}`, () => work(search));
    } finally {
      engine.close();
    }
  } finally {
    await table.close();
  }
}

function foreign(path: string): Refusal {
  return {
    what: path,
    reason: "Another program wrote this file, and no account tells where its rows came from.",
    wayOut:
      "Delete the rows with that program (DELETE FROM … WHERE user_id = …), and vacuum the table there.",
  };
}
