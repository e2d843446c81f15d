import type { DuckDBDataChunk, DuckDBValue } from "@duckdb/node-api";
import type { ColumnType, Value } from "./column-type.js";

type Duck = typeof import("@duckdb/node-api");

/** The values of a chunk's column number `index`, exact, as told at `Value`. */
export function valuesOf(duck: Duck, chunk: DuckDBDataChunk, index: number, type: ColumnType): Value[] {
  const vector = chunk.getColumnVector(index);
  const length = chunk.rowCount;
  const values = new Array<Value>(length);
  for (let i = 0; i < length; i++) values[i] = exactValue(duck, vector.getItem(i), type);
  return values;
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
