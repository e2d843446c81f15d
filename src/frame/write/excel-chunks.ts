import type { Column, ColumnType, Value } from "../../engine/column-type.js";
import type { QueryOptions } from "../../engine/engine.js";
import { isAmpframeError, UsageError } from "../../errors/index.js";
import { type Cast, castSql } from "../convert/cast-sql.js";
import { optionalPackage } from "../convert/optional-package.js";
import type { Frame } from "../frame.js";
import { DOUBLE_DIGITS, dateOfMicros } from "../row-values.js";
import type { Chunks } from "./chunks.js";

type Cell = string | number | boolean | Date | null;

// What a sheet holds: Microsoft, "Excel specifications and limits".
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
const MOST_CHARACTERS = 32_767;
const MOST_DIGITS = 10n ** 15n;
/** Excel has a 29th of February 1900, so dates before the day after it are off by one in some readers. */
const FIRST_DATE = Date.UTC(1900, 2, 1);
const LAST_DATE = Date.UTC(10_000, 0, 1);
const DAY_MS = 86_400_000;

const WAY_OUT = "Write .csv or .parquet instead, or select less";
const FORMATS: Readonly<Record<string, string>> = {
  timestamp: "yyyy-mm-dd hh:mm:ss.000",
  date: "yyyy-mm-dd",
};

const excelCast: Cast = (c, { kind }) => {
  if (kind === "list" || kind === "struct" || kind === "map") return `to_json(${c})::VARCHAR`;
  return kind === "blob" ? `base64(${c})` : c;
};

/**
 * The rows of `frame` as an Excel workbook of one sheet, made as its bytes are asked for. Text stays text, whatever
 * it begins with; whole numbers of more than 15 digits, which Excel would round, and dates that it has not, are
 * text; times are its dates, which end at milliseconds, in UTC. Fails with UsageError beyond Excel's limits.
 */
export function excelChunks<Row>(frame: Frame<Row>, options: QueryOptions): Chunks {
  let rows = 0;
  async function* cells(): AsyncGenerator<Cell[]> {
    const { engine, sql, params } = await frame.statement();
    const stream = await engine.stream(castSql(sql, frame.schema, excelCast), params, options);
    const convert = frame.schema.map(cellOf);
    for await (const batch of stream) {
      const columns = batch.columns.map((_, i) => batch.values(i));
      for (let row = 0; row < batch.length; row++) {
        rows += 1;
        if (rows >= MOST_ROWS) throw tooMany(`has more than ${MOST_ROWS - 1} rows below its head`);
        yield columns.map((values, i) => convert[i]!(values[row] ?? null));
      }
    }
  }
  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (frame.schema.length > MOST_COLUMNS) throw tooMany(`has more than ${MOST_COLUMNS} columns`);
    const { writeXlsxStream } = await optionalPackage(["hucre@1.0.0"], () => import("hucre/xlsx"));
    const columns = frame.schema.map(({ name, type }) => {
      const numFmt = FORMATS[type.kind];
      return { header: escaped(name), ...(numFmt === undefined ? {} : { numFmt }) };
    });
    try {
      yield* writeXlsxStream(cells(), { name: "events", columns, freezePane: { rows: 1 } });
    } catch (thrown) {
      if (isAmpframeError(thrown)) throw thrown;
      // For example a sheet of more than 4 GiB, which an ordinary zip file cannot hold.
      throw new UsageError(`An Excel workbook cannot be made of this: ${String(thrown)}`, `${WAY_OUT}.`, {
        cause: thrown,
      });
    }
  }
  return { pieces: pieces(), rows: () => rows };
}

function tooMany(what: string): UsageError {
  return new UsageError(`An Excel sheet cannot hold this: it ${what}.`, `${WAY_OUT}.`);
}

/** A function that makes the engine's value of a column into a cell. */
function cellOf({ name, type }: Column): (value: Value) => Cell {
  const convert = presentCellOf(type);
  return (value) => {
    if (value === null) return null;
    const cell = convert(value);
    if (typeof cell !== "string") return cell;
    if (cell.length > MOST_CHARACTERS) {
      throw new UsageError(
        `An Excel cell holds ${MOST_CHARACTERS} characters at most; a value of ${name} has ${cell.length}.`,
        `${WAY_OUT}, for example without the column ${name}.`,
      );
    }
    return escaped(cell);
  };
}

function presentCellOf(type: ColumnType): (value: NonNullable<Value>) => Cell {
  switch (type.kind) {
    case "boolean":
      return (value) => value as boolean;
    case "int32":
    case "double":
      return (value) => (Number.isFinite(value) ? (value as number) : String(value));
    case "int64":
    case "uint64":
    case "int128": {
      return (value) => {
        const whole = value as bigint;
        return whole < MOST_DIGITS && whole > -MOST_DIGITS ? Number(whole) : String(whole);
      };
    }
    case "decimal":
      return (value) => (type.precision <= DOUBLE_DIGITS ? Number(value) : String(value));
    case "timestamp":
      return (value) => dateCell(dateOfMicros(value as bigint));
    case "date":
      return (value) => dateCell(new Date((value as number) * DAY_MS));
    default:
      return String;
  }
}

function dateCell(date: Date): Date | string {
  const ms = date.getTime();
  if (Number.isNaN(ms)) return "infinity";
  return ms >= FIRST_DATE && ms < LAST_DATE ? date : date.toISOString();
}

/**
 * Text such as `_x0041_` means a character by its number in a workbook (ECMA-376, ST_Xstring), so its underscore
 * is written so itself. hucre 1.0 does that for control characters only, and XML has no U+FFFE and U+FFFF.
 */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[\dA-Fa-f]{4}_)/g, "_x005F_")
    .replace(/[\uFFFE\uFFFF]/g, (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase()}_`);
}
