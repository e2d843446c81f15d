import { crc32 } from "node:zlib";
import { type ByteSource, Cursor } from "./byte-source.js";
import { type Allowed, CheckedSink } from "./checked-sink.js";
import { startsAsGzip, startsAsZip } from "./first-bytes.js";
import { gunzip } from "./gunzip.js";
import type { Inflater } from "./inflater.js";
import type { MemberProof, Sink } from "./input.js";
import { asRefusal, throwIfCancelled } from "./refuse.js";

/** How a member's bytes are read: where from, and what may come of them. */
export interface MemberReading extends Allowed {
  /** The member's bytes, still gzipped if they are. */
  readonly source: ByteSource;
  /** An inflater that nothing else uses. */
  readonly inflater: Inflater;
}

/** The NDJSON of a member, gzipped or plain as its first bytes tell, into `sink`; see `Input.read`. */
export async function readMember(reading: MemberReading, sink: Sink): Promise<MemberProof> {
  const { source, inflater, refuse, signal } = reading;
  try {
    throwIfCancelled(signal);
    const cursor = new Cursor(source);
    await cursor.fill();
    const checked = new CheckedSink(sink, reading);
    if (startsAsGzip(cursor.rest)) return await gunzip(cursor, inflater, checked, refuse);
    if (startsAsZip(cursor.rest))
      throw refuse("it is itself a zip", { wayOut: "Unpack the outer zip and load the inner ones." });
    return await copy(cursor, checked);
  } catch (error) {
    throw asRefusal(error, refuse);
  } finally {
    await source.close();
  }
}

/** Bytes that are not compressed, as they are. */
async function copy(cursor: Cursor, sink: CheckedSink): Promise<MemberProof> {
  let bytes = 0;
  let crc = 0;
  while (await cursor.fill()) {
    const output = sink.target();
    const part = cursor.rest.subarray(0, output.length);
    if (part.length === 0) throw new RangeError("the target has no room");
    output.set(part);
    cursor.skip(part.length);
    crc = crc32(part, crc);
    bytes += part.length;
    sink.take(part.length);
    if (sink.isTurnDue) await sink.turn();
  }
  return { bytes, crc32: crc };
}
