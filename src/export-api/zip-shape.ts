import type { FileHandle } from "node:fs/promises";

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const ENTRY_MARK = 0x04034b50;
const END_MARK = 0x06054b50;

/** True if `head`, at least four bytes, begins a zip: with an entry, or with the end record of an empty one. */
export function beginsAsZip(head: Buffer): boolean {
  if (head.length < 4) return false;
  const mark = head.readUInt32LE(0);
  return mark === ENTRY_MARK || mark === END_MARK;
}

/**
 * True if `file` of `size` bytes ends with a zip's end record that points to where the directory ends: a body
 * that was cut does not. No more than that is checked here.
 */
export async function endsAsZip(file: FileHandle, size: number): Promise<boolean> {
  const tail = Buffer.alloc(Math.min(size, END_BYTES + LONGEST_COMMENT));
  let done = 0;
  while (done < tail.length) {
    const { bytesRead } = await file.read(tail, done, tail.length - done, size - tail.length + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_MARK || tail.readUInt16LE(at + 20) !== tail.length - END_BYTES - at)
      continue;
    const directoryBytes = tail.readUInt32LE(at + 12);
    const directoryStart = tail.readUInt32LE(at + 16);
    const isZip64 =
      directoryBytes === 0xffffffff || directoryStart === 0xffffffff || tail.readUInt16LE(at + 10) === 0xffff;
    if (isZip64 || directoryStart + directoryBytes === size - tail.length + at) return true;
  }
  return false;
}
