import { type AnalysisDefinition, saveAnalysis } from "../../index.js";
import type { Question } from "./question.js";

/** Keeps an analysis in the lake. */
export const answer: Question<"save-analysis"> = async (given, { lake }) => {
  await saveAnalysis(lake, {
    name: given.text("name"),
    // It is checked where it is saved.
    definition: given.value("definition") as AnalysisDefinition,
    ...(given.value("selection") !== undefined && { selection: given.selection() }),
  });
  return {};
};
