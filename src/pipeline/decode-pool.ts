import type { DecodedFile } from "../decode/decoder.js";
import { SeenUuids } from "../decode/seen-uuids.js";
import { compileDecoder } from "../decode/wasm.js";
import type { Limits } from "../limits.js";
import { type DecodeLane, type OnRejected, openLanes } from "./decode-lanes.js";
import type { MemberResult, MemberTask } from "./member-decoder.js";

/**
 * A decoder has at least two members before it, one in work and one ready, and more up to so many bytes of the
 * input: enough to go on while this thread is held up.
 */
const MEMBERS_AHEAD = 2;
const BYTES_AHEAD = 8 * 2 ** 20;

/** What becomes of a member's decoding. */
export interface Decoding {
  /** False if nothing will come of it any more. */
  readonly wanted: () => boolean;
  readonly onRejected: OnRejected;
}

interface Queued extends Decoding {
  readonly task: MemberTask;
  resolve(result: MemberResult | undefined): void;
  reject(error: unknown): void;
}

/** Decoders that share the members of inputs, each taking the next when it is free. */
export class DecodePool {
  private readonly lanes: readonly { readonly lane: DecodeLane; members: number; bytes: number }[];
  private readonly queue: Queued[] = [];
  private readonly cancelled = new SharedArrayBuffer(4);
  private waitingForRoom: (() => void)[] = [];

  /** Decoders of about `events` events that write into `folder`. */
  constructor(folder: Promise<string>, events: number, limits: Limits) {
    const seen = SeenUuids.memoryFor(events);
    const setting = compileDecoder().then((module) => ({ seen, cancelled: this.cancelled, module, limits }));
    this.lanes = openLanes(setting, folder).map((lane) => ({ lane, members: 0, bytes: 0 }));
  }

  /**
   * Decodes a member after those that were given before; nothing if it is not `wanted` any more when its turn
   * comes. Rejected lines come in their order. Throws ArchiveError if the input is damaged, CancelledError: all must then be dropped.
   */
  decode(task: MemberTask, decoding: Decoding): Promise<MemberResult | undefined> {
    return new Promise((resolve, reject) => {
      this.queue.push({ task, ...decoding, resolve, reject });
      this.dispatch();
    });
  }

  /** Resolves when the decoders will soon have nothing to do. */
  async room(): Promise<void> {
    if (this.queue.length > 0) await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
  }

  /** Each decoder ends its files when it has done what it was given. No member may wait in the queue: see `room`. */
  seal(): Promise<readonly DecodedFile[]>[] {
    return this.lanes.map(({ lane }) => lane.ask("seal", null));
  }

  /** Forgets what is not in a file that was handed out; no member may be under way. */
  async drop(): Promise<void> {
    await Promise.all(this.lanes.map(({ lane }) => lane.ask("drop", null)));
  }

  /** Ends what is under way with CancelledError. */
  cancel(): void {
    Atomics.store(new Int32Array(this.cancelled), 0, 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map(({ lane }) => lane.close()));
  }

  private dispatch(): void {
    while (this.queue.length > 0) {
      const lane = this.lanes.reduce((a, b) => (b.bytes < a.bytes ? b : a));
      if (lane.members >= MEMBERS_AHEAD && lane.bytes >= BYTES_AHEAD) return;
      const { task, wanted, onRejected, resolve, reject } = this.queue.shift()!;
      if (!wanted()) {
        resolve(undefined);
        continue;
      }
      const bytes = task.member.compressedBytes;
      lane.members += 1;
      lane.bytes += bytes;
      lane.lane
        .ask("decode", task, onRejected)
        .then(resolve, reject)
        .finally(() => {
          lane.members -= 1;
          lane.bytes -= bytes;
          this.dispatch();
        });
    }
    for (const resolve of this.waitingForRoom.splice(0)) resolve();
  }
}
