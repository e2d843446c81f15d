import { cohorts } from "../../index.js";
import type { Question } from "./question.js";

/** The cohorts that are saved in the lake. */
export const answer: Question<"cohorts"> = async (_, { opened }) => ({ cohorts: await cohorts(opened) });
