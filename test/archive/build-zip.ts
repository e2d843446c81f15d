import { crc32, deflateRawSync } from "node:zlib";

/** An entry to build; whatever is given besides name and data overrides what would be right. */
export interface EntryPlan {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** Crc and sizes in a descriptor after the data, as streaming writers do. */
  readonly descriptor?: boolean;
  readonly zip64?: boolean;
  readonly local?: Fields;
  readonly central?: Fields & { madeBy?: number; attributes?: number; start?: number };
}

interface Fields {
  name?: string;
  flags?: number;
  method?: number;
  crc?: number;
  compressed?: number;
  plain?: number;
}

export interface EndPlan {
  readonly comment?: string;
  readonly count?: number;
  readonly start?: number;
  readonly bytes?: number;
  readonly zip64?: boolean;
}

/** A zip with these entries, right unless the plan says otherwise. */
export function buildZip(entries: readonly EntryPlan[], end: EndPlan = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const push = (part: Buffer): void => {
    parts.push(part);
    at += part.length;
  };
  for (const entry of entries) {
    const body = entry.deflate ? deflateRawSync(entry.data) : Buffer.from(entry.data);
    const right = {
      name: entry.name,
      flags: (entry.descriptor ? 8 : 0) | 0x800,
      method: entry.deflate ? 8 : 0,
      crc: crc32(entry.data),
      compressed: body.length,
      plain: entry.data.length,
    };
    const start = at;
    const inLocal = entry.descriptor ? { ...right, crc: 0, compressed: 0, plain: 0 } : right;
    push(header(0x04034b50, { ...inLocal, ...entry.local }, entry.zip64 === true));
    push(body);
    if (entry.descriptor) push(words(0x08074b50, right.crc, right.compressed, right.plain));
    directory.push(header(0x02014b50, { ...right, start, ...entry.central }, entry.zip64 === true));
  }
  const listed = Buffer.concat(directory);
  const count = end.count ?? entries.length;
  const start = end.start ?? at;
  const bytes = end.bytes ?? listed.length;
  push(listed);
  if (end.zip64) push(zip64End(at, count, bytes, start));
  const comment = Buffer.from(end.comment ?? "");
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(end.zip64 ? 0xffff : count, 8);
  record.writeUInt16LE(end.zip64 ? 0xffff : count, 10);
  record.writeUInt32LE(end.zip64 ? 0xffffffff : bytes, 12);
  record.writeUInt32LE(end.zip64 ? 0xffffffff : start, 16);
  record.writeUInt16LE(comment.length, 20);
  push(Buffer.concat([record, comment]));
  return Buffer.concat(parts);
}

function header(
  mark: number,
  fields: Required<Fields> & { madeBy?: number; attributes?: number; start?: number },
  zip64: boolean,
): Buffer {
  const central = mark === 0x02014b50;
  const name = Buffer.from(fields.name);
  const extra = zip64 ? Buffer.alloc(20) : Buffer.alloc(0);
  if (zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(fields.plain), 4);
    extra.writeBigUInt64LE(BigInt(fields.compressed), 12);
  }
  const bytes = Buffer.alloc(central ? 46 : 30);
  const after = central ? 2 : 0;
  bytes.writeUInt32LE(mark, 0);
  if (central) bytes.writeUInt16LE(fields.madeBy ?? 20, 4);
  bytes.writeUInt16LE(20, 4 + after);
  bytes.writeUInt16LE(fields.flags, 6 + after);
  bytes.writeUInt16LE(fields.method, 8 + after);
  bytes.writeUInt32LE(fields.crc, 14 + after);
  bytes.writeUInt32LE(zip64 ? 0xffffffff : fields.compressed, 18 + after);
  bytes.writeUInt32LE(zip64 ? 0xffffffff : fields.plain, 22 + after);
  bytes.writeUInt16LE(name.length, 26 + after);
  bytes.writeUInt16LE(extra.length, 28 + after);
  if (central) {
    bytes.writeUInt32LE(fields.attributes ?? 0, 38);
    bytes.writeUInt32LE(fields.start ?? 0, 42);
  }
  return Buffer.concat([bytes, name, extra]);
}

function zip64End(at: number, count: number, bytes: number, start: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}
