import type { Lake } from "../../index.js";
import type { Api } from "../api.js";
import type { ProcessSetting } from "../query-process/messages.js";
import type { Given } from "./given.js";
import type { SchemaJob } from "./schema-job.js";

/** What a question is answered with. */
export interface QuestionSetting extends ProcessSetting {
  readonly opened: Lake;
  readonly schemas: SchemaJob;
  /** Given when nobody waits for the answer any more, or its time is up: pass it on to every query. */
  readonly signal: AbortSignal;
}

/**
 * Answers one question of `Api`. It runs in the query process, which may be killed at any moment and asked again: it must only
 * read, or write so that a second time changes nothing. `given` is what the page sent, not checked yet. Throws errors of ours.
 */
export type Question<Name extends keyof Api> = (
  given: Given,
  setting: QuestionSetting,
) => Promise<Api[Name]["out"]>;
