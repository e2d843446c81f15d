import { rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { openInput } from "../archive/index.js";
import { ArchiveError, CancelledError, UsageError } from "../errors/index.js";
import type { Answer } from "../export-api/answer.js";
import type { ProjectKeys } from "../export-api/credentials.js";
import { downloadWindow } from "../export-api/download.js";
import { type DownloadEffects, REAL_EFFECTS } from "../export-api/effects.js";
import type { Endpoint } from "../export-api/endpoint.js";
import type { DownloadLimits } from "../export-api/limits.js";
import { splitWindow } from "../export-api/window.js";
import { type HourRange, hoursIn } from "../hour.js";
import type { LakeTable } from "../lake/table.js";
import { type Limits, limitsOf } from "../limits.js";
import { Slots } from "../slots.js";
import {
  type AnswerContext,
  type AnswerIntent,
  type Asked,
  answerIntent,
  isStillWanted,
  requestOf,
} from "./answer-intent.js";
import { Arrival, FillingTurn } from "./arrival.js";
import type { Batch } from "./batch.js";
import { checkSpace, freeOn } from "./disk-space.js";
import { freeBytes } from "./disk-use.js";
import { requireFree } from "./disk-watch.js";
import { Ingest } from "./ingest.js";
import { openOrCreateTable, openTableIfThere } from "./open-table.js";
import { refreshPromoted } from "./promote.js";
import { makePlan, type PullOptions as PlanOptions, type PullPlan, sourceOf } from "./pull-plan.js";
import { ReplacedHours } from "./replaced-hours.js";
import type { Progress, PullReport, Refusal } from "./report.js";
import { shuffled } from "./shuffled.js";
import { Tally } from "./totals.js";

/** What to bring, and how. */
export interface PullOptions extends PlanOptions {
  /** Requests at a time, 1 to 4. Default 2. */
  readonly concurrency?: number | undefined;
  /** Keeps the archives, under `_ampframe/archives/` in the lake. Default false. */
  readonly keepArchives?: boolean | undefined;
  /**
   * Bytes that must be free on the lake's disk before anything is asked. Default: 256 MB and twice what the hours
   * will take, by what the lake's hours have taken so far. 0 checks nothing.
   */
  readonly minFree?: number | undefined;
  /** Limits that differ from the defaults. Hours whose archive passes one are refused, and asked for by the next pull. */
  readonly limits?: Partial<Limits> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets every request and decision, as an object without secrets. */
  readonly log?: ((entry: object) => void) | undefined;
}

/** What a test of `pull` puts in place of the real thing. */
export interface PullEffects extends DownloadEffects {
  /** Limits of a download that differ from DEFAULT_DOWNLOAD_LIMITS. */
  readonly limits?: Partial<DownloadLimits>;
  /** Bytes free on the disk of a folder; null if it is not there. */
  readonly freeBytes?: (folder: string) => Promise<number | null>;
}

/** The first request goes alone for so long: its archive is decoded while the others come, if not all come at once. */
const HEAD_START_MS = 250;
/** So many events an hour are prepared for; more than that cost time. */
const EVENTS_AN_HOUR = 20_000;
/** An archive that arrives damaged is asked for so often before it is refused. */
const DAMAGED_TRIES = 3;

/** What `pull` would ask for, without asking. Throws as `pull` does for wrong options. */
export async function planPull(options: PlanOptions, now: () => number = Date.now): Promise<PullPlan> {
  return makePlan(await openTableIfThere(options.lake), options, now());
}

/**
 * Brings the missing upload hours of a project into the lake: asks for them a day at a time, splits what is too
 * large, retries what fails, and commits each answer with its account. Hours that cannot be had are reported;
 * all others are brought.
 *
 * Throws UsageError, CredentialsError (keys that cannot be sent, 401, 403), DownloadError (Amplitude cannot be
 * reached; what came before is committed), LakeError, CancelledError.
 */
export async function pull(options: PullOptions, effects: PullEffects = REAL_EFFECTS): Promise<PullReport> {
  const concurrency = options.concurrency ?? 2;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 4) {
    throw new UsageError(
      `The concurrency ${concurrency} is not a whole number from 1 to 4.`,
      "Give 1, 2, 3 or 4.",
    );
  }
  const limits = limitsOf(options.limits);
  const there = await openTableIfThere(options.lake, effects.now);
  const planned = await makePlan(there, options, effects.now());
  await checkSpace({ ...options, table: there, hours: planned.hours, freeBytes: effects.freeBytes });
  const table = there ?? (await openOrCreateTable(options.lake, effects.now));
  try {
    // Where there was no lake another run may have made one meanwhile.
    const plan = there ? planned : await makePlan(table, options, effects.now());
    options.log?.({ kind: "plan", ...plan });
    options.onProgress?.({ kind: "planned", windows: plan.windows.length, hours: plan.hours, bytes: null });
    if (plan.windows.length === 0) {
      return {
        ...reportOf(plan, new Tally(), [], 0, [], []),
        ...(await refreshPromoted(table, options.signal)),
      };
    }
    const ingest = await Ingest.open(Promise.resolve(table), {
      ...options,
      limits,
      events: plan.hours * EVENTS_AN_HOUR,
    });
    try {
      const report = await new Pulling(table, ingest, options, limits, plan, concurrency, effects).run();
      return { ...report, ...(await refreshPromoted(table, options.signal)) };
    } finally {
      await ingest.close();
    }
  } finally {
    await table.close();
  }
}

