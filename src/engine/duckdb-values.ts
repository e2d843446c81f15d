import type { DuckDBDataChunk, DuckDBValue, DuckDBVarCharVector } from "@duckdb/node-api";
import type { ColumnType, Value } from "./column-type.js";

type Duck = typeof import("@duckdb/node-api");

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** The values of a chunk's column number `index`, exact, as told at `Value`. */
export function valuesOf(duck: Duck, chunk: DuckDBDataChunk, index: number, type: ColumnType): Value[] {
  const vector = chunk.getColumnVector(index);
  const length = chunk.rowCount;
  if (vector instanceof duck.DuckDBVarCharVector) return textsOf(duck, vector, length);
  const values = new Array<Value>(length);
  for (let i = 0; i < length; i++) values[i] = exactValue(duck, vector.getItem(i), type);
  return values;
}

/** Reads single values of a chunk's column number `index`, as `valuesOf` has them. */
export function cellsOf(
  duck: Duck,
  chunk: DuckDBDataChunk,
  index: number,
  type: ColumnType,
): (row: number) => Value {
  const vector = chunk.getColumnVector(index);
  if (!(vector instanceof duck.DuckDBVarCharVector)) {
    return (row) => exactValue(duck, vector.getItem(row), type);
  }
  const bytes = bytesOf(duck, vector, chunk.rowCount);
  return (row) => textOf(bytes.getItemBytes(row));
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
 * Texts by way of their bytes, which lie in memory as those of a BLOB do: @duckdb/node-api 1.5.6 decodes them
 * with a TextDecoder that drops U+FEFF at the start. (Texts inside lists and structs still lose it.)
 */
function textsOf(duck: Duck, vector: DuckDBVarCharVector, length: number): Value[] {
  const bytes = bytesOf(duck, vector, length);
  const values = new Array<Value>(length);
  for (let i = 0; i < length; i++) values[i] = textOf(bytes.getItemBytes(i));
  return values;
}

function bytesOf(duck: Duck, vector: DuckDBVarCharVector, length: number) {
  // biome-ignore lint/complexity/useLiteralKeys: private to the compiler, so only reached this way
  return duck.DuckDBBlobVector.fromRawVector(vector["vector"], length);
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
