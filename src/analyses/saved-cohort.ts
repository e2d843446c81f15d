import { LakeError } from "../errors/index.js";
import { checkedDefinition } from "./cohort-check.js";
import type { CohortDefinition } from "./cohort-definition.js";

/** A cohort as it is saved in a lake. */
export interface SavedCohort {
  readonly name: string;
  readonly definition: CohortDefinition;
  /** When it was saved: ISO, in UTC. */
  readonly saved: string;
  /** Of a static cohort its users; null of one that is computed anew each time. */
  readonly computed: {
    /** When: ISO, in UTC. */
    readonly at: string;
    /** The version of the lake that they are of. */
    readonly version: number;
    /** Their `amplitude_id`s in decimal digits, after identity, ascending. */
    readonly ids: readonly string[];
  } | null;
}

/** The text that is saved. */
export function cohortText(cohort: SavedCohort): string {
  const { name, definition, saved, computed } = cohort;
  const text = JSON.stringify({ formatVersion: 1, name, saved, definition, computed }, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return `${text}\n`;
}

/** Reads what `cohortText` wrote. Throws LakeError if `text` is something else, UsageError if its definition is wrong. */
export function savedCohort(name: string, text: string): SavedCohort {
  let value: Partial<SavedCohort> & { readonly formatVersion?: unknown };
  try {
    value = JSON.parse(text) ?? {};
  } catch (error) {
    throw damaged(name, error instanceof Error ? error.message : String(error));
  }
  const { formatVersion, definition, saved, computed } = value;
  if (formatVersion !== 1)
    throw damaged(name, `its formatVersion is ${JSON.stringify(formatVersion)}, not 1`);
  if (typeof saved !== "string") throw damaged(name, "it does not say when it was saved");
  const ids: unknown = computed?.ids;
  const isWhole =
    computed === null ||
    (typeof computed?.at === "string" &&
      Array.isArray(ids) &&
      ids.every((id) => /^-?\d{1,19}$/.test(String(id))));
  if (!isWhole || computed === undefined) throw damaged(name, "its users are no list of ids");
  return { name, definition: checkedDefinition(definition), saved, computed };
}

function damaged(name: string, found: string): LakeError {
  return new LakeError(
    `The cohort ${name} cannot be read: ${found}.`,
    "Save it anew, or delete it: _ampframe/cohorts in the lake holds its file.",
  );
}
