import type { FileHandle } from "node:fs/promises";
import { readFully } from "./file-pieces.js";
import type { Refuse } from "./refuse.js";

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const LOCATOR_MARK = 0x07064b50;
const END64_MARK = 0x06064b50;

/** Where a zip's central directory lies and how many entries it has. */
export interface ZipEnd {
  readonly entries: number;
  readonly directoryStart: number;
  /** First byte after it. */
  readonly directoryEnd: number;
}

/**
 * Reads the end record at the end of `file`, before a comment of `commentBytes`, with its zip64 forms, and
 * checks that they agree with each other and that the directory ends where they begin.
 */
export async function readZipEnd(
  file: FileHandle,
  size: number,
  commentBytes: number,
  refuse: Refuse,
): Promise<ZipEnd> {
  const at = size - commentBytes - END_BYTES;
  const end = await view(file, at, END_BYTES);
  const short = {
    disk: end.getUint16(4, true),
    directoryDisk: end.getUint16(6, true),
    entriesHere: end.getUint16(8, true),
    entries: end.getUint16(10, true),
    bytes: end.getUint32(12, true),
    start: end.getUint32(16, true),
  };
  const long = await readZip64End(file, at, refuse);
  const { record, place } = long ?? { record: short, place: at };
  for (const key of ["disk", "directoryDisk", "entriesHere", "entries", "bytes", "start"] as const) {
    const full = key === "bytes" || key === "start" ? 0xffffffff : 0xffff;
    if (short[key] !== full && short[key] !== record[key]) {
      throw refuse(`the zip's two end records disagree: ${short[key]} and ${record[key]}`);
    }
  }
  if (record.disk !== 0 || record.directoryDisk !== 0 || record.entriesHere !== record.entries) {
    throw refuse("it is one part of a zip that was split over several files");
  }
  if (record.start + record.bytes !== place) {
    throw refuse(
      `the zip's directory should end at byte ${record.start + record.bytes}, its end record stands at ${place}`,
    );
  }
  return { entries: record.entries, directoryStart: record.start, directoryEnd: place };
}

async function readZip64End(file: FileHandle, end: number, refuse: Refuse) {
  if (end < LOCATOR_BYTES + END64_BYTES) return undefined;
  const locator = await view(file, end - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.getUint32(0, true) !== LOCATOR_MARK) return undefined;
  const place = Number(locator.getBigUint64(8, true));
  if (place > end - LOCATOR_BYTES - END64_BYTES)
    throw refuse("the zip64 end record lies outside of the file");
  const end64 = await view(file, place, END64_BYTES);
  const stated = 12 + Number(end64.getBigUint64(4, true));
  if (end64.getUint32(0, true) !== END64_MARK || place + stated !== end - LOCATOR_BYTES) {
    throw refuse("the zip64 end record is not where its locator says");
  }
  const record = {
    disk: end64.getUint32(16, true),
    directoryDisk: end64.getUint32(20, true),
    entriesHere: Number(end64.getBigUint64(24, true)),
    entries: Number(end64.getBigUint64(32, true)),
    bytes: Number(end64.getBigUint64(40, true)),
    start: Number(end64.getBigUint64(48, true)),
  };
  return { record, place };
}

async function view(file: FileHandle, position: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  await readFully(file, bytes, position, length);
  return new DataView(bytes.buffer);
}
