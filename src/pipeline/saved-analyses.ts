import type { AnalysisDefinition } from "../analyses/definition.js";
import type { EventSelection } from "../analyses/event-selection.js";
import { checkedDefinition } from "../analyses/run-analysis.js";
import { LakeError, UsageError } from "../errors/index.js";
import { guarded } from "../lake/failure.js";
import {
  ANALYSIS_TEXTS,
  BOARD_TEXTS,
  listTexts,
  readText,
  removeText,
  type TextKind,
  writeText,
} from "../lake/named-texts.js";
import type { LakeStore } from "../lake/store/lake-store.js";
import { openStore } from "../lake/store/open-store.js";

/** An analysis that is kept in a lake. */
export interface SavedAnalysis {
  /** Up to 64 letters (a to z), digits, spaces, `-` and `_`. */
  readonly name: string;
  readonly definition: AnalysisDefinition;
  /** The events that it is of. Default: all. */
  readonly selection?: EventSelection | undefined;
}

/** Saved analyses that are looked at together. */
export interface AnalysisBoard {
  /** As that of an analysis. */
  readonly name: string;
  /** Names of saved analyses, in order. One that was deleted may still be named. */
  readonly analyses: readonly string[];
}

/** The analyses that are kept in the lake in the folder `lake`, by name. Throws LakeError if one is damaged. */
export async function savedAnalyses(lake: string): Promise<SavedAnalysis[]> {
  return readAll(lake, ANALYSIS_TEXTS, analysisOf);
}

/** The analysis `name` of that lake. Throws UsageError if there is none, LakeError if it is damaged. */
export async function savedAnalysis(lake: string, name: string): Promise<SavedAnalysis> {
  return inStore(lake, async (store) => {
    const text = await readText(store, ANALYSIS_TEXTS, name);
    if (text !== undefined) return read(ANALYSIS_TEXTS, name, text, analysisOf);
    throw missing(ANALYSIS_TEXTS, name, await listTexts(store, ANALYSIS_TEXTS));
  });
}

/**
 * Keeps an analysis in the lake, in the place of one of that name: a small file of JSON in `_ampframe/analyses`. Throws
 * UsageError if the definition is wrong or the name is none.
 */
export async function saveAnalysis(
  lake: string,
  { name, definition, selection }: SavedAnalysis,
): Promise<void> {
  checkedDefinition(definition);
  const text = JSON.stringify({ formatVersion: 1, definition, selection }, null, 2);
  await inStore(lake, (store) => writeText(store, ANALYSIS_TEXTS, name, `${text}\n`));
}

/** Deletes the analysis `name`. Throws UsageError if there is none. */
export function deleteAnalysis(lake: string, name: string): Promise<void> {
  return remove(lake, ANALYSIS_TEXTS, name);
}

/** The boards of a lake, by name. Throws LakeError if one is damaged. */
export function boards(lake: string): Promise<AnalysisBoard[]> {
  return readAll(lake, BOARD_TEXTS, boardOf);
}

/** Keeps a board, in the place of one of that name. Throws UsageError if the name is none. */
export async function saveBoard(lake: string, { name, analyses }: AnalysisBoard): Promise<void> {
  const text = JSON.stringify({ formatVersion: 1, analyses }, null, 2);
  await inStore(lake, (store) => writeText(store, BOARD_TEXTS, name, `${text}\n`));
}

/** Deletes the board `name`, not its analyses. Throws UsageError if there is none. */
export function deleteBoard(lake: string, name: string): Promise<void> {
  return remove(lake, BOARD_TEXTS, name);
}

type Fields = Readonly<Record<string, unknown>>;

async function readAll<T>(
  lake: string,
  kind: TextKind,
  of: (name: string, fields: Fields) => T,
): Promise<T[]> {
  return inStore(lake, async (store) => {
    const found: T[] = [];
    for (const name of await listTexts(store, kind)) {
      const text = await readText(store, kind, name);
      if (text !== undefined) found.push(read(kind, name, text, of));
    }
    return found;
  });
}

async function inStore<T>(lake: string, work: (store: LakeStore) => Promise<T>): Promise<T> {
  const store = await openStore(lake);
  return guarded(`reaching what is saved in the lake ${store.location}`, () => work(store));
}

function read<T>(kind: TextKind, name: string, text: string, of: (name: string, fields: Fields) => T): T {
  try {
    const fields: Fields = JSON.parse(text) ?? {};
    if (fields.formatVersion !== 1) throw new Error(`its formatVersion is ${String(fields.formatVersion)}`);
    return of(name, fields);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LakeError(
      `${kind.folder}/${name}.json holds no ${kind.what.replace(/^an? /, "")}: ${why}`,
      "Delete the file, or save it anew.",
    );
  }
}

function analysisOf(name: string, { definition, selection }: Fields): SavedAnalysis {
  const checked = checkedDefinition(definition);
  // What a selection holds is checked where a frame is made of it.
  return selection === undefined
    ? { name, definition: checked }
    : { name, definition: checked, selection: selection as EventSelection };
}

function boardOf(name: string, { analyses }: Fields): AnalysisBoard {
  const isText = (one: unknown): one is string => typeof one === "string";
  if (!Array.isArray(analyses) || !analyses.every(isText)) throw new Error("it has no list of analyses");
  return { name, analyses };
}

async function remove(lake: string, kind: TextKind, name: string): Promise<void> {
  await inStore(lake, async (store) => {
    if (!(await removeText(store, kind, name))) throw missing(kind, name, await listTexts(store, kind));
  });
}

function missing({ what }: TextKind, name: string, names: readonly string[]): UsageError {
  const kind = what.replace(/^an? /, "");
  return new UsageError(
    `The lake has no ${kind} called ${JSON.stringify(name)}.`,
    names.length === 0 ? "Nothing is saved in it yet." : `It has ${names.join(", ")}.`,
  );
}