class Pulling {
  private readonly tally = new Tally();
  private readonly refused: Refusal[] = [];
  private readonly empty: PullReport["empty"][number][] = [];
  private readonly slots: Slots;
  private readonly turn = new FillingTurn();
  private readonly commits: Promise<void>[] = [];
  /** The end of what is to be done in order. */
  private order: Promise<unknown> = Promise.resolve();
  private readonly stop = new AbortController();
  private readonly failures: unknown[] = [];
  private readonly replaced: ReplacedHours;
  private readonly context: AnswerContext;
  private readonly endpoint: Endpoint;
  private readonly keys: ProjectKeys;
  private requests = 0;

  constructor(
    private readonly table: LakeTable,
    private readonly ingest: Ingest,
    private readonly options: PullOptions,
    private readonly limits: Limits,
    private readonly plan: PullPlan,
    concurrency: number,
    private readonly effects: PullEffects,
  ) {
    this.slots = new Slots(concurrency);
    ({ endpoint: this.endpoint, keys: this.keys } = sourceOf(options));
    this.replaced = new ReplacedHours(options.log);
    const { source, range } = plan;
    this.context = { table, ingest, source, range: range!, options, uuids: this.replaced.uuids };
  }

  async run(): Promise<PullReport> {
    const passOn = () => this.stop.abort(this.options.signal?.reason);
    if (this.options.signal?.aborted) passOn();
    this.options.signal?.addEventListener("abort", passOn, { once: true });
    try {
      const { folder } = this.table.store;
      const windows = folder === undefined ? shuffled(this.plan.windows) : this.plan.windows;
      const [first, ...others] = windows.map((window) => () => this.bring(window));
      const begun = first?.();
      if (others.length > 0)
        await Promise.race([begun, setTimeout(HEAD_START_MS, undefined, { ref: false })]);
      await Promise.all([begun, ...others.map((bring) => bring())]);
      await Promise.all(this.commits);
    } finally {
      this.options.signal?.removeEventListener("abort", passOn);
    }
    if (this.failures.length > 0) throw this.failures[0];
    const { plan, tally, empty, requests, refused, replaced } = this;
    return reportOf(plan, tally, empty, requests, refused, replaced.list());
  }

  /** Brings a window, in halves if it must be. What goes wrong is noted, and ends the others. */
  private async bring(window: HourRange, first = false): Promise<void> {
    const halves = await this.slots.run(async () => {
      if (this.stop.signal.aborted) return this.cancelled();
      try {
        return await this.ask(window);
      } catch (error) {
        this.fail(error);
        return undefined;
      }
    }, first);
    if (halves) await Promise.all(halves.map((half) => this.bring(half, true)));
  }

  private cancelled(): undefined {
    if (this.failures.length > 0) return;
    this.failures.push(
      new CancelledError("The pull was cancelled.", "Pull again: it goes on with what is missing.", {
        cause: this.stop.signal.reason,
      }),
    );
  }

  /** Whatever stage a cancelled pull was in, its caller hears the same. */
  private fail(error: unknown): void {
    if (this.options.signal?.aborted && error instanceof CancelledError) {
      this.cancelled();
    } else {
      this.failures.push(error);
      this.stop.abort(error);
    }
  }

  /** Asks for a window until it is brought or refused; gives its halves if it is too large. */
  private async ask(window: HourRange): Promise<HourRange[] | undefined> {
    for (let tries = 1; ; tries++) {
      if (!(await isStillWanted(this.context, window, this.effects.now()))) {
        this.options.log?.({ kind: "noNews", window });
        return undefined;
      }
      requireFree(
        await freeOn(
          this.table.store.folder ?? (await this.table.stagingDir()),
          this.effects.freeBytes ?? freeBytes,
        ),
        this.limits.freeBytes,
      );
      const askedAt = this.effects.now();
      const arrival = new Arrival(this.ingest, this.turn, nameOf(window));
      const answer = await this.download(window, arrival);
      const asked = { window, askedAt, answer };
      if (answer.kind === "archive") {
        const damage = await this.take(asked, answer, arrival);
        if (!damage) return undefined;
        if (damage.limit === undefined && tries < DAMAGED_TRIES) continue;
        const later = "Try again later; if it stays so, report it to Amplitude's support.";
        this.refuse(window, damage.message, damage.limit === undefined ? later : damage.wayOut);
      } else if (answer.kind === "noData") {
        this.options.onProgress?.({ kind: "noData", window });
        const batch = await this.turn.slot.run(() => this.ingest.seal());
        await this.inOrder(() => this.commit(asked, batch));
      } else if (answer.kind === "tooLarge") {
        const halves = splitWindow(window);
        this.options.onProgress?.({ kind: "split", window, reason: answer.reason });
        this.options.log?.({ kind: "split", window, reason: answer.reason });
        if (halves) return halves;
        await this.refuseForGood(
          asked,
          answer.reason,
          "Let Amplitude export this hour to Amazon S3 and load the files.",
        );
      } else if (answer.temporary || window.from !== window.to) {
        this.refuse(window, answer.reason, answer.wayOut);
      } else {
        await this.refuseForGood(asked, answer.reason, answer.wayOut);
      }
      return undefined;
    }
  }

