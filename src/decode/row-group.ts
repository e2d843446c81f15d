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

/** The rows that the decoder holds, as the next row group of a file, and its bytes from `position` on. */
export function rowGroupOf(
  decoder: DecoderExports,
  columns: readonly number[],
  position: number,
  compress: Compress,
): { readonly group: RowGroup; readonly pieces: readonly Uint8Array[] } {
  const rows = decoder.rowCount.value;
  const pieces: Uint8Array[] = [];
  let at = position;
  const chunks = columns.map((index): ColumnChunk => {
    const column = COLUMNS[index]!;
    decoder.encodeColumn(index, WIDTHS[column.kind], isInteger(column.kind));
    const pages = pagesOf(decoder, rows, compress);
    const [dictionary, data] = pages.map((page) => page.header.length + page.bytes.length);
    const chunk = {
      column,
      codec: pages[0]!.codec,
      encoding: decoder.encoding.value,
      dictionaryOffset: pages.length > 1 ? at : undefined,
      dataOffset: data === undefined ? at : at + dictionary!,
      bytes: dictionary! + (data ?? 0),
      uncompressedBytes: pages.reduce((sum, page) => sum + page.header.length + page.uncompressedBytes, 0),
      nulls: rows - decoder.valueCount.value,
      range: rangeOf(decoder, column.kind),
    };
    at += chunk.bytes;
    for (const { header, bytes } of pages) pieces.push(header, bytes);
    return chunk;
  });
  return { group: { rows, chunks }, pieces };
}

interface Page {
  readonly header: Uint8Array;
  readonly bytes: Uint8Array;
  readonly uncompressedBytes: number;
  readonly codec: number;
}

/** The dictionary's page, if there is one, and the data's: both compressed or both not. */
function pagesOf(decoder: DecoderExports, rows: number, compress: Compress): Page[] {
  const entries = decoder.dictionaryEntries.value;
  const data = bytesAt(decoder, decoder.pageStart.value, decoder.pageBytes.value);
  const dictionary =
    entries > 0 && bytesAt(decoder, decoder.dictionaryStart.value, decoder.dictionaryBytes.value);
  const worth = data.length + (dictionary ? dictionary.length : 0) >= LEAST_COMPRESSED;
  const codec = worth ? Codec.zstd : Codec.uncompressed;
  const page = (type: number, raw: Uint8Array, head: (header: ThriftWriter) => ThriftWriter): Page => {
    const bytes = worth ? compress(raw) : raw.slice();
    const header = new ThriftWriter().i32(1, type).i32(2, raw.length).i32(3, bytes.length);
    return { header: head(header).end(), bytes, uncompressedBytes: raw.length, codec };
  };
  const encoding = decoder.encoding.value;
  const dataPage = page(PageType.data, data, (header) =>
    header.struct(5, (head) => head.i32(1, rows).i32(2, encoding).i32(3, Encoding.rle).i32(4, Encoding.rle)),
  );
  if (!dictionary) return [dataPage];
  const dictionaryPage = page(PageType.dictionary, dictionary, (header) =>
    header.struct(7, (head) => head.i32(1, entries).i32(2, Encoding.plain)),
  );
  return [dictionaryPage, dataPage];
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
