import type { Answer } from "../export-api/answer.js";
import type { Hour, HourRange } from "../hour.js";
import type { HourAccount, HourChanges, RequestAccount, Source } from "../lake/account.js";
import { type HourState, hourStates } from "../lake/hour-states.js";
import type { LakeTable } from "../lake/table.js";
import type { Batch } from "./batch.js";
import type { ChangedUuids } from "./compare-answer.js";
import { type AnswerTo, hourMarks } from "./hour-marks.js";
import type { CommitIntent, Ingest } from "./ingest.js";
import { type PullOptions, wantedHours } from "./pull-plan.js";
import { changesOf, replaceHours } from "./replace-hours.js";

/** A window, when it was asked for, and what came of it. */
export interface Asked {
  readonly window: HourRange;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly answer: Answer;
}

/** What to commit for an answer, and the uuids that it changes in hours that were there before. */
export interface AnswerIntent {
  readonly commit: CommitIntent;
  readonly uuids: ChangedUuids;
}

/** What an answer is held against. */
export interface AnswerContext {
  readonly table: LakeTable;
  readonly ingest: Ingest;
  readonly source: Source;
  /** The hours that the pull is about. */
  readonly range: HourRange;
  readonly options: Pick<PullOptions, "settleHours" | "fresh" | "refresh">;
  /** How many changed uuids of each hour and kind to give. */
  readonly uuids: number;
}

type IntendedHour = Pick<HourAccount, "mark" | "provisional" | "changes">;

/**
 * What to commit for the answer whose events are in `batch`, on the newest table. Nothing if it is no news: other
 * runs have brought all hours of it, a 404 is about settling hours only, or settling hours are as they were.
 */
export async function answerIntent(
  { table, ingest, source, range, options, uuids }: AnswerContext,
  asked: Asked,
  batch: Batch,
): Promise<AnswerIntent | undefined> {
  const { window, askedAt, answer } = asked;
  const { settleHours, refresh } = options;
  const judgement = { now: askedAt, ...(settleHours === undefined ? {} : { settleHours }) };
  const states = async () => hourStates(await table.summaries(), source.id, window, judgement);
  const answerTo: AnswerTo = { window, kind: answer.kind === "archive" ? "archive" : "noData", askedAt };
  for (;;) {
    await table.refresh();
    const before = await states();
    if (wantedHours(before, judgement, options).length === 0) return undefined;
    const marks = hourMarks(answerTo, (hour) => batch.loaded.has(hour), before, settleHours);
    const marked = new Map([...before].filter(([hour]) => marks.has(hour)));
    const engine = await ingest.engine;
    const replacing = { table, engine, source, batch, before: marked, uuids };
    const changes = await changesOf(replacing);
    if ([...marked].every(([hour, state]) => isAsItWas(state, changes.changes.get(hour)))) return undefined;
    const replaced = await replaceHours(replacing, changes);
    const basedOn = await table.refresh();
    const now = await states();
    const moved = [...now].some(([hour, { version }]) => version !== before.get(hour)?.version);
    if (!replaced || moved) continue;
    const hours = new Map<Hour, IntendedHour>();
    for (const [hour, mark] of marks) {
      const changed = replaced.changes.get(hour);
      hours.set(hour, changed ? { ...mark, changes: changed } : mark);
    }
    const operation = refresh === undefined ? ("pull" as const) : ("refresh" as const);
    const requests = [requestOf(asked)];
    const commit = { operation, source, range, requests, hours, remove: replaced.remove, basedOn };
    return { commit, uuids: replaced.uuids };
  }
}

/** False if other runs have brought all hours of a window by now; to be asked for, `at` that time, it then need not be. */
export async function isStillWanted(
  { table, source, options }: AnswerContext,
  window: HourRange,
  at: number,
): Promise<boolean> {
  const { settleHours } = options;
  const judgement = { now: at, ...(settleHours === undefined ? {} : { settleHours }) };
  await table.refresh();
  const states = hourStates(await table.summaries(), source.id, window, judgement);
  return wantedHours(states, judgement, options).length > 0;
}

/** What the account says of a request. */
export function requestOf({ window, askedAt, answer }: Asked): RequestAccount {
  const { status, attempts } = answer;
  return { ...window, status, attempts, at: new Date(askedAt).toISOString() };
}

/** True of a settling hour that was brought before and has not changed since. */
function isAsItWas({ state }: HourState, changes: HourChanges | undefined): boolean {
  return state === "settling" && changes?.added === 0 && changes.changed === 0 && changes.gone === 0;
}
