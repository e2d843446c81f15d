import { Given } from "../questions/given.js";
import { questionNamed } from "../questions/index.js";
import type { QuestionSetting } from "../questions/question.js";
import { answerOfFault, faultAnswer } from "./fault.js";

/** What goes over HTTP: a status and JSON. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers a question by its name. Never rejects: what fails is an answer too. */
export async function answerTo(name: string, input: unknown, setting: QuestionSetting): Promise<Answer> {
  try {
    const question = questionNamed(name);
    if (question === undefined) {
      return faultAnswer(404, `There is no question ${JSON.stringify(name)}.`, "Reload the page.");
    }
    const { answer } = await question();
    const out = await answer(new Given(input), setting);
    return { status: 200, body: JSON.stringify(out, jsonValue) };
  } catch (error) {
    return answerOfFault(error);
  }
}

/** As `Cell` has values that JSON lacks. */
function jsonValue(_: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}
