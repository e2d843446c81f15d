import { UsageError } from "../../errors/index.js";
import type { Column, ColumnType, Value } from "../column-type.js";
import type { Batch } from "../engine.js";

type Flechette = typeof import("@uwdata/flechette");
type ArrowType = import("@uwdata/flechette").DataType;

/** Reads a Spark server's Arrow streams. */
export type ReadArrow = (ipc: Uint8Array) => {
  readonly columns: readonly Column[];
  readonly batch: Batch | undefined;
};

/** Throws UsageError if the package is not installed. */
export async function arrowReader(): Promise<ReadArrow> {
  const arrow = await loaded();
  return (ipc) => {
    const table = arrow.tableFromIPC(new Uint8Array(ipc), {
      useBigInt: true,
      useBigIntTimestamp: true,
      useDecimalInt: true,
      useMap: false,
    });
    const columns = table.schema.fields.map(({ name, type }) => ({ name, type: columnTypeOf(arrow, type) }));
    if (table.numRows === 0) return { columns, batch: undefined };
    const value = (index: number, row: number): Value =>
      exactValue(table.getChildAt(index).at(row), columns[index]!.type);
    const values = (index: number): readonly Value[] =>
      Array.from(table.getChildAt(index), (each) => exactValue(each, columns[index]!.type));
    const numbers = (index: number): Int32Array | Float64Array => {
      const all = values(index).map((each) => Number(each ?? 0));
      return columns[index]?.type.kind === "int32" ? Int32Array.from(all) : Float64Array.from(all);
    };
    const halves = (index: number): Int32Array => {
      const all = values(index).map((each) => (typeof each === "bigint" ? each : 0n));
      return new Int32Array(BigInt64Array.from(all).buffer);
    };
    return { columns, batch: { columns, length: table.numRows, values, value, numbers, halves } };
  };
}

async function loaded(): Promise<Flechette> {
  try {
    return await import("@uwdata/flechette");
  } catch (cause) {
    throw new UsageError(
      "The package @uwdata/flechette, which reads a Spark server's rows, is not installed or cannot be loaded.",
      "Run: npm install @grpc/grpc-js @grpc/proto-loader @uwdata/flechette@2.6.0",
      { cause },
    );
  }
}

function columnTypeOf(arrow: Flechette, type: ArrowType): ColumnType {
  const { Type } = arrow;
  switch (type.typeId) {
    case Type.Bool:
      return { kind: "boolean" };
    case Type.Int:
      return { kind: "bitWidth" in type && type.bitWidth === 64 ? "int64" : "int32" };
    case Type.Float:
      return { kind: "double" };
    case Type.Timestamp:
      return { kind: "timestamp" };
    case Type.Date:
      return { kind: "date" };
    case Type.Binary:
      return { kind: "blob" };
    case Type.Null:
      return { kind: "null" };
    case Type.Decimal:
      return "precision" in type && "scale" in type
        ? { kind: "decimal", precision: Number(type.precision), scale: Number(type.scale) }
        : { kind: "text" };
    case Type.List:
      return "children" in type
        ? { kind: "list", item: columnTypeOf(arrow, type.children[0]!.type) }
        : { kind: "text" };
    case Type.Struct:
      return "children" in type
        ? {
            kind: "struct",
            fields: type.children.map((each) => ({ name: each.name, type: columnTypeOf(arrow, each.type) })),
          }
        : { kind: "text" };
    case Type.Map: {
      const [key, value] = "children" in type ? mapTypes(type.children[0]!.type) : [];
      return key && value
        ? { kind: "map", key: columnTypeOf(arrow, key), value: columnTypeOf(arrow, value) }
        : { kind: "text" };
    }
    default:
      return { kind: "text" };
  }
}

function mapTypes(entries: ArrowType): readonly (ArrowType | undefined)[] {
  return "children" in entries ? entries.children.map(({ type }) => type) : [];
}

function exactValue(value: unknown, type: ColumnType): Value {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "date":
      return Number(value) / 86_400_000;
    case "decimal":
      return decimalText(BigInt(String(value)), type.scale);
    case "list":
      return Array.from(value as Iterable<unknown>, (item) => exactValue(item, type.item));
    case "struct": {
      const fields = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.fields.map((each) => [each.name, exactValue(fields[each.name], each.type)]),
      );
    }
    case "map":
      return Array.from(value as Iterable<readonly unknown[]>, ([key, item]) => [
        exactValue(key, type.key),
        exactValue(item, type.value),
      ]);
    default:
      return typeof value === "object" && !(value instanceof Uint8Array) ? String(value) : (value as Value);
  }
}

/** `unscaled` with `scale` digits behind the point. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return unscaled < 0n ? `-${text}` : text;
}
