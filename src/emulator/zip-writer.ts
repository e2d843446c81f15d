/**
 * What a zip says of one of its entries. Written here and not by a package because a few records are enough
 * for archives of gzip members, all sizes are known beforehand (so an answer has a Content-Length), and a
 * test can lie in any field.
 */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  /** CRC-32 of the content before it was deflated. */
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
}

const UTF_8 = 0x0800;
const DOS_DATE_1980 = 0x0021;
const MOST_16 = 0xffff;
const MOST_32 = 0xffff_ffff;

/** The record that comes before an entry's content. Entries are smaller than 4 GB. */
export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  writeCommon(header, 6, entry, name);
  return Buffer.concat([header, name]);
}

/**
 * What comes after all contents: the central directory and the end records, in zip64 form where there are
 * more than 65,534 entries or 4 GB. `entries` lie one after another from the first byte on.
 */
export function centralDirectory(entries: readonly ZipEntry[]): Buffer {
  const records: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    records.push(centralRecord(entry, offset));
    offset += localHeader(entry).length + entry.compressedSize;
  }
  const size = records.reduce((sum, record) => sum + record.length, 0);
  if (entries.length >= MOST_16 || offset >= MOST_32) records.push(zip64End(entries.length, size, offset));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries.length, MOST_16), 8);
  end.writeUInt16LE(Math.min(entries.length, MOST_16), 10);
  end.writeUInt32LE(Math.min(size, MOST_32), 12);
  end.writeUInt32LE(Math.min(offset, MOST_32), 16);
  return Buffer.concat([...records, end]);
}

/** Bytes of the whole archive that has `entries`. */
export function zipSize(entries: readonly ZipEntry[]): number {
  const content = entries.reduce((sum, entry) => sum + localHeader(entry).length + entry.compressedSize, 0);
  return content + centralDirectory(entries).length;
}

function centralRecord(entry: ZipEntry, offset: number): Buffer {
  const name = Buffer.from(entry.name);
  const far = offset >= MOST_32;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(far ? 45 : 20, 4);
  header.writeUInt16LE(far ? 45 : 20, 6);
  writeCommon(header, 8, entry, name);
  header.writeUInt16LE(far ? 12 : 0, 30);
  header.writeUInt32LE(far ? MOST_32 : offset, 42);
  if (!far) return Buffer.concat([header, name]);
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return Buffer.concat([header, name, extra]);
}

function writeCommon(header: Buffer, at: number, entry: ZipEntry, name: Buffer): void {
  header.writeUInt16LE(UTF_8, at);
  header.writeUInt16LE(entry.method, at + 2);
  header.writeUInt16LE(DOS_DATE_1980, at + 6);
  header.writeUInt32LE(entry.crc32, at + 8);
  header.writeUInt32LE(entry.compressedSize, at + 12);
  header.writeUInt32LE(entry.size, at + 16);
  header.writeUInt16LE(name.length, at + 20);
}

function zip64End(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(76);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(offset + size), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
