import { closeSync, openSync, writeSync, writev, writevSync } from "node:fs";
import type { FieldKind } from "../event.js";
import { ThriftWriter } from "./thrift.js";
import { COLUMNS, type DecoderExports } from "./wasm.js";

const MAGIC = Buffer.from("PAR1");
const Type = { boolean: 0, int64: 2, double: 5, byteArray: 6 } as const;
const PHYSICAL: Record<FieldKind, number> = {
  text: Type.byteArray,
  json: Type.byteArray,
  int: Type.int64,
  time: Type.int64,
  double: Type.double,
  boolean: Type.boolean,
};
const OPTIONAL = 1;
const PLAIN = 0;
const RLE = 3;

interface Chunk {
  readonly column: (typeof COLUMNS)[number];
  readonly offset: number;
  readonly bytes: number;
}

interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

/**
 * A Parquet file of decoded rows, uncompressed and in PLAIN encoding, on the way to the engine: the decoder's
 * columns go to it as they lie in memory.
 */
export class Spool {
  private position = 0;
  private readonly groups: RowGroup[] = [];
  private readonly filled = new Set<string>();
  private writing: Promise<void> = Promise.resolve();
  rows = 0;

  private constructor(
    readonly path: string,
    private readonly file: number,
  ) {
    this.writeNow([MAGIC]);
  }

  static create(path: string): Spool {
    return new Spool(path, openSync(path, "wx"));
  }

  /** Columns that are null in all rows so far. */
  get empty(): string[] {
    return COLUMNS.map(({ name }) => name).filter((name) => !this.filled.has(name));
  }

  /** Takes all rows that the decoder holds. Resolves when it may go on; the bytes are written meanwhile. */
  async takeRows(decoder: DecoderExports): Promise<void> {
    await this.writing;
    const position = this.position;
    const parts = this.rowGroup(decoder);
    decoder.changeBuffers();
    this.writing = this.writeLater(decoder.memory, parts, position);
    this.writing.catch(() => {});
  }

  /** The same, but writes at once: for when the decoder has no more room in the middle of its work. */
  takeRowsNow(decoder: DecoderExports): void {
    const position = this.position;
    const parts = this.rowGroup(decoder);
    this.position = position;
    this.writeNow(parts);
    decoder.clearRows();
  }

  /** Ends the file. */
  async finish(): Promise<void> {
    try {
      await this.writing;
      const footer = footerOf(this.groups, this.rows);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      this.writeNow([footer, length, MAGIC]);
    } finally {
      closeSync(this.file);
    }
  }

  /** Closes the file as it is, for a spool that nobody will read. */
  async abandon(): Promise<void> {
    await this.writing.catch(() => {});
    closeSync(this.file);
  }

  /** The decoder's rows as the bytes of one row group, which is noted as the next. */
  private rowGroup(decoder: DecoderExports): Uint8Array[] {
    const rows = decoder.rowCount.value;
    const parts: Uint8Array[] = [];
    const chunks = COLUMNS.map((column, index): Chunk => {
      const page = pageOf(decoder, index, column.kind, rows);
      parts.push(...page);
      const chunk = { column, offset: this.position, bytes: byteLength(page) };
      this.position += chunk.bytes;
      return chunk;
    });
    COLUMNS.forEach(({ name }, index) => {
      if (decoder.columnLength(index) > 0) this.filled.add(name);
    });
    this.groups.push({ rows, chunks });
    this.rows += rows;
    return parts;
  }

  /** Memory that grows meanwhile leaves what lies in it where it is, but takes all views of it away. */
  private async writeLater(
    memory: WebAssembly.Memory,
    parts: readonly Uint8Array[],
    position: number,
  ): Promise<void> {
    const total = byteLength(parts);
    const again = parts.map((part) => {
      const { buffer, byteOffset, length } = part;
      return buffer === memory.buffer ? () => new Uint8Array(memory.buffer, byteOffset, length) : () => part;
    });
    const written = await writevAsync(this.file, parts, position);
    if (written < total) {
      this.writeRest(
        again.map((view) => view()),
        position,
        written,
      );
    }
  }

  private writeNow(parts: readonly Uint8Array[]): void {
    const written = writevSync(this.file, parts, this.position);
    this.writeRest(parts, this.position, written);
    this.position += byteLength(parts);
  }

  private writeRest(parts: readonly Uint8Array[], position: number, written: number): void {
    if (written === byteLength(parts)) return;
    const all = Buffer.concat(parts);
    while (written < all.length) {
      written += writeSync(this.file, all, written, all.length - written, position + written);
    }
  }
}

/** One column's page: header, definition levels, values. */
function pageOf(decoder: DecoderExports, column: number, kind: FieldKind, rows: number): Uint8Array[] {
  const levels = levelsOf(decoder, column, rows);
  const values = kind === "boolean" ? decoder.packBooleans(column) : decoder.columnLength(column);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(byteLength(levels));
  const bytes = 4 + byteLength(levels) + values;
  const header = new ThriftWriter()
    .i32(1, 0)
    .i32(2, bytes)
    .i32(3, bytes)
    .struct(5, (page) => page.i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE))
    .end();
  return [
    header,
    length,
    ...levels,
    new Uint8Array(decoder.memory.buffer, decoder.columnData(column), values),
  ];
}

/** Whether each row has a value, in Parquet's RLE and bit-packing hybrid. */
function levelsOf(decoder: DecoderExports, column: number, rows: number): Uint8Array[] {
  const values = decoder.columnValues(column);
  if (values === 0 || values === rows) return [Uint8Array.from([...varint(rows << 1), values === 0 ? 0 : 1])];
  const bytes = Math.ceil(rows / 8);
  return [
    Uint8Array.from(varint((bytes << 1) | 1)),
    new Uint8Array(decoder.memory.buffer, decoder.columnBits(column), bytes),
  ];
}

function footerOf(groups: readonly RowGroup[], rows: number): Uint8Array {
  return new ThriftWriter()
    .i32(1, 1)
    .structList(2, [undefined, ...COLUMNS], (element, column) => {
      if (!column) return element.text(4, "events").i32(5, COLUMNS.length);
      element.i32(1, PHYSICAL[column.kind]).i32(3, OPTIONAL).text(4, column.name);
      if (column.kind === "text" || column.kind === "json") {
        element.i32(6, 0).struct(10, (logical) => logical.struct(1, () => {}));
      } else if (column.kind === "time") {
        element
          .i32(6, 10)
          .struct(10, (logical) =>
            logical.struct(8, (timestamp) =>
              timestamp.boolean(1, true).struct(2, (unit) => unit.struct(2, () => {})),
            ),
          );
      }
    })
    .i64(3, rows)
    .structList(4, groups, (group, { rows, chunks }) =>
      group
        .structList(1, chunks, (chunk, { column, offset, bytes }) => {
          chunk
            .i64(2, offset)
            .struct(3, (meta) =>
              meta
                .i32(1, PHYSICAL[column.kind])
                .i32List(2, [PLAIN, RLE])
                .textList(3, [column.name])
                .i32(4, 0)
                .i64(5, rows)
                .i64(6, bytes)
                .i64(7, bytes)
                .i64(9, offset),
            );
        })
        .i64(
          2,
          chunks.reduce((sum, chunk) => sum + chunk.bytes, 0),
        )
        .i64(3, rows),
    )
    .text(6, "ampframe")
    .end();
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function writevAsync(file: number, parts: readonly Uint8Array[], position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    writev(file, parts, position, (error, written) => (error ? reject(error) : resolve(written))),
  );
}
