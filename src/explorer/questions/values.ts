import { propertyValues } from "../../index.js";
import type { Question } from "./question.js";
import { selected } from "./selection.js";

const MOST = 10_000;

/** The most frequent values of a column or property. */
export const answer: Question<"values"> = async (given, { opened, signal }) => {
  const frame = opened.frame(await selected(opened, given.selection()));
  return propertyValues(frame, given.text("property"), {
    search: given.optionalText("search"),
    limit: given.wholeNumber("limit", MOST, 100),
    signal,
  });
};
