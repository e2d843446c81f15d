import { ID_FIELDS, type PersonId } from "./forgotten.js";
import { COHORT_TEXTS, isBesideText, readText, textName, writeText } from "./named-texts.js";
import { COHORTS } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

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
    const name = textName(file);
    if (name === undefined) {
      if (!remove || !isBesideText(file)) continue;
      await store.remove(`${COHORTS}/${file}`);
      left += 1;
      continue;
    }
    const text = await readText(store, COHORT_TEXTS, name);
    if (text === undefined) continue;
    const found = withoutIds(text, isTheirs);
    if (found === undefined || found.isNamed) kept.push({ name, readable: found !== undefined });
    if (found === undefined || found.text === undefined) continue;
    listed.push(name);
    if (remove) await writeText(store, COHORT_TEXTS, name, found.text);
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
