import { idsOfNobodyElse } from "../engine/person-rows.js";
import type { CohortsOfPerson } from "../lake/cohorts.js";
import type { PersonId } from "../lake/forgotten.js";
import { analysesNaming } from "./forget-analyses.js";
import type { Search } from "./person-files.js";
import type { Refusal } from "./report.js";

/** The person in the saved cohorts of a lake. */
export interface PersonInCohorts {
  /** Names of the cohorts whose lists of ids have, or had, one of the person. */
  readonly listed: readonly string[];
  readonly refused: readonly Refusal[];
}

/**
 * Tells ids in cohorts: those that are to be forgotten, and every `amplitude_id` all of whose events in the newest table are
 * the person's. To be asked before these events are gone. Reads no events if there are no cohorts.
 */
export async function cohortMatcher({
  table,
  engine,
  ids,
  isTheirs,
  signal,
}: Search): Promise<Search["isTheirs"]> {
  if ((await table.cohortNames()).length === 0) return isTheirs;
  const paths = [...table.snapshot.files.keys()].map((path) => table.filePath(path));
  const own = new Set(await idsOfNobodyElse(engine, paths, ids, signal));
  return (id: PersonId) => isTheirs(id) || (id.field === "amplitude_id" && own.has(id.value));
}

/** Looks for the person in the cohorts; with `remove` takes the ids out of their lists. Saved analyses that name an id are refused. */
export async function forgetInCohorts(
  { table }: Search,
  isTheirs: Search["isTheirs"],
  remove: boolean,
): Promise<PersonInCohorts> {
  const { listed, kept } = await table.personInCohorts(isTheirs, remove);
  return { listed, refused: [...kept.map(refusal), ...(await analysesNaming(table.store, isTheirs))] };
}

function refusal({ name, readable }: CohortsOfPerson["kept"][number]): Refusal {
  const reason = readable ? "A condition of it names one of the ids." : "It is no JSON.";
  return { what: `The cohort ${name}`, reason, wayOut: "Save it anew without the id, or delete it." };
}
