import { boards, savedAnalyses } from "../../index.js";
import type { Question } from "./question.js";

/** What is kept in the lake: analyses and boards. */
export const answer: Question<"analyses"> = async (_, { lake }) => ({
  analyses: await savedAnalyses(lake),
  boards: await boards(lake),
});
