import type { Lake } from "../../index.js";
import { SharedWork } from "../questions/stream/shared-work.js";
import type { Answer, Answers } from "./answer.js";
import { answerOfFault } from "./fault.js";

/** Questions that are answered alike as long as the lake has the same newest commit. */
const KEPT: ReadonlySet<string> = new Set(["overview", "user-counts", "values", "users"]);
const MOST_KEPT = 40;

/** An answer that is no answer: not kept. */
class Fault extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.body);
    this.answer = answer;
  }
}

/**
 * The answers of `find`, where the same question is worked on once, and the newest answers are kept: a page that is loaded anew
 * or opened twice has its pictures at once. Cohorts may change without a commit: what names one is asked each time.
 */
export function keptAnswers(lake: Lake, find: Answers): Answers {
  const kept = new Map<string, SharedWork<Answer>>();
  const workOn = (key: string, name: string, input: unknown): SharedWork<Answer> => {
    const work =
      kept.get(key) ??
      new SharedWork(async (signal) => {
        const answer = await find(name, input, signal);
        if (answer.status !== 200) throw new Fault(answer);
        return answer;
      });
    kept.delete(key);
    kept.set(key, work);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT) break;
      kept.delete(oldest);
    }
    return work;
  };
  return async (name, input, signal) => {
    const text = JSON.stringify(input, sortedFields);
    if (!KEPT.has(name) || text === undefined || text.includes('"cohort":')) return find(name, input, signal);
    try {
      const { version } = await lake.extent({ signal });
      return await workOn(`${version} ${name} ${text}`, name, input).get(signal);
    } catch (error) {
      return error instanceof Fault ? error.answer : answerOfFault(error);
    }
  };
}

/** Objects with their fields in one order. */
function sortedFields(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
