import { userCounts } from "../../index.js";
import type { Question } from "./question.js";
import { selected } from "./selection.js";

/** Users of a selection, exactly: all at once, by a property, or by time. */
export const answer: Question<"user-counts"> = async (given, { opened, signal }) => {
  const frame = opened.frame(await selected(opened, given.selection()));
  const step = given.wholeNumber("step", 31_622_400, 0);
  const by = step > 0 ? step : given.optionalText("property");
  return { counts: await userCounts(frame, { by, signal }) };
};
