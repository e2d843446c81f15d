import { type Answer, answerWith } from "../query-process/answer.js";
import { faultAnswer } from "../query-process/fault.js";
import type { PullJob } from "./pull-job.js";

/** The questions that the server answers itself; undefined if `name` is none. */
export function ownAnswer(name: string, pulls: PullJob): Promise<Answer> | undefined {
  switch (name) {
    case "pull":
      return pulls.canPull ? answerWith(async () => pulls.start()) : Promise.resolve(noKeys());
    case "pull-state":
      return answerWith(async () => pulls.state);
    case "stop-pull":
      return answerWith(() => pulls.stop());
    default:
      return undefined;
  }
}

function noKeys(): Answer {
  return faultAnswer(
    409,
    "No keys of an Amplitude project were found when the explorer was started.",
    "Run `ampframe login`, or set AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY, and start it again.",
  );
}
