import { UsageError } from "../errors/index.js";
import { errorCode } from "./files.js";
import { ID_FIELDS, type PersonId } from "./forgotten.js";
import { COHORTS } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

// Cohorts are the user's own: nothing but the user and `forget` changes them. Their text is that of the analyses.

/** Safe as a file name on every system, and no device of Windows. */
const NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9](?:[\w -]{0,62}[\w-])?$/i;
const ENDING = ".json";

/** The names of the cohorts, sorted. */
export async function listCohorts(store: LakeStore): Promise<string[]> {
  const names = await store.list(COHORTS);
  return names.flatMap((file) => nameOf(file) ?? []).sort();
}

/** The text of a cohort; undefined if there is none of that name. Throws UsageError if it is no name. */
export async function readCohort(store: LakeStore, name: string): Promise<string | undefined> {
  const path = cohortPath(name);
  try {
    return (await store.read(path)).toString("utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Keeps a cohort, in the place of one of that name, for good. Throws UsageError if `name` is no name. */
export async function writeCohort(store: LakeStore, name: string, text: string): Promise<void> {
  await store.put(cohortPath(name), text);
}

/** Deletes a cohort, on the disk; false if there is none of that name. Throws UsageError if it is no name. */
export async function removeCohort(store: LakeStore, name: string): Promise<boolean> {
  const path = cohortPath(name);
  if ((await store.stat(path)) === undefined) return false;
  await store.remove(path);
  await store.sync(COHORTS);
  return true;
}

/** Cohorts that hold an id. */
export interface CohortsOfPerson {
  /** Those in whose lists of ids it stood: names. */
  readonly listed: readonly string[];
  /** Those whose conditions name it, which cannot be taken out without another meaning; and such as cannot be read. */
  readonly kept: readonly { readonly name: string; readonly readable: boolean }[];
}

/**
 * Looks for ids in the cohorts. With `remove` it takes them out of the lists, on the disk, and deletes what killed runs have
 * left beside the files.
 */
export async function personInCohorts(
  store: LakeStore,
  isTheirs: (id: PersonId) => boolean,
  remove: boolean,
): Promise<CohortsOfPerson> {
  const listed: string[] = [];
  const kept: { name: string; readable: boolean }[] = [];
  let left = 0;
  for (const file of (await store.list(COHORTS)).sort()) {
    const name = nameOf(file);
    if (name === undefined) {
      if (!remove || !file.includes(`${ENDING}.`)) continue;
      await store.remove(`${COHORTS}/${file}`);
      left += 1;
      continue;
    }
    const text = await readCohort(store, name);
    if (text === undefined) continue;
    const found = withoutIds(text, isTheirs);
    if (found === undefined || found.isNamed) kept.push({ name, readable: found !== undefined });
    if (found === undefined || found.text === undefined) continue;
    listed.push(name);
    if (remove) await writeCohort(store, name, found.text);
  }
  if (left > 0) await store.sync(COHORTS);
  return { listed, kept };
}

/** The text without the ids, undefined if its lists have none; and whether a filter names one. Undefined if it is no JSON. */
function withoutIds(
  text: string,
  isTheirs: (id: PersonId) => boolean,
): { text: string | undefined; isNamed: boolean } | undefined {
  let isNamed = false;
  let removed = 0;
  const isId = (field: PersonId["field"], value: unknown): boolean =>
    isTheirs({ field, value: String(value) });
  try {
    const rest: unknown = JSON.parse(text, function (this: Record<string, unknown>, key, value: unknown) {
      if (key === "ids" && Array.isArray(value)) {
        const others = value.filter((id) => !isId("amplitude_id", id));
        removed += value.length - others.length;
        return others;
      }
      const field = ID_FIELDS.find((field) => field === this.property);
      if (key === "value" && field !== undefined) isNamed ||= [value].flat().some((one) => isId(field, one));
      return value;
    });
    return { text: removed > 0 ? `${JSON.stringify(rest)}\n` : undefined, isNamed };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function nameOf(file: string): string | undefined {
  const name = file.endsWith(ENDING) ? file.slice(0, -ENDING.length) : "";
  return NAME.test(name) ? name : undefined;
}

function cohortPath(name: string): string {
  if (NAME.test(name)) return `${COHORTS}/${name}${ENDING}`;
  throw new UsageError(
    `${JSON.stringify(name)} cannot be the name of a cohort.`,
    "Use up to 64 letters (a to z), digits, spaces, - and _, a letter or digit first and no space last.",
  );
}
