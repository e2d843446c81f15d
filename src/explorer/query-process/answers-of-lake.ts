import { type Lake, openLake } from "../../index.js";
import { firstOverview } from "../first-overview.js";
import { Given } from "../questions/given.js";
import { questionNamed } from "../questions/index.js";
import { SchemaJob } from "../questions/schema-job.js";
import { type Answers, answerWith } from "./answer.js";
import { faultAnswer } from "./fault.js";
import { keptAnswers } from "./kept-answers.js";
import type { ProcessSetting } from "./messages.js";

/** What is asked first wherever the page is opened. */
const OF_THE_SHELL: ReadonlySet<string> = new Set(["lake", "overview"]);

/** Opens the lake for the page's own questions. Throws LakeError if there is none. */
export async function answersOfLake(setting: ProcessSetting): Promise<Answers> {
  const opened = await openLake(setting.lake);
  const schemas = new SchemaJob(opened);
  const answers = keptAnswers(opened, async (name, input, signal) => {
    const question = questionNamed(name);
    if (question === undefined) {
      return faultAnswer(404, `There is no question ${JSON.stringify(name)}.`, "Reload the page.");
    }
    return answerWith(async () => {
      const { answer } = await question();
      return answer(new Given(input), { ...setting, opened, schemas, signal });
    });
  });
  const ahead = new AbortController();
  answerAhead(opened, answers, ahead.signal).catch(() => {});
  return (name, input, signal) => {
    if (!OF_THE_SHELL.has(name)) ahead.abort();
    return answers(name, input, signal);
  };
}

/** Answers what a page asks first while the browser is still loading it; given up when another page is opened. */
async function answerAhead(lake: Lake, answers: Answers, signal: AbortSignal): Promise<void> {
  const { from, to } = await lake.extent({ signal });
  const first = firstOverview({ from: from?.toISOString() ?? null, to: to?.toISOString() ?? null });
  if (first === undefined) await lake.query("SELECT 1 FROM events LIMIT 0", undefined, { signal });
  else await answers("overview", first, signal);
}
