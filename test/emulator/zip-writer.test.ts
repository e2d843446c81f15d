import { Readable } from "node:stream";
import { expect, test } from "vitest";
import yauzl from "yauzl";
import { centralDirectory, localHeader, type ZipEntry, zipSize } from "../../src/emulator/zip-writer.js";
import { unzip } from "./emulated.js";

class Tail extends yauzl.RandomAccessReader {
  constructor(
    readonly tail: Buffer,
    readonly offset: number,
  ) {
    super();
  }
  override _readStreamForRange(start: number, end: number): Readable {
    const bytes = Buffer.alloc(end - start);
    if (end > this.offset) {
      this.tail.copy(
        bytes,
        Math.max(0, this.offset - start),
        Math.max(0, start - this.offset),
        end - this.offset,
      );
    }
    return Readable.from([bytes]);
  }
}

/** Reads only the directory: the contents may be larger than a disk. */
function namesIn(entries: readonly ZipEntry[]): Promise<[string, number][]> {
  const tail = centralDirectory(entries);
  const size = zipSize(entries);
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false };
    yauzl.fromRandomAccessReader(new Tail(tail, size - tail.length), size, options, (error, zip) => {
      if (error) return reject(error);
      const names: [string, number][] = [];
      zip.on("entry", (entry: yauzl.Entry) => {
        names.push([entry.fileName, entry.relativeOffsetOfLocalHeader]);
        zip.readEntry();
      });
      zip.on("end", () => resolve(names));
      zip.on("error", reject);
      zip.readEntry();
    });
  });
}

const entry = (name: string, size: number): ZipEntry => ({
  name,
  method: 0,
  crc32: 1,
  size,
  compressedSize: size,
});

test("an archive above 4 GB keeps every offset", async () => {
  const entries = ["a", "b", "c"].map((name) => entry(name, 3_000_000_000));
  const header = localHeader(entries[0]!).length;
  expect(await namesIn(entries)).toEqual([
    ["a", 0],
    ["b", 3_000_000_000 + header],
    ["c", 2 * (3_000_000_000 + header)],
  ]);
});

test("an archive with more than 65,535 entries keeps every one", async () => {
  const entries = Array.from({ length: 65_540 }, (_, i) => entry(`1/${i}`, 0));
  const archive = Buffer.concat([...entries.map(localHeader), centralDirectory(entries)]);
  expect(archive.length).toBe(zipSize(entries));
  const names = (await unzip(archive)).map(({ name }) => name);
  expect(names).toEqual(entries.map(({ name }) => name));
});
