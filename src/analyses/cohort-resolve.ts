import { UsageError } from "../errors/index.js";
import type { CohortStore } from "../frame/cohort-store.js";
import { unknownName } from "../frame/selection.js";
import type { CohortDefinition } from "./cohort-definition.js";
import { type SavedCohort, savedCohort } from "./saved-cohort.js";

/** The definition with every `cohort` in it replaced by what is saved under that name. Throws UsageError, LakeError. */
export async function resolved(
  definition: CohortDefinition,
  store: CohortStore | undefined,
  within: readonly string[] = [],
): Promise<CohortDefinition> {
  const each = (list: readonly CohortDefinition[]): Promise<CohortDefinition[]> =>
    Promise.all(list.map((one) => resolved(one, store, within)));
  if ("all" in definition) return { all: await each(definition.all) };
  if ("any" in definition) return { any: await each(definition.any) };
  if ("not" in definition) return { not: await resolved(definition.not, store, within) };
  return "cohort" in definition ? ofName(definition.cohort, store, within) : definition;
}

async function ofName(
  name: string,
  store: CohortStore | undefined,
  within: readonly string[],
): Promise<CohortDefinition> {
  const path = [...within, name];
  if (within.includes(name)) {
    throw new UsageError(
      `The cohort ${name} is made of itself: ${path.join(" → ")}.`,
      "Define one of them without the others.",
    );
  }
  const { computed, definition } = await cohortNamed(name, store);
  return computed === null ? resolved(definition, store, path) : { ids: computed.ids };
}

/** The cohort that is saved under `name`. Throws UsageError if there is none. */
export async function cohortNamed(name: string, store: CohortStore | undefined): Promise<SavedCohort> {
  if (store === undefined) {
    throw new UsageError(
      `The cohort ${name} cannot be read: these events are of no lake in which cohorts are saved.`,
      "Give the ids of its users.",
    );
  }
  const text = await store.read(name);
  if (text !== undefined) return savedCohort(name, text);
  const names = await store.names();
  if (names.length > 0) throw unknownName("cohort", name, names);
  throw new UsageError(
    `There is no cohort ${JSON.stringify(name)}; none is saved in the lake.`,
    "Save it with saveCohort, or `ampframe cohort`.",
  );
}
