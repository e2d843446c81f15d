import { eventCube } from "../../index.js";
import type { Given } from "./given.js";
import type { Question } from "./question.js";
import { selected } from "./selection.js";

/** A year. */
const LONGEST_STEP = 31_622_400;

/** Counts of events by time and dimensions, for the overview. */
export const answer: Question<"overview"> = async (given, { opened, signal }) => {
  const frame = opened.frame(await selected(opened, given.selection()));
  const dimensions = given.texts("dimensions");
  return eventCube(frame, { dimensions, step: stepOf(given), keep: keptOf(given, dimensions), signal });
};

function stepOf(given: Given): number {
  return Math.max(60, given.wholeNumber("step", LONGEST_STEP));
}

function keptOf(given: Given, dimensions: readonly string[]) {
  if (given.value("keep") === undefined) return {};
  const keep = given.object("keep");
  return Object.fromEntries(dimensions.map((name) => [name, keep.optionalTexts(name) ?? []]));
}
