import type { FieldKind } from "../event.js";
import { ThriftWriter } from "./thrift.js";
import { COLUMNS, type DecoderExports } from "./wasm.js";
import type { Compress } from "./zstd.js";

/** Numbers of the Parquet format (parquet.thrift). */
export const Codec = { uncompressed: 0, zstd: 6 } as const;
export const Encoding = {
  plain: 0,
  rle: 3,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  rleDictionary: 8,
} as const;
const PageType = { data: 0, dictionary: 2 } as const;

/** Bytes that a value takes in the decoder's columns: 0 for a text with its length. */
const WIDTHS: Record<FieldKind, number> = { text: 0, json: 0, int: 8, time: 8, double: 8, boolean: 1 };
/** Pages of fewer bytes are left as they are. */
const LEAST_COMPRESSED = 64;

/** One column of a row group, as the footer tells of it. */
export interface ColumnChunk {
  readonly column: (typeof COLUMNS)[number];
  readonly codec: number;
  /** Of its data. */
  readonly encoding: number;
  /** Where its pages begin, in bytes of the file. */
  readonly dictionaryOffset: number | undefined;
  readonly dataOffset: number;
  readonly bytes: number;
  readonly uncompressedBytes: number;
  readonly nulls: number;
  /** The smallest and the largest of integers and times; undefined for others, and if there is none. */
  readonly range: { readonly min: bigint; readonly max: bigint } | undefined;
}

/** Rows of a Parquet file that lie together. */
export interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly ColumnChunk[];
}

/** Writes the rows that the decoder holds as the next row group of a file, from its byte `position` on. */
export function writeRowGroup(
  decoder: DecoderExports,
  columns: readonly number[],
  position: number,
  compress: Compress,
  write: (piece: Uint8Array) => void,
): RowGroup {
  const rows = decoder.rowCount.value;
  let at = position;
  const chunks = columns.map((index): ColumnChunk => {
    const column = COLUMNS[index]!;
    decoder.encodeColumn(index, WIDTHS[column.kind], isInteger(column.kind));
    const pages = writePages(decoder, rows, compress, write);
    const chunk = {
      column,
      codec: pages.codec,
      encoding: decoder.encoding.value,
      dictionaryOffset: pages.dictionary ? at : undefined,
      dataOffset: at + (pages.dictionary?.bytes ?? 0),
      bytes: pages.data.bytes + (pages.dictionary?.bytes ?? 0),
      uncompressedBytes: pages.data.uncompressedBytes + (pages.dictionary?.uncompressedBytes ?? 0),
      nulls: rows - decoder.valueCount.value,
      range: rangeOf(decoder, column.kind),
    };
    at += chunk.bytes;
    return chunk;
  });
  return { rows, chunks };
}

/** Bytes of a page with its header, as they are in the file and before they were compressed. */
interface Page {
  readonly bytes: number;
  readonly uncompressedBytes: number;
}

interface Pages {
  readonly dictionary: Page | undefined;
  readonly data: Page;
  readonly codec: number;
}

/** Writes the dictionary's page, if there is one, and the data's: both compressed or both not. */
function writePages(
  decoder: DecoderExports,
  rows: number,
  compress: Compress,
  write: (piece: Uint8Array) => void,
): Pages {
  const entries = decoder.dictionaryEntries.value;
  const encoding = decoder.encoding.value;
  const rawData = bytesAt(decoder, decoder.pageStart.value, decoder.pageBytes.value);
  const dictionaryBytes = entries > 0 ? decoder.dictionaryBytes.value : 0;
  const worth = rawData.length + dictionaryBytes >= LEAST_COMPRESSED;
  const page = (type: number, raw: Uint8Array, head: (header: ThriftWriter) => ThriftWriter): Page => {
    const bytes = worth ? compress(raw) : raw;
    const header = head(new ThriftWriter().i32(1, type).i32(2, raw.length).i32(3, bytes.length)).end();
    write(header);
    write(bytes);
    return { bytes: header.length + bytes.length, uncompressedBytes: header.length + raw.length };
  };
  let dictionary: Page | undefined;
  if (entries > 0) {
    const raw = bytesAt(decoder, decoder.dictionaryStart.value, dictionaryBytes);
    dictionary = page(PageType.dictionary, raw, (header) =>
      header.struct(7, (head) => head.i32(1, entries).i32(2, Encoding.plain)),
    );
  }
  const data = page(PageType.data, rawData, (header) =>
    header.struct(5, (head) => head.i32(1, rows).i32(2, encoding).i32(3, Encoding.rle).i32(4, Encoding.rle)),
  );
  return { dictionary, data, codec: worth ? Codec.zstd : Codec.uncompressed };
}

function bytesAt(decoder: DecoderExports, start: number, length: number): Uint8Array {
  return new Uint8Array(decoder.memory.buffer, start, length);
}

function rangeOf(decoder: DecoderExports, kind: FieldKind): ColumnChunk["range"] {
  if (!isInteger(kind) || decoder.valueCount.value === 0) return undefined;
  return { min: decoder.least.value, max: decoder.greatest.value };
}

function isInteger(kind: FieldKind): boolean {
  return kind === "int" || kind === "time";
}
