import { deleteAnalysis } from "../../index.js";
import type { Question } from "./question.js";

/** Deletes a saved analysis. */
export const answer: Question<"delete-analysis"> = async (given, { lake }) => {
  await deleteAnalysis(lake, given.text("name"));
  return {};
};
