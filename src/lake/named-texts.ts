import { UsageError } from "../errors/index.js";
import { errorCode } from "./files.js";
import { ANALYSES, BOARDS, COHORTS } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

// Texts that a user keeps in the lake under a name, a file each: nothing but the user and `forget` changes them.

/** Safe as a file name on every system, and no device of Windows. */
const NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9](?:[\w -]{0,62}[\w-])?$/i;
const ENDING = ".json";

/** Where texts of one kind lie, and what one is called in errors: `an analysis`. */
export interface TextKind {
  /** Inside the lake. */
  readonly folder: string;
  readonly what: string;
}

export const COHORT_TEXTS: TextKind = { folder: COHORTS, what: "a cohort" };
export const ANALYSIS_TEXTS: TextKind = { folder: ANALYSES, what: "an analysis" };
export const BOARD_TEXTS: TextKind = { folder: BOARDS, what: "a board" };

/** The name of the text in `file`; undefined if it is no such file. */
export function textName(file: string): string | undefined {
  const name = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : "";
  return NAME.test(name) ? name : undefined;
}

/** True of what a killed run has left beside a text. */
export function isBesideText(file: string): boolean {
  return textName(file) === undefined && file.includes(`${ENDING}.`);
}

/** The names, sorted. */
export async function listTexts(store: LakeStore, kind: TextKind): Promise<string[]> {
  const names = await store.list(kind.folder);
  return names.flatMap((file) => textName(file) ?? []).sort();
}

/** The text of that name; undefined if there is none. Throws UsageError if it is no name. */
export async function readText(store: LakeStore, kind: TextKind, name: string): Promise<string | undefined> {
  try {
    return (await store.read(pathOf(kind, name))).toString("utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Keeps a text, in the place of one of that name, for good. Throws UsageError if `name` is no name. */
export async function writeText(store: LakeStore, kind: TextKind, name: string, text: string): Promise<void> {
  await store.put(pathOf(kind, name), text);
}

/** Deletes a text, for good; false if there is none of that name. Throws UsageError if it is no name. */
export async function removeText(store: LakeStore, kind: TextKind, name: string): Promise<boolean> {
  const path = pathOf(kind, name);
  if ((await store.stat(path)) === undefined) return false;
  await store.remove(path);
  await store.sync(kind.folder);
  return true;
}

function pathOf({ folder, what }: TextKind, name: string): string {
  if (NAME.test(name)) return `${folder}/${name}${ENDING}`;
  throw new UsageError(
    `${JSON.stringify(name)} cannot be the name of ${what}.`,
    "Use up to 64 letters (a to z), digits, spaces, - and _, a letter or digit first and no space last.",
  );
}
