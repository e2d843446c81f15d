import { type ChildProcess, fork } from "node:child_process";
import { isBucketUrl, LakeError } from "../../index.js";
import type { Answer } from "../query-process/answer.js";
import { faultAnswer } from "../query-process/fault.js";
import type { Failure, FromProcess, ProcessSetting, ToProcess } from "../query-process/messages.js";

/** How a question is asked. */
export interface AskOptions {
  /** Given when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly timeLimitMs: number;
}

interface Pending {
  readonly message: Extract<ToProcess, { kind: "ask" }>;
  readonly settle: (answer: Answer) => void;
  /** Lets its time limit begin, unless it has. */
  readonly begin: () => void;
  /** How often a process ended under it. */
  ends: number;
}

/** What is left of a question that was cancelled may go on so long before its process is killed. */
const GRACE_MS = 500;
/** A question under which so many processes ended is to blame; a person's SQL is at once. */
const MOST_ENDS = { lake: 2, sql: 1 } as const;
/** Of the environment, what a process needs; the keys of Amplitude stay out. */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SystemRoot", "TZ"];
/** What else it needs to read a lake in a bucket: the credentials of the AWS SDK, and the cache. */
const FOR_BUCKETS = /^(AWS_\w+|AMPFRAME_CACHE|AMPFRAME_CACHE_SIZE|XDG_CACHE_HOME|LOCALAPPDATA|USERPROFILE)$/;

/** A process that answers questions. It is killed if one does not end in time, and started anew; the others are asked again. */
export class QueryProcess {
  readonly #program: URL;
  readonly #setting: ProcessSetting;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  /** True once the process that runs has opened the lake: a time limit is for the answer alone. */
  #isOpen = false;
  #ids = 0;
  #closed = false;

  constructor(program: URL, setting: ProcessSetting) {
    this.#program = program;
    this.#setting = setting;
  }

  /** Starts the process. Throws LakeError if it cannot open the lake. */
  async open(): Promise<void> {
    const child = this.#start();
    await new Promise<void>((resolve, reject) => {
      child.on("message", (message: FromProcess) => {
        if (message.kind === "opened") resolve();
        if (message.kind === "failed") reject(errorOf(message.failure));
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(endedTooSoon(code ?? signal)));
    });
  }

  /** Asks. The answer of a question whose signal is given is for nobody. Never rejects. */
  ask(name: string, input: unknown, { signal, timeLimitMs }: AskOptions): Promise<Answer> {
    return new Promise((resolve) => {
      const id = ++this.#ids;
      const end = (answer: Answer): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", takeBack);
        resolve(answer);
      };
      const stop = (answer: Answer): void => {
        this.#send({ kind: "cancel", id });
        setTimeout(() => this.#killIfAtWork(id), GRACE_MS).unref();
        end(answer);
      };
      let timer: NodeJS.Timeout | undefined;
      const begin = (): void => {
        timer ??= setTimeout(() => stop(timeIsUp(timeLimitMs)), timeLimitMs);
      };
      const takeBack = (): void => stop(faultAnswer(400, "The question was taken back.", "Ask again."));
      const settle = (answer: Answer): void => {
        this.#pending.delete(id);
        end(answer);
      };
      if (signal.aborted) return end(faultAnswer(400, "The question was taken back.", "Ask again."));
      signal.addEventListener("abort", takeBack, { once: true });
      const message = { kind: "ask", id, name, input } as const;
      this.#pending.set(id, { message, settle, begin, ends: 0 });
      this.#send(message);
      if (this.#isOpen) begin();
    });
  }

  /** Kills the process. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  #start(): ChildProcess {
    const names = isBucketUrl(this.#setting.lake)
      ? [...PASSED_ON, ...Object.keys(process.env).filter((name) => FOR_BUCKETS.test(name))]
      : PASSED_ON;
    const env = Object.fromEntries(
      names.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const child = fork(this.#program, [JSON.stringify(this.#setting)], {
      ...{ env, execArgv: [], serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] },
    });
    this.#child = child;
    this.#isOpen = false;
    child.on("message", (message: FromProcess) => {
      if (message.kind === "opened") {
        this.#isOpen = true;
        for (const { begin } of this.#pending.values()) begin();
      }
      if (message.kind === "answer") this.#pending.get(message.id)?.settle(message);
      if (message.kind === "failed") {
        for (const { settle } of this.#pending.values()) settle(faultOf(message.failure));
      }
    });
    child.on("error", () => {});
    child.once("exit", () => this.#ended(child));
    return child;
  }

  /** The process ended: what it had in work is asked again. */
  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#closed) return;
    for (const pending of [...this.#pending.values()]) {
      pending.ends += 1;
      if (pending.ends >= MOST_ENDS[this.#setting.answers]) pending.settle(processEnded());
    }
    for (const { message } of this.#pending.values()) this.#send(message);
  }

  #send(message: ToProcess): void {
    if (this.#closed) return;
    if (message.kind === "cancel" && this.#child === undefined) return;
    const child = this.#child ?? this.#start();
    child.send(message, () => {});
  }

  #killIfAtWork(id: number): void {
    if (!this.#pending.delete(id)) return;
    // The others are asked again, and are not to blame.
    for (const pending of this.#pending.values()) pending.ends -= 1;
    this.#child?.kill("SIGKILL");
  }
}

function timeIsUp(timeLimitMs: number): Answer {
  return faultAnswer(
    400,
    `The answer took longer than ${timeLimitMs / 1000} seconds.`,
    "Ask for less: a shorter time, fewer event types, or fewer columns.",
  );
}

function processEnded(): Answer {
  return faultAnswer(
    500,
    "The process that answers questions ended while it worked on this one.",
    "Mostly memory was short: ask for less, or close other programs.",
  );
}

function faultOf({ message, wayOut }: Failure): Answer {
  return faultAnswer(500, message, wayOut);
}

function errorOf({ message, wayOut }: Failure): LakeError {
  return new LakeError(message, wayOut);
}

function endedTooSoon(how: number | string | null): LakeError {
  return new LakeError(
    `The process that answers the explorer's questions ended as it began (${how}).`,
    "Reinstall the package; if that does not help, please report it.",
  );
}
