import { deleteBoard } from "../../index.js";
import type { Question } from "./question.js";

/** Deletes a board, not its analyses. */
export const answer: Question<"delete-board"> = async (given, { lake }) => {
  await deleteBoard(lake, given.text("name"));
  return {};
};
