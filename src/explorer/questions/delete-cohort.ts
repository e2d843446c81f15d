import { deleteCohort } from "../../index.js";
import type { Question } from "./question.js";

/** Deletes a cohort. */
export const answer: Question<"delete-cohort"> = async (given, { opened }) => {
  await deleteCohort(opened, given.text("name"));
  return {};
};
