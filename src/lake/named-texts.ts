import { randomUUID } from "node:crypto";
import { UsageError } from "../errors/index.js";
import { ensureFolder } from "./ensure-folder.js";
import { errorCode, type LakeFiles } from "./files.js";
import { ANALYSES, BOARDS, COHORTS, inLake } from "./paths.js";

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
export async function listTexts(dir: string, kind: TextKind, files: LakeFiles): Promise<string[]> {
  const names = await files.list(inLake(dir, kind.folder));
  return names.flatMap((file) => textName(file) ?? []).sort();
}

/** The text of that name; undefined if there is none. Throws UsageError if it is no name. */
export async function readText(
  dir: string,
  kind: TextKind,
  name: string,
  files: LakeFiles,
): Promise<string | undefined> {
  try {
    return (await files.read(pathOf(dir, kind, name))).toString("utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Keeps a text, written beside and renamed, on the disk. Throws UsageError if `name` is no name. */
export async function writeText(
  dir: string,
  kind: TextKind,
  name: string,
  text: string,
  files: LakeFiles,
): Promise<void> {
  const path = pathOf(dir, kind, name);
  const folder = await ensureFolder(dir, kind.folder, files);
  const beside = `${path}.${randomUUID()}`;
  try {
    await files.write(beside, text);
    await files.rename(beside, path);
  } catch (error) {
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(folder);
}

/** Deletes a text, on the disk; false if there is none of that name. Throws UsageError if it is no name. */
export async function removeText(
  dir: string,
  kind: TextKind,
  name: string,
  files: LakeFiles,
): Promise<boolean> {
  const path = pathOf(dir, kind, name);
  if ((await files.stat(path)) === undefined) return false;
  await files.remove(path);
  await files.syncFolder(inLake(dir, kind.folder));
  return true;
}

function pathOf(dir: string, { folder, what }: TextKind, name: string): string {
  if (NAME.test(name)) return inLake(dir, `${folder}/${name}${ENDING}`);
  throw new UsageError(
    `${JSON.stringify(name)} cannot be the name of ${what}.`,
    "Use up to 64 letters (a to z), digits, spaces, - and _, a letter or digit first and no space last.",
  );
}
