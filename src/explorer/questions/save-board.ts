import { saveBoard } from "../../index.js";
import type { Question } from "./question.js";

/** Keeps a board in the lake. */
export const answer: Question<"save-board"> = async (given, { lake }) => {
  await saveBoard(lake, { name: given.text("name"), analyses: given.texts("analyses") });
  return {};
};
