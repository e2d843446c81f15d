import type { DuckDBType } from "@duckdb/node-api";
import type { Column, ColumnType } from "./column-type.js";

type Duck = typeof import("@duckdb/node-api");

/** The column type that stands for `type`. Kinds without a word of ours come as text. */
export function columnTypeOf(duck: Duck, type: DuckDBType): ColumnType {
  const { DuckDBTypeId: Id } = duck;
  switch (type.typeId) {
    case Id.BOOLEAN:
      return { kind: "boolean" };
    case Id.TINYINT:
    case Id.SMALLINT:
    case Id.INTEGER:
    case Id.UTINYINT:
    case Id.USMALLINT:
      return { kind: "int32" };
    case Id.UINTEGER:
    case Id.BIGINT:
      return { kind: "int64" };
    case Id.UBIGINT:
      return { kind: "uint64" };
    case Id.HUGEINT:
      return { kind: "int128" };
    case Id.FLOAT:
    case Id.DOUBLE:
      return { kind: "double" };
    case Id.TIMESTAMP:
    case Id.TIMESTAMP_S:
    case Id.TIMESTAMP_MS:
    case Id.TIMESTAMP_TZ:
      return { kind: "timestamp" };
    case Id.DATE:
      return { kind: "date" };
    case Id.TIME:
      return { kind: "time" };
    case Id.INTERVAL:
      return { kind: "interval" };
    case Id.UUID:
      return { kind: "uuid" };
    case Id.BLOB:
      return { kind: "blob" };
    case Id.SQLNULL:
      return { kind: "null" };
    default:
      return nestedTypeOf(duck, type);
  }
}

function nestedTypeOf(duck: Duck, type: DuckDBType): ColumnType {
  if (type instanceof duck.DuckDBDecimalType) {
    return { kind: "decimal", precision: type.width, scale: type.scale };
  }
  if (type instanceof duck.DuckDBListType || type instanceof duck.DuckDBArrayType) {
    return { kind: "list", item: columnTypeOf(duck, type.valueType) };
  }
  if (type instanceof duck.DuckDBStructType) {
    return { kind: "struct", fields: columnsOf(duck, type.entryNames, type.entryTypes) };
  }
  if (type instanceof duck.DuckDBMapType) {
    return { kind: "map", key: columnTypeOf(duck, type.keyType), value: columnTypeOf(duck, type.valueType) };
  }
  return { kind: type.alias === "JSON" ? "json" : "text" };
}

/** Names and types put together. */
export function columnsOf(duck: Duck, names: readonly string[], types: readonly DuckDBType[]): Column[] {
  return names.map((name, i) => ({ name, type: columnTypeOf(duck, types[i]!) }));
}
