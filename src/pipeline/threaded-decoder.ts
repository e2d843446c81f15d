import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { LineCounts } from "../decode/decoder.js";
import { ArchiveError, LakeError } from "../errors/index.js";
import { type ByteDecoder, type DecodeEvents, decoderHere } from "./byte-decoder.js";
import type { DecodeReply, DecodeRequest } from "./decode-messages.js";

const THREAD = new URL("./decode-thread.js", import.meta.url);
/** Buffers that go back and forth, and their size in bytes. */
const BUFFERS = 4;
const BUFFER_BYTES = 2 ** 20;

/**
 * A decoder in a thread of its own, so that decoding runs beside inflating and beside the engine. Where the
 * thread's compiled file is not there (sources run as they are), in this thread. Spools go into `folder`.
 */
export async function openDecoder(folder: Promise<string>, events: DecodeEvents): Promise<ByteDecoder> {
  if (!existsSync(fileURLToPath(THREAD))) return decoderHere(await folder, events);
  const decoder = new ThreadedDecoder(events);
  try {
    decoder.start(await folder);
    return decoder;
  } catch (error) {
    await decoder.close();
    throw error;
  }
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

class ThreadedDecoder implements ByteDecoder {
  private readonly thread = new Worker(THREAD);
  private readonly free: ArrayBuffer[] = Array.from({ length: BUFFERS }, () => new ArrayBuffer(BUFFER_BYTES));
  private waitingForBuffer: Waiting<void> | undefined;
  private waitingForCounts: Waiting<LineCounts> | undefined;
  private waitingForDone: Waiting<void> | undefined;
  private fault: Error | undefined;

  constructor(private readonly events: DecodeEvents) {
    this.thread.on("message", (reply: DecodeReply) => this.hear(reply));
    this.thread.on("error", (error) => {
      this.fail(error);
      this.waitingForDone?.reject(error);
    });
  }

  start(folder: string): void {
    this.tell({ kind: "start", folder });
  }

  startMember(input: string, member: string): void {
    this.tell({ kind: "member", input, member });
  }

  target(): Uint8Array {
    return new Uint8Array(this.free[0]!);
  }

  async push(bytes: number): Promise<void> {
    if (this.fault) throw this.fault;
    const buffer = this.free.shift()!;
    this.thread.postMessage({ kind: "bytes", buffer, bytes } satisfies DecodeRequest, [buffer]);
    if (this.free.length > 0) return;
    await new Promise<void>((resolve, reject) => {
      this.waitingForBuffer = { resolve, reject };
    });
  }

  endMember(): Promise<LineCounts> {
    if (this.fault) return Promise.reject(this.fault);
    this.tell({ kind: "endMember" });
    return new Promise((resolve, reject) => {
      this.waitingForCounts = { resolve, reject };
    });
  }

  seal(): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    return this.ask({ kind: "seal" });
  }

  async drop(): Promise<void> {
    await this.ask({ kind: "drop" });
    this.fault = undefined;
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private ask(request: DecodeRequest): Promise<void> {
    this.tell(request);
    return new Promise((resolve, reject) => {
      this.waitingForDone = { resolve, reject };
    });
  }

  private tell(request: DecodeRequest): void {
    this.thread.postMessage(request);
  }

  private hear(reply: DecodeReply): void {
    switch (reply.kind) {
      case "free":
        this.free.push(reply.buffer);
        this.waitingForBuffer?.resolve();
        break;
      case "spool":
        // A spool that could not be taken ends the work, but the thread must hear of it to go on to that end.
        this.events
          .onSpool(reply.spool)
          .catch((error) => this.fail(error))
          .finally(() => this.tell({ kind: "taken" }));
        break;
      case "rejected":
        for (const line of reply.lines) this.events.onRejected({ ...line, raw: Buffer.from(line.raw) });
        break;
      case "counts":
        this.waitingForCounts?.resolve(reply.counts);
        break;
      case "done":
        this.waitingForDone?.resolve();
        break;
      case "failed":
        this.fail(
          reply.wayOut === null
            ? new LakeError(`Decoding failed: ${reply.message}`, "Nothing of this was committed; try again.")
            : new ArchiveError(reply.message, reply.wayOut),
        );
    }
  }

  private fail(error: unknown): void {
    this.fault = error instanceof Error ? error : new Error(String(error));
    this.waitingForBuffer?.reject(this.fault);
    this.waitingForCounts?.reject(this.fault);
  }
}
