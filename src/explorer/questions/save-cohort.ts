import { type CohortDefinition, cohort, saveCohort } from "../../index.js";
import { isRecord, refuse } from "./given.js";
import type { Question } from "./question.js";

/** Saves a cohort and counts its users. */
export const answer: Question<"save-cohort"> = async (given, { opened, signal }) => {
  const name = given.text("name");
  const definition = given.value("definition");
  if (!isRecord(definition)) refuse("definition", definition, "the definition of a cohort");
  // Every part of it is checked by `saveCohort`.
  await saveCohort(opened, name, definition as unknown as CohortDefinition, { signal });
  const { rows } = await cohort(opened, { cohort: name }, { signal });
  return { users: rows.length };
};
