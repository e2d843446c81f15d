import { status } from "../../index.js";
import type { Question } from "./question.js";

/** The state of every upload hour. */
export const answer: Question<"status"> = async (_, { lake }) =>
  JSON.parse(JSON.stringify(await status({ lake })));
