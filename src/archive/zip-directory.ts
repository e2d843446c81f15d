import type { FileHandle } from "node:fs/promises";
import { type Entry, fromRandomAccessReader } from "yauzl";
import { type ArchiveLimits, exceedsRatio } from "./limits.js";
import { FOREIGN, quote, type Refuse } from "./refuse.js";
import { readZipEnd } from "./zip-end.js";
import { type DirectoryEntry, findData } from "./zip-local-header.js";
import { ZipWindowReader } from "./zip-window-reader.js";

/** An entry of a verified zip. */
export interface ZipEntry extends DirectoryEntry {
  readonly name: string;
  /** Where its data begin. */
  readonly data: number;
}

/** What is used of yauzl 3; its published types describe version 2. */
interface Directory {
  readonly comment: string;
  readonly readEntryCursor: number;
  eachEntry(): AsyncIterable<Entry & { readonly fileNameRaw: Buffer }>;
}

const UNIX = 3;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/**
 * Lists the entries of the zip in `file`, directories included, in the order of their data. Nothing is let out
 * before all of it holds: end record, count, names, methods, sizes, local headers, and that no two entries
 * share a byte. `refuse` makes the error for the zip, or for one entry of it.
 */
export async function readZipDirectory(
  file: FileHandle,
  size: number,
  limits: ArchiveLimits,
  refuse: (member?: string) => Refuse,
): Promise<ZipEntry[]> {
  const directory = await openDirectory(file, size, refuse());
  const end = await readZipEnd(file, size, directory.comment.length, refuse());
  if (end.entries > limits.entries) {
    throw refuse()(`it has ${end.entries} entries, the limit is ${limits.entries}`, { limit: "entries" });
  }
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for await (const listed of eachEntry(directory, refuse())) {
    const name = listed.fileName;
    checkEntry(listed, limits, refuse(name));
    if (names.has(name)) throw refuse(name)("the zip has two entries of this name", { wayOut: FOREIGN });
    names.add(name);
    bytes += listed.uncompressedSize;
    if (bytes > limits.totalBytes) {
      throw refuse()(`its entries hold at least ${bytes} bytes, the limit is ${limits.totalBytes}`, {
        limit: "totalBytes",
      });
    }
    const entry: DirectoryEntry = {
      nameBytes: listed.fileNameRaw,
      flags: listed.generalPurposeBitFlag,
      method: listed.compressionMethod,
      crc32: listed.crc32,
      compressedBytes: listed.compressedSize,
      bytes: listed.uncompressedSize,
      start: listed.relativeOffsetOfLocalHeader,
    };
    entries.push({ ...entry, name, data: await findData(file, entry, end.directoryStart, refuse(name)) });
  }
  if (directory.readEntryCursor !== end.directoryEnd) {
    throw refuse()(`its directory holds more than the ${end.entries} entries that it counts`);
  }
  return inOrderWithoutOverlap(entries, refuse);
}

function openDirectory(file: FileHandle, size: number, refuse: Refuse): Promise<Directory> {
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true };
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(new ZipWindowReader(file, size), size, options, (error, zip) => {
      if (error) reject(refusal(error, refuse));
      else resolve(zip as unknown as Directory);
    });
  });
}

async function* eachEntry(directory: Directory, refuse: Refuse) {
  try {
    yield* directory.eachEntry();
  } catch (error) {
    throw refusal(error, refuse);
  }
}

/** yauzl's words in ours, where they need it. */
function refusal(cause: unknown, refuse: Refuse): Error {
  const words = quote(cause instanceof Error ? cause.message : String(cause));
  if (/^End of central directory/.test(words)) {
    return refuse("its end record is missing: it was cut off, or never was a zip", { cause });
  }
  if (/^Invalid comment length/.test(words)) {
    return refuse("its end record is followed by other bytes, or its comment is cut", { cause });
  }
  if (/^(absolute path|invalid relative path|invalid characters)/.test(words)) {
    return refuse(`an entry has an unsafe name (${words})`, { cause, wayOut: FOREIGN });
  }
  if (/encryption|multi-disk/.test(words)) return refuse(words, { cause, wayOut: FOREIGN });
  return refuse(`its directory is damaged (${words})`, { cause });
}

function checkEntry(entry: Entry, limits: ArchiveLimits, refuse: Refuse): void {
  const name = entry.fileName;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (name === "" || /[\u0000-\u001f\u007f]/.test(name))
    throw refuse("its name is empty or has control characters", { wayOut: FOREIGN });
  if (entry.isEncrypted()) throw refuse("it is encrypted; exports never are", { wayOut: FOREIGN });
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw refuse(
      `its compression method is ${entry.compressionMethod}; only 0 (stored) and 8 (deflated) are read`,
    );
  }
  if (entry.versionMadeBy >> 8 === UNIX) {
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
    if (type !== 0 && type !== REGULAR && type !== DIRECTORY)
      throw refuse("it is a link or a device, not a file", { wayOut: FOREIGN });
  }
  if (name.endsWith("/") && entry.uncompressedSize > 0)
    throw refuse("it is a directory that holds bytes", { wayOut: FOREIGN });
  if (exceedsRatio(entry.uncompressedSize, entry.compressedSize, limits)) {
    throw refuse(
      `its ${entry.compressedSize} bytes unfold to ${entry.uncompressedSize}, the limit is ${limits.ratio} to one`,
      { limit: "ratio" },
    );
  }
}

function inOrderWithoutOverlap(entries: ZipEntry[], refuse: (member?: string) => Refuse): ZipEntry[] {
  const ordered = entries.toSorted((a, b) => a.start - b.start);
  let last: ZipEntry | undefined;
  for (const entry of ordered) {
    if (last && entry.start < last.data + last.compressedBytes) {
      throw refuse(entry.name)(`it overlaps the entry ${quote(last.name)}`, { wayOut: FOREIGN });
    }
    last = entry;
  }
  return ordered;
}
