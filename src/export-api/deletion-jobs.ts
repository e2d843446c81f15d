import { type AskRequest, ask, waited } from "./ask.js";
import type { AskedWords } from "./asked-verdict.js";
import { type DeletionJob, readDeletionAnswer } from "./deletion-answer.js";
import { type DayRange, splitDays } from "./deletion-days.js";
import { type DownloadEffects, REAL_EFFECTS } from "./effects.js";

/** Whom to ask for deletion jobs, and with which keys; the endpoint is that of `deletionsEndpoint`. */
export type DeletionJobsRequest = AskRequest;

/** "A rate limit of 1 HTTP request per second" (Amplitude's documentation of the User Privacy API). */
const BETWEEN_MS = 1000;
const WORDS: AskedWords = {
  what: "its deletion jobs",
  api: "User Privacy API",
  pace: "It takes one request a second.",
  undone: "nothing was forgotten yet",
};

/**
 * The deletion jobs that are scheduled on one of `days`, in the order of the answers: a request for every 180 days, each
 * again and again within the budget of `limits`. Throws CredentialsError on 401 and 403; DownloadError if an answer cannot
 * be had or is no list of jobs; CancelledError if the signal was aborted.
 */
export async function askDeletionJobs(
  days: DayRange,
  request: DeletionJobsRequest,
  effects: DownloadEffects = REAL_EFFECTS,
): Promise<DeletionJob[]> {
  const jobs: DeletionJob[] = [];
  for (const [i, { from, to }] of splitDays(days).entries()) {
    if (i > 0) await waited(effects.sleep(BETWEEN_MS, request.signal), request.signal, WORDS);
    const question = {
      query: `?start_day=${from}&end_day=${to}`,
      words: WORDS,
      expected: "a list of deletion jobs",
      otherwise: "Nothing was forgotten.",
      read(body: string) {
        const answer = readDeletionAnswer(body);
        return answer.kind === "jobs" ? { value: answer.jobs } : answer;
      },
    };
    jobs.push(...(await ask(question, request, effects)));
  }
  return jobs;
}
