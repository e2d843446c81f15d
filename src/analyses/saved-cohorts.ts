import { LakeError, UsageError } from "../errors/index.js";
import type { CohortStore } from "../frame/cohort-store.js";
import type { SelectedEvents } from "../frame/selected-events.js";
import { type CohortOptions, cohort } from "./cohort.js";
import { checkedDefinition } from "./cohort-check.js";
import type { CohortDefinition } from "./cohort-definition.js";
import { cohortNamed, resolved } from "./cohort-resolve.js";
import { cohortText, type SavedCohort, savedCohort } from "./saved-cohort.js";

/** A lake in which cohorts are saved: what `openLake` gives. */
export interface CohortLake {
  frame(): SelectedEvents;
}

/** How a cohort is saved. The options that tell users apart count for a static one only. */
export interface SaveCohortOptions extends CohortOptions {
  /** True: keeps who belongs to it now. Default false: that is found anew whenever it is used. */
  readonly static?: boolean | undefined;
}

/** A static cohort is of the lake's newest version; so often it is computed anew while that moves on. */
const ROUNDS = 5;

/**
 * Saves a cohort in the lake under `name`, in the place of one of that name: up to 64 letters (a to z), digits, spaces,
 * `-` and `_`. It lies in `_ampframe/cohorts` of the lake, and analyses take its name: `segments: { buyers: { cohort: "buyers" } }`.
 * `forget` takes ids out of it. Throws UsageError, LakeError; of a static one as `cohort` does.
 */
export async function saveCohort(
  lake: CohortLake,
  name: string,
  definition: CohortDefinition,
  { static: isStatic = false, ...options }: SaveCohortOptions = {},
  now: () => number = Date.now,
): Promise<SavedCohort> {
  const store = storeOf(lake);
  checkedDefinition(definition);
  await store.read(name);
  if (!isStatic) await resolved({ cohort: name }, withName(store, name, definition));
  for (let round = 0; round < ROUNDS; round++) {
    const version = await store.version();
    const saved = new Date(now()).toISOString();
    const computed = isStatic
      ? {
          at: saved,
          version,
          ids: [...(await cohort(lake, definition, options)).rows].map(({ amplitude_id }) =>
            String(amplitude_id),
          ),
        }
      : null;
    const made: SavedCohort = { name, definition, saved, computed };
    await store.write(name, cohortText(made));
    // A forget that has ended meanwhile has not seen this file, and its person may be in it.
    if (!isStatic || (await store.version()) === version) return made;
  }
  throw new LakeError(
    `The lake changed ${ROUNDS} times while the users of ${name} were counted.`,
    "Save it again when no other command is at work on the lake.",
  );
}

/** The cohorts that are saved in the lake, by name. Throws LakeError if one is damaged. */
export async function cohorts(lake: CohortLake): Promise<SavedCohort[]> {
  const store = storeOf(lake);
  const found: SavedCohort[] = [];
  for (const name of await store.names()) {
    const text = await store.read(name);
    if (text !== undefined) found.push(savedCohort(name, text));
  }
  return found;
}

/** Deletes the cohort `name` from the lake. Throws UsageError if there is none, LakeError. */
export async function deleteCohort(lake: CohortLake, name: string): Promise<void> {
  const store = storeOf(lake);
  if (!(await store.remove(name))) await cohortNamed(name, store);
}

/** The store as if the cohort were saved, to see that it is not made of itself. */
function withName(store: CohortStore, name: string, definition: CohortDefinition): CohortStore {
  const made: SavedCohort = { name, definition, saved: "", computed: null };
  return {
    names: () => store.names(),
    read: async (asked) => (asked === name ? cohortText(made) : store.read(asked)),
    write: (asked, text) => store.write(asked, text),
    remove: (asked) => store.remove(asked),
    version: () => store.version(),
  };
}

function storeOf(lake: CohortLake): CohortStore {
  const { cohorts } = lake.frame();
  if (cohorts !== undefined) return cohorts;
  throw new UsageError("These events are of no lake in which cohorts are saved.", "Open one with openLake.");
}
