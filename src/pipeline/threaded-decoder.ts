import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { ArchiveError, CancelledError, LakeError, UsageError } from "../errors/index.js";
import type { MemberAccount } from "../lake/account.js";
import type { DecodeReply, DecodeRequest } from "./decode-messages.js";
import { type DecodeEvents, decoderHere, type InputDecoder } from "./input-decoder.js";

const THREAD = new URL("./decode-thread.js", import.meta.url);
const KNOWN = { ArchiveError, CancelledError, LakeError, UsageError };

/**
 * A decoder in a thread of its own, so that inflating and decoding run beside the engine and the event loop
 * stays free. Where the thread's compiled file is not there (sources run as they are), in this thread. `folder`
 * is where spools go.
 */
export function openDecoder(
  folder: Promise<string>,
  events: DecodeEvents,
  signal: AbortSignal | undefined,
): InputDecoder {
  if (existsSync(fileURLToPath(THREAD))) return new ThreadedDecoder(folder, events, signal);
  const here = folder.then((path) => decoderHere(path, events, signal));
  here.catch(() => {});
  return {
    decode: async (path, name) => (await here).decode(path, name),
    seal: async () => (await here).seal(),
    drop: async () => (await here).drop(),
    close: async () => (await here.catch(() => undefined))?.close(),
  };
}

class ThreadedDecoder implements InputDecoder {
  private readonly thread: Worker;
  private readonly cancel = () => this.tell({ kind: "cancel" });
  private answer:
    | { resolve(members: readonly MemberAccount[]): void; reject(error: unknown): void }
    | undefined;

  constructor(
    folder: Promise<string>,
    private readonly events: DecodeEvents,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.thread = new Worker(THREAD);
    folder.then(
      (path) => this.tell({ kind: "start", folder: path }),
      () => {},
    );
    this.thread.on("message", (reply: DecodeReply) => this.hear(reply));
    this.thread.on("error", (error) => this.answer?.reject(error));
    if (signal?.aborted) this.cancel();
    signal?.addEventListener("abort", this.cancel, { once: true });
  }

  decode(path: string, name: string): Promise<readonly MemberAccount[]> {
    return this.ask({ kind: "decode", path, name });
  }

  async seal(): Promise<void> {
    await this.ask({ kind: "seal" });
  }

  async drop(): Promise<void> {
    await this.ask({ kind: "drop" });
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener("abort", this.cancel);
    await this.thread.terminate();
  }

  private tell(request: DecodeRequest): void {
    this.thread.postMessage(request);
  }

  private ask(request: DecodeRequest): Promise<readonly MemberAccount[]> {
    return new Promise((resolve, reject) => {
      this.answer = { resolve, reject };
      this.tell(request);
    });
  }

  private hear(reply: DecodeReply): void {
    switch (reply.kind) {
      case "spool":
        this.events.onSpool(reply.spool).then(
          () => this.tell({ kind: "taken" }),
          (error) => this.answer?.reject(error),
        );
        break;
      case "rejected":
        this.events.onRejected({ ...reply.line, raw: Buffer.from(reply.line.raw) });
        break;
      case "member":
        this.events.onMember(reply.input, reply.archiveBytes, reply.events);
        break;
      case "done":
        this.answer?.resolve(reply.members);
        break;
      case "failed":
        this.answer?.reject(revived(reply));
    }
  }
}

function revived({ name, message, wayOut, stack }: DecodeReply & { kind: "failed" }): Error {
  const Kind = KNOWN[name as keyof typeof KNOWN];
  const error = Kind && wayOut !== null ? new Kind(message, wayOut) : new Error(message);
  if (stack) error.stack = stack;
  return error;
}
