import { openLake } from "../../index.js";
import { Given } from "../questions/given.js";
import { questionNamed } from "../questions/index.js";
import { SchemaJob } from "../questions/schema-job.js";
import { type Answers, answerWith } from "./answer.js";
import { faultAnswer } from "./fault.js";
import type { ProcessSetting } from "./messages.js";

/** Opens the lake for the page's own questions. Throws LakeError if there is none. */
export async function answersOfLake(setting: ProcessSetting): Promise<Answers> {
  const opened = await openLake(setting.lake);
  // The engine takes a moment to start: let it be ready when the page asks.
  opened.query("SELECT 1 FROM events LIMIT 0").catch(() => {});
  const schemas = new SchemaJob(opened);
  return async (name, input, signal) => {
    const question = questionNamed(name);
    if (question === undefined) {
      return faultAnswer(404, `There is no question ${JSON.stringify(name)}.`, "Reload the page.");
    }
    return answerWith(async () => {
      const { answer } = await question();
      return answer(new Given(input), { ...setting, opened, schemas, signal });
    });
  };
}
