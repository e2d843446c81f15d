import type { ColumnType } from "./column-type.js";

/** The SQL type of values of `type`, undefined for those that are no single value. */
export function sqlTypeOf(type: ColumnType): string | undefined {
  return type.kind === "decimal" ? `DECIMAL(${type.precision}, ${type.scale})` : SQL_TYPES[type.kind];
}

const SQL_TYPES: Readonly<Partial<Record<ColumnType["kind"], string>>> = {
  ...{
    text: "VARCHAR",
    json: "VARCHAR",
    boolean: "BOOLEAN",
    int32: "INTEGER",
    int64: "BIGINT",
    uint64: "UBIGINT",
  },
  ...{
    int128: "HUGEINT",
    double: "DOUBLE",
    timestamp: "TIMESTAMP",
    date: "DATE",
    time: "TIME",
    uuid: "UUID",
  },
};