  private async download(window: HourRange, arrival: Arrival): Promise<Answer> {
    const options = {
      endpoint: this.endpoint,
      credentials: this.keys,
      directory: await this.table.stagingDir(),
      signal: this.stop.signal,
      limits: this.effects.limits,
      onProgress: this.options.onProgress,
      log: this.options.log,
      watch: arrival.watch,
    };
    try {
      const answer = await downloadWindow(window, options, this.effects);
      this.requests += answer.attempts;
      return answer;
    } catch (error) {
      await arrival.end();
      throw error;
    }
  }

  /** Decodes an archive and has it committed after those before it. Gives the fault if it is damaged. */
  private async take(
    asked: Asked,
    { path, sha256 }: Answer & { readonly kind: "archive" },
    arrival: Arrival,
  ): Promise<ArchiveError | undefined> {
    let committed: Promise<void>;
    try {
      // While the archive before is still being decoded: the decoders need not wait for this one.
      const input = await openInput(path, { limits: this.limits, signal: this.stop.signal });
      try {
        await arrival.takeTurn();
        const batch = await arrival.complete(input, sha256);
        const after = (isCommitted: boolean) => this.putAway(path, nameOf(asked.window), isCommitted);
        committed = this.inOrder(() => this.commit(asked, batch, after));
      } finally {
        await input.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof ArchiveError) return error;
      throw error;
    } finally {
      await arrival.end();
    }
    await committed;
    return undefined;
  }

  /** Does `work` after what was given before: a batch is held only against those that were committed before it. */
  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.order.then(work);
    this.order = turn.catch(() => {});
    return turn;
  }

  /** Commits a sealed batch, while the next window is being worked on. */
  private async commit(
    asked: Asked,
    batch: Batch,
    after?: (isCommitted: boolean) => Promise<void>,
  ): Promise<void> {
    let intent: AnswerIntent | undefined;
    const commit = this.ingest
      .commit(batch, async () => {
        intent = await answerIntent(this.context, asked, batch);
        return intent?.commit;
      })
      .then(async (committed) => {
        if (committed.kind === "needless") this.options.log?.({ kind: "noNews", window: asked.window });
        else {
          this.tally.add({ inputs: batch.inputs, hours: committed.hours });
          this.empty.push(...committed.hours.filter(({ mark }) => mark === "empty").map(({ hour }) => hour));
          this.replaced.add(committed.hours, intent?.uuids ?? new Map());
        }
        await after?.(committed.kind === "committed" && committed.forgotten === 0);
      })
      .catch((error) => this.fail(error));
    this.commits.push(commit);
    await this.commits.at(-2);
  }

  private async refuseForGood(asked: Asked, reason: string, wayOut: string): Promise<void> {
    this.refuse(asked.window, reason, wayOut);
    await this.turn.slot.run(async () => {
      const batch = await this.ingest.seal();
      const hours = new Map(
        hoursIn(asked.window).map((hour) => [hour, { mark: "refused", reason, wayOut }] as const),
      );
      const { source, range } = this.context;
      await this.ingest.commit(batch, async () => ({
        ...{ operation: "pull" as const, source, range, requests: [requestOf(asked)], hours, remove: [] },
        basedOn: await this.table.refresh(),
      }));
    });
  }

  private refuse(window: HourRange, reason: string, wayOut: string): void {
    const what = window.from === window.to ? window.from : `${window.from} to ${window.to}`;
    const refusal = { what, reason, wayOut };
    this.refused.push(refusal);
    this.options.onProgress?.({ kind: "refused", refusal });
    this.options.log?.({ kind: "refused", ...refusal });
  }

  /**
   * Keeps an archive only if an account names it, for another run's answer may have other bytes under the same name,
   * and if nobody in it was forgotten.
   */
  private async putAway(path: string, name: string, isCommitted: boolean): Promise<void> {
    if (!this.options.keepArchives || !isCommitted) return rm(path, { force: true });
    await this.table.keepArchive(path, this.plan.source.id, name);
  }
}

/** The name of a window's archive, in its account and where it is kept. */
function nameOf({ from, to }: HourRange): string {
  return `${from}_${to}.zip`;
}

function reportOf(
  plan: PullPlan,
  tally: Tally,
  empty: PullReport["empty"],
  requests: number,
  refused: readonly Refusal[],
  replaced: PullReport["replaced"],
): PullReport {
  const { range, settling } = plan;
  return { ...tally.totals(), range, empty: [...empty].sort(), settling, replaced, refused, requests };
}
