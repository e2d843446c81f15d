import type { ColumnType, Value } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import type { Frame } from "../frame.js";
import { DOUBLE_DIGITS } from "../row-values.js";
import { arrowCast, castSql, isPlain, uniqueNames } from "./cast-sql.js";
import { optionalPackage } from "./optional-package.js";

type Flechette = typeof import("@uwdata/flechette");
type ArrowType = import("@uwdata/flechette").DataType;
type ArrowBatch = import("@uwdata/flechette").Batch<unknown>;
type Extraction = import("@uwdata/flechette").ExtractionOptions;

// biome-ignore lint/suspicious/noTsIgnore: an error only where the optional package is not installed
/** @ts-ignore A table of flechette; unknown to the compiler where that package is not installed. */
export type ArrowTable = import("@uwdata/flechette").Table;

/** How the table gives its values to JavaScript; what it holds is exact in any case. */
export interface ArrowOptions extends QueryOptions {
  /** `bigint` (default), or `number`, which throws on reading an integer beyond 2^53. */
  readonly integers?: "bigint" | "number" | undefined;
  /** `date` (default), `micros` (bigint, exact), or `ms` (a number, with a fraction). */
  readonly timestamps?: "date" | "micros" | "ms" | undefined;
}

/** Rows in a record batch. Small enough for the offsets of any text, large enough to cost little. */
const BATCH_ROWS = 65_536;
const DAY_MS = 86_400_000;

/**
 * All rows of `frame` as an Arrow table (flechette), held in memory: text and JSON as utf8, integers as int64,
 * times as `timestamp[µs, UTC]`, dates as date32, lists and structs of text, numbers and booleans as they are. Times of
 * day, uuids, intervals, maps, other lists and structs, and decimals of more than 15 digits are utf8, exactly. Throws UsageError if `@uwdata/flechette` is not installed,
 * QueryError, CancelledError.
 */
export async function toArrow<Row>(frame: Frame<Row>, options: ArrowOptions = {}): Promise<ArrowTable> {
  const arrow = await optionalPackage(["@uwdata/flechette@2.6.0"], () => import("@uwdata/flechette"));
  const extraction: Extraction = {
    useBigInt: options.integers !== "number",
    useDate: (options.timestamps ?? "date") === "date",
    useBigIntTimestamp: options.timestamps === "micros",
  };
  const { engine, sql, params } = await frame.statement();
  const stream = await engine.stream(castSql(sql, frame.schema, arrowCast), params, options);
  const types = frame.schema.map(({ type }) => type);
  const gathered: Value[][] = types.map(() => []);
  const batches: ArrowBatch[][] = types.map(() => []);
  const flush = () => {
    for (const [i, values] of gathered.entries()) {
      batches[i]!.push(batchOf(arrow, values, types[i]!, extraction));
      gathered[i] = [];
    }
  };
  for await (const batch of stream) {
    for (const [i, values] of gathered.entries()) for (const v of batch.values(i)) values.push(v);
    if ((gathered[0]?.length ?? 0) >= BATCH_ROWS) flush();
  }
  if (gathered[0]?.length) flush();
  const names = uniqueNames(frame.schema.map(({ name }) => name));
  return arrow.tableFromColumns(
    names.map((name, i) => [name, new arrow.Column(batches[i]!, arrowTypeOf(arrow, types[i]!))]),
  );
}

/** A record batch's part of one column. */
function batchOf(
  arrow: Flechette,
  values: readonly Value[],
  type: ColumnType,
  extraction: Extraction,
): ArrowBatch {
  const target = arrowTypeOf(arrow, type);
  // flechette builds timestamps from milliseconds; int64 has the same layout and keeps the microseconds.
  const built = type.kind === "timestamp" ? arrow.int64() : target;
  const toDays = type.kind === "date";
  const visit = (take: (value: unknown) => void) => {
    for (const value of values) take(toDays && value !== null ? (value as number) * DAY_MS : value);
  };
  const batch = arrow.columnFromValues<unknown>(visit, built, extraction).data[0]!;
  return built === target ? batch : new (arrow.batchType(target, extraction))({ ...batch, type: target });
}

function arrowTypeOf(arrow: Flechette, type: ColumnType): ArrowType {
  switch (type.kind) {
    case "boolean":
      return arrow.bool();
    case "int32":
      return arrow.int32();
    case "int64":
    case "int128":
      return arrow.int64();
    case "uint64":
      return arrow.uint64();
    case "double":
      return arrow.float64();
    case "decimal":
      return type.precision <= DOUBLE_DIGITS ? arrow.float64() : arrow.utf8();
    case "timestamp":
      return arrow.timestamp(arrow.TimeUnit.MICROSECOND, "UTC");
    case "date":
      return arrow.dateDay();
    case "blob":
      return arrow.binary();
    case "null":
      return arrow.nullType();
    case "list":
      return isPlain(type) ? arrow.list(arrowTypeOf(arrow, type.item)) : arrow.utf8();
    case "struct": {
      if (!isPlain(type)) return arrow.utf8();
      return arrow.struct(
        type.fields.map((field) => arrow.field(field.name, arrowTypeOf(arrow, field.type))),
      );
    }
    default:
      return arrow.utf8();
  }
}
