import type { FieldKind } from "../event.js";
import { type ColumnChunk, Encoding, type RowGroup } from "./row-group.js";
import { ThriftWriter } from "./thrift.js";
import type { COLUMNS } from "./wasm.js";

/** Numbers of the Parquet format (parquet.thrift). */
const Type = { boolean: 0, int64: 2, double: 5, byteArray: 6 } as const;
const Converted = { utf8: 0, timestampMicros: 10 } as const;
const OPTIONAL = 1;

const PHYSICAL: Record<FieldKind, number> = {
  text: Type.byteArray,
  json: Type.byteArray,
  int: Type.int64,
  time: Type.int64,
  double: Type.double,
  boolean: Type.boolean,
};

/** The metadata at the end of a Parquet file of these columns and row groups. */
export function parquetFooter(
  columns: readonly (typeof COLUMNS)[number][],
  groups: readonly RowGroup[],
): Uint8Array {
  return new ThriftWriter()
    .i32(1, 1)
    .structList(2, [undefined, ...columns], (element, column) => {
      if (!column) return element.text(4, "events").i32(5, columns.length);
      element.i32(1, PHYSICAL[column.kind]).i32(3, OPTIONAL).text(4, column.name);
      logicalType(element, column.kind);
    })
    .i64(
      3,
      groups.reduce((sum, { rows }) => sum + rows, 0),
    )
    .structList(4, groups, (group, { rows, chunks }) =>
      group
        .structList(1, chunks, (chunk, meta) =>
          chunk
            .i64(2, meta.dictionaryOffset ?? meta.dataOffset)
            .struct(3, (inner) => columnMeta(inner, meta, rows)),
        )
        .i64(
          2,
          chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0),
        )
        .i64(3, rows),
    )
    .text(6, "ampframe")
    .structList(7, columns, (order) => order.struct(1, () => {}))
    .end();
}

function logicalType(element: ThriftWriter, kind: FieldKind): void {
  if (kind === "text" || kind === "json") {
    element.i32(6, Converted.utf8).struct(10, (logical) => logical.struct(1, () => {}));
  } else if (kind === "time") {
    element
      .i32(6, Converted.timestampMicros)
      .struct(10, (logical) =>
        logical.struct(8, (timestamp) =>
          timestamp.boolean(1, true).struct(2, (unit) => unit.struct(2, () => {})),
        ),
      );
  }
}

function columnMeta(meta: ThriftWriter, chunk: ColumnChunk, rows: number): void {
  const { column, codec, encoding, bytes, uncompressedBytes, dataOffset, dictionaryOffset, nulls, range } =
    chunk;
  const encodings = [...new Set([Encoding.plain, Encoding.rle, encoding])];
  meta
    .i32(1, PHYSICAL[column.kind])
    .i32List(2, encodings)
    .textList(3, [column.name])
    .i32(4, codec)
    .i64(5, rows)
    .i64(6, uncompressedBytes)
    .i64(7, bytes)
    .i64(9, dataOffset);
  if (dictionaryOffset !== undefined) meta.i64(11, dictionaryOffset);
  meta.struct(12, (statistics) => {
    statistics.i64(3, nulls);
    if (range) statistics.bytes(5, int64Bytes(range.max)).bytes(6, int64Bytes(range.min));
  });
}

function int64Bytes(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}
