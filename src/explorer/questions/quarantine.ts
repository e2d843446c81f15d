import { quarantine } from "../../index.js";
import type { Question } from "./question.js";

/** The lines that could not be read. */
export const answer: Question<"quarantine"> = async (_, { lake, signal }) =>
  JSON.parse(JSON.stringify(await quarantine({ lake, signal })));
