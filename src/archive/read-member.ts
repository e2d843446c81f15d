import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { type ByteSource, Cursor } from "./byte-source.js";
import { startsAsGzip, startsAsZip } from "./first-bytes.js";
import { gunzip } from "./gunzip.js";
import type { Inflater } from "./inflater.js";
import type { MemberProof } from "./input.js";
import { type ArchiveLimits, exceedsRatio } from "./limits.js";
import { asRefusal, type Refuse, throwIfCancelled } from "./refuse.js";

/** Bytes given out without a turn of the event loop, after which one is made. */
const TURN = 32 * 2 ** 20;

/** How a member's bytes are read: where from, and what may come of them. */
export interface MemberReading {
  /** The member's bytes, still gzipped if they are. */
  readonly source: ByteSource;
  /** An inflater that nothing else uses. */
  readonly inflater: Inflater;
  readonly compressedBytes: number;
  readonly limits: ArchiveLimits;
  /** Called with each count before it is yielded; throws if the whole input has given too much. */
  readonly count: (bytes: number) => void;
  readonly refuse: Refuse;
}

/** The NDJSON of a member, gzipped or plain as its first bytes tell, into `target()`; see `Input.read`. */
export async function* readMember(
  reading: MemberReading,
  target: () => Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<number, MemberProof, undefined> {
  const { limits, refuse } = reading;
  try {
    const fills = unpack(reading, target);
    let bytes = 0;
    let turn = 0;
    for (;;) {
      throwIfCancelled(signal);
      const fill = await fills.next();
      if (fill.done) return fill.value;
      bytes += fill.value;
      if (bytes > limits.memberBytes) {
        const found = `it holds at least ${bytes} bytes of NDJSON, the limit is ${limits.memberBytes}`;
        throw refuse(found, { limit: "memberBytes" });
      }
      if (exceedsRatio(bytes, reading.compressedBytes, limits)) {
        const found = `its ${reading.compressedBytes} bytes unfold to at least ${bytes}`;
        throw refuse(`${found}, the limit is ${limits.ratio} to one`, { limit: "ratio" });
      }
      reading.count(fill.value);
      if (bytes - turn > TURN) {
        turn = bytes;
        await setImmediate();
      }
      yield fill.value;
    }
  } catch (error) {
    throw asRefusal(error, refuse);
  } finally {
    await reading.source.close();
  }
}

async function* unpack(
  { source, inflater, refuse }: MemberReading,
  target: () => Uint8Array,
): AsyncGenerator<number, MemberProof, undefined> {
  const cursor = new Cursor(source);
  await cursor.fill();
  if (startsAsGzip(cursor.rest)) return yield* gunzip(cursor, inflater, target, refuse);
  if (startsAsZip(cursor.rest))
    throw refuse("it is itself a zip", { wayOut: "Unpack the outer zip and load the inner ones." });
  return yield* copy(cursor, target);
}

/** Bytes that are not compressed, as they are. */
async function* copy(
  cursor: Cursor,
  target: () => Uint8Array,
): AsyncGenerator<number, MemberProof, undefined> {
  let bytes = 0;
  let crc = 0;
  while (await cursor.fill()) {
    const output = target();
    const part = cursor.rest.subarray(0, output.length);
    if (part.length === 0) throw new RangeError("the target has no room");
    output.set(part);
    cursor.skip(part.length);
    crc = crc32(part, crc);
    bytes += part.length;
    yield part.length;
  }
  return { bytes, crc32: crc };
}
