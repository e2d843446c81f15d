import type { DuckDBDataChunk, DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import type { ColumnType, Value } from "./column-type.js";

type Duck = typeof import("@duckdb/node-api");

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The values of a chunk's column number `index`, exact, as told at `Value`. */
export function valuesOf(duck: Duck, chunk: DuckDBDataChunk, index: number, type: ColumnType): Value[] {
  const cell = cellsOf(duck, chunk, index, type);
  const values = new Array<Value>(chunk.rowCount);
  for (let i = 0; i < values.length; i++) values[i] = cell(i);
  return values;
}

/** Reads single values of a chunk's column number `index`, as `valuesOf` has them. */
export function cellsOf(
  duck: Duck,
  chunk: DuckDBDataChunk,
  index: number,
  type: ColumnType,
): (row: number) => Value {
  return readerOf(duck, chunk.getColumnVector(index), type);
}

/** The numbers of a chunk's column number `index`, which is INTEGER or DOUBLE, without copying them. */
export function numbersOf(duck: Duck, chunk: DuckDBDataChunk, index: number): Int32Array | Float64Array {
  const vector = chunk.getColumnVector(index);
  // biome-ignore lint/complexity/useLiteralKeys: private to the compiler, so only reached this way
  if (vector instanceof duck.DuckDBIntegerVector) return vector["items"];
  // biome-ignore lint/complexity/useLiteralKeys: as above
  if (vector instanceof duck.DuckDBDoubleVector) return vector["items"];
  throw new TypeError(`Column ${index} is ${vector.type}, not INTEGER or DOUBLE.`);
}

/** The two halves of each value of a chunk's column number `index`, which is BIGINT, without copying them. */
export function halvesOf(duck: Duck, chunk: DuckDBDataChunk, index: number): Int32Array {
  const vector = chunk.getColumnVector(index);
  if (!(vector instanceof duck.DuckDBBigIntVector)) {
    throw new TypeError(`Column ${index} is ${vector.type}, not BIGINT.`);
  }
  // biome-ignore lint/complexity/useLiteralKeys: private to the compiler, so only reached this way
  const { buffer, byteOffset, length } = vector["items"];
  return new Int32Array(buffer, byteOffset, length * 2);
}

/**
 * Reads the items of a vector. Texts by way of their bytes, which lie in memory as those of a BLOB do: @duckdb/node-api 1.5.6
 * decodes them with a TextDecoder that drops U+FEFF at the start. (Texts inside maps and arrays of fixed length still lose it.)
 */
function readerOf(duck: Duck, vector: DuckDBVector, type: ColumnType): (index: number) => Value {
  if (vector instanceof duck.DuckDBVarCharVector) {
    // biome-ignore lint/complexity/useLiteralKeys: private to the compiler, so only reached this way
    const bytes = duck.DuckDBBlobVector.fromRawVector(vector["vector"], vector.itemCount);
    return (index) => textOf(bytes.getItemBytes(index));
  }
  if (vector instanceof duck.DuckDBListVector && type.kind === "list") {
    const item = readerOf(duck, vector.childVector, type.item);
    return (index) => {
      if (vector.getItemVector(index) === null) return null;
      const from = vector.getEntryOffset(index);
      return Array.from({ length: vector.getEntryLength(index) }, (_, i) => item(from + i));
    };
  }
  if (vector instanceof duck.DuckDBStructVector && type.kind === "struct") {
    const fields = type.fields.map(
      (field, i) => [field.name, readerOf(duck, vector.entryVectorAt(i), field.type)] as const,
    );
    return (index) =>
      vector.isItemValid(index)
        ? Object.fromEntries(fields.map(([name, field]) => [name, field(index)]))
        : null;
  }
  return (index) => exactValue(duck, vector.getItem(index), type);
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : UTF8.decode(bytes);
}

function exactValue(duck: Duck, value: DuckDBValue, type: ColumnType): Value {
  if (value === null) return null;
  switch (typeof value) {
    case "number":
      return type.kind === "int64" ? BigInt(value) : value;
    case "object":
      return objectValueOf(duck, value, type);
    default:
      return value;
  }
}

function objectValueOf(duck: Duck, value: DuckDBValue & object, type: ColumnType): Value {
  if (value instanceof duck.DuckDBTimestampValue || value instanceof duck.DuckDBTimestampTZValue) {
    return value.micros;
  }
  if (value instanceof duck.DuckDBDateValue) return value.days;
  if (value instanceof duck.DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof duck.DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof duck.DuckDBBlobValue) return value.bytes;
  if (type.kind === "list") {
    if (value instanceof duck.DuckDBListValue || value instanceof duck.DuckDBArrayValue) {
      return value.items.map((item) => exactValue(duck, item, type.item));
    }
  }
  if (type.kind === "struct" && value instanceof duck.DuckDBStructValue) {
    return Object.fromEntries(
      type.fields.map((field) => [
        field.name,
        exactValue(duck, value.entries[field.name] ?? null, field.type),
      ]),
    );
  }
  if (type.kind === "map" && value instanceof duck.DuckDBMapValue) {
    return value.entries.map((entry) => [
      exactValue(duck, entry.key, type.key),
      exactValue(duck, entry.value, type.value),
    ]);
  }
  return String(value);
}
