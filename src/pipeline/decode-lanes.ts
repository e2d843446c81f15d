import type { Worker } from "node:worker_threads";
import { ArchiveError, CancelledError, LakeError, UsageError } from "../errors/index.js";
import type { LimitName } from "../limits.js";
import type {
  DecodeAnswer,
  DecodeRequest,
  DecodeRequests,
  ThreadMessage,
  ThreadReply,
} from "./decode-messages.js";
import { takeThreads, threadsWork } from "./lane-threads.js";
import { type DecoderSetting, MemberDecoder } from "./member-decoder.js";
import type { RejectedLineOf } from "./rejected-lines.js";

export type OnRejected = (line: RejectedLineOf) => void;

/** One decoder, in a thread of its own or in this one. */
export interface DecodeLane {
  /** Does what is asked after what was asked before. `onRejected` gets the lines that are rejected meanwhile. */
  ask<Kind extends keyof DecodeRequests>(
    kind: Kind,
    ask: DecodeRequests[Kind]["ask"],
    onRejected?: OnRejected,
  ): Promise<DecodeRequests[Kind]["answer"]>;
  close(): Promise<void>;
}

/**
 * Decoders in threads of their own, which make ready before the folder is there that they write into; where threads do
 * not work, one in this thread.
 */
export function openLanes(setting: Promise<DecoderSetting>, folder: Promise<string>): DecodeLane[] {
  if (!threadsWork()) return [new LaneHere(setting, folder)];
  return takeThreads().map((thread) => new ThreadLane(thread, setting, folder));
}

class LaneHere implements DecodeLane {
  private readonly decoder: Promise<MemberDecoder>;
  private work: Promise<unknown> = Promise.resolve();
  private onRejected: OnRejected = () => {};

  constructor(setting: Promise<DecoderSetting>, folder: Promise<string>) {
    const tell: OnRejected = (line) => this.onRejected(line);
    this.decoder = setting.then((ready) => MemberDecoder.create(ready, folder, tell));
    this.decoder.catch(() => {});
  }

  ask<Kind extends keyof DecodeRequests>(
    kind: Kind,
    ask: DecodeRequests[Kind]["ask"],
    onRejected: OnRejected = () => {},
  ) {
    const answer = this.work.then(async () => {
      const decoder = await this.decoder;
      this.onRejected = onRejected;
      return decoder.answer({ kind, ask } as DecodeRequest);
    });
    this.work = answer.catch(() => {});
    return answer as Promise<DecodeRequests[Kind]["answer"]>;
  }

  async close(): Promise<void> {
    await this.ask("drop", null).catch(() => {});
  }
}

interface Waiting {
  readonly onRejected: OnRejected;
  resolve(answer: DecodeAnswer): void;
  reject(error: unknown): void;
}

class ThreadLane implements DecodeLane {
  private readonly waiting: Waiting[] = [];
  /** What was asked before the setting was there; nothing once the thread has it. */
  private early: ThreadMessage[] | undefined = [];
  private fault: unknown;

  constructor(
    private readonly thread: Worker,
    setting: Promise<DecoderSetting>,
    folder: Promise<string>,
  ) {
    this.thread.on("message", (reply: ThreadReply) => this.hear(reply));
    this.thread.on("error", (error) =>
      this.break(failure({ name: "Error", message: error.message, wayOut: null })),
    );
    this.thread.on("exit", () =>
      this.break(failure({ name: "Error", message: "its thread has ended", wayOut: null })),
    );
    setting
      .then((ready) => this.start(ready))
      .then(() => folder)
      .then((ready) => this.tell({ kind: "folder", folder: ready }))
      .catch((error) => this.break(error));
  }

  ask<Kind extends keyof DecodeRequests>(
    kind: Kind,
    ask: DecodeRequests[Kind]["ask"],
    onRejected: OnRejected = () => {},
  ) {
    if (this.fault) return Promise.reject(this.fault);
    this.tell({ kind, ask } as DecodeRequest);
    return new Promise<DecodeRequests[Kind]["answer"]>((resolve, reject) => {
      this.waiting.push({ onRejected, resolve: resolve as Waiting["resolve"], reject });
    });
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private start(setting: DecoderSetting): void {
    const early = this.early ?? [];
    this.early = undefined;
    for (const message of [{ kind: "start", setting } as const, ...early]) this.tell(message);
  }

  private tell(message: ThreadMessage): void {
    if (this.early) this.early.push(message);
    else this.thread.postMessage(message);
  }

  private hear(reply: ThreadReply): void {
    if (reply.kind === "rejected") {
      for (const line of reply.lines) this.waiting[0]?.onRejected({ ...line, raw: Buffer.from(line.raw) });
    } else if (reply.kind === "done") {
      this.waiting.shift()?.resolve(reply.answer);
    } else {
      this.waiting.shift()?.reject(failure(reply));
    }
  }

  /** The thread is of no more use. */
  private break(fault: unknown): void {
    this.fault ??= fault;
    for (const { reject } of this.waiting.splice(0)) reject(fault);
  }
}

type Failed = Pick<Extract<ThreadReply, { kind: "failed" }>, "name" | "message" | "wayOut"> & {
  readonly limit?: LimitName | undefined;
};

/** An error of a thread, as an error of this one. */
function failure({ name, message, wayOut, limit }: Failed): Error {
  const known = [ArchiveError, CancelledError, LakeError, UsageError].find((kind) => kind.name === name);
  if (known && wayOut !== null) return new known(message, wayOut, { limit });
  const then = /^(ENOSPC|EDQUOT)\b/.test(message) ? "make room on the disk and run it again" : "try again";
  return new LakeError(`Decoding failed: ${message}`, `Nothing of this was committed; ${then}.`);
}
