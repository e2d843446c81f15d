import type { Cursor } from "./byte-source.js";
import { hex } from "./checked-pieces.js";
import type { CheckedSink } from "./checked-sink.js";
import { printable } from "./first-bytes.js";
import { readGzipHeader, readGzipTrailer } from "./gzip-header.js";
import type { Inflater } from "./inflater.js";
import type { MemberProof } from "./input.js";
import type { Refuse } from "./refuse.js";

/**
 * Gunzips all gzip members that follow at `cursor` into `sink`. Every member's CRC-32 and length are checked; zeros
 * after the last member are padding, anything else is refused. Gives the size and CRC-32 of all their bytes together.
 */
export async function gunzip(
  cursor: Cursor,
  inflater: Inflater,
  sink: CheckedSink,
  refuse: Refuse,
): Promise<MemberProof> {
  let bytes = 0;
  let crc: number | undefined;
  do {
    await readGzipHeader(cursor, refuse);
    const output = new Output(sink, crc);
    await inflateMember(cursor, inflater, output, refuse);
    const said = await readGzipTrailer(cursor, refuse);
    if (said.crc32 !== output.crc32) {
      throw refuse(`the gzip trailer says CRC-32 ${hex(said.crc32)}, the data give ${hex(output.crc32)}`);
    }
    if (said.length !== output.bytes % 2 ** 32) {
      throw refuse(`the gzip trailer says ${said.length} bytes, the data give ${output.bytes}`);
    }
    crc = output.running;
    bytes += output.bytes;
  } while (await anotherFollows(cursor, refuse));
  return { bytes, crc32: crc };
}

/** What one gzip member has given so far. */
class Output {
  bytes = 0;
  crc32 = 0;
  private target: Uint8Array;
  private filled = 0;
  private all: number | undefined;

  /** `before` is the CRC-32 of the members before it, if there are any. */
  constructor(
    readonly sink: CheckedSink,
    before: number | undefined,
  ) {
    this.all = before;
    this.target = sink.target();
  }

  /** The CRC-32 of all members up to here. */
  get running(): number {
    return this.all ?? this.crc32;
  }

  /** Takes what the inflater has, until it wants more, has ended, or a turn is due. */
  pull(inflater: Inflater): void {
    while (inflater.ready && !this.sink.isTurnDue) {
      const { target, filled } = this;
      const count = inflater.pull(target, filled);
      const made = target.subarray(filled, filled + count);
      this.crc32 = this.sink.crc32(made, this.crc32);
      if (this.all !== undefined) this.all = this.sink.crc32(made, this.all);
      this.bytes += count;
      this.filled += count;
      if (inflater.ended) break;
      if (this.filled === target.length) {
        this.flush();
        this.target = this.sink.target();
      }
    }
  }

  /** Hands over what the target holds. */
  flush(): void {
    const { filled } = this;
    this.filled = 0;
    if (filled > 0) this.sink.take(filled);
  }
}

async function inflateMember(
  cursor: Cursor,
  inflater: Inflater,
  output: Output,
  refuse: Refuse,
): Promise<void> {
  inflater.reset();
  while (!inflater.ended) {
    if (inflater.hungry) await feed(cursor, inflater, refuse);
    await inflater.prepare();
    output.pull(inflater);
    if (output.sink.isTurnDue) await output.sink.turn();
  }
  output.flush();
  cursor.skip(-inflater.unused);
}

/** Takes all of the cursor's present piece; what is not used is given back when the stream has ended. */
async function feed(cursor: Cursor, inflater: Inflater, refuse: Refuse): Promise<void> {
  if (!(await cursor.fill())) throw refuse("gzip data is cut short: it ends before its trailer");
  const piece = cursor.rest;
  cursor.skip(piece.length);
  inflater.feed(piece);
}

/** True if another gzip member follows; false at the end, or after zeros up to the end. */
async function anotherFollows(cursor: Cursor, refuse: Refuse): Promise<boolean> {
  if (!(await cursor.fill())) return false;
  if (cursor.rest[0] === 0x1f) return true;
  const start = cursor.position;
  do {
    if (cursor.rest.some((byte) => byte !== 0)) {
      throw refuse(
        `after the gzip data, at byte ${start}, follows something else: ${printable(cursor.rest, 40)}`,
      );
    }
    cursor.skip(cursor.rest.length);
  } while (await cursor.fill());
  return false;
}
