import type { LakeBounds, TimeBounds } from "../lake-view.js";
import { type Node, nodes, record, text } from "../parse-tree.js";

/** First and last instants that a constant expression stands for, in microseconds since 1970, UTC. */
export interface ConstantTime {
  readonly first: bigint;
  readonly last: bigint;
}

/** Finds what an expression is that reads no row; undefined if it is no time, or not the same for all rows. */
export type ConstantOf = (expression: Node) => Promise<ConstantTime | undefined>;

const DAY = 86_400_000_000n;
/** The columns by which files can be told apart, and in what steps each counts. */
const COLUMNS: Readonly<Record<string, { readonly of: keyof TimesOfFiles; readonly step: bigint }>> = {
  event_time: { of: "eventTime", step: 1n },
  server_upload_time: { of: "serverUploadTime", step: 1n },
  upload_date: { of: "serverUploadTime", step: DAY },
};
type TimesOfFiles = Pick<LakeBounds, "eventTime" | "serverUploadTime">;

/** The longest that a unit of `date_trunc` can last, in days. */
const LONGEST_DAYS: Readonly<Record<string, bigint>> = {
  ...{ microsecond: 1n, microseconds: 1n, millisecond: 1n, milliseconds: 1n, second: 1n, seconds: 1n },
  ...{ minute: 1n, minutes: 1n, hour: 1n, hours: 1n, day: 1n, days: 1n, week: 7n, weeks: 7n },
  ...{ month: 31n, months: 31n, quarter: 92n, quarters: 92n, year: 366n, years: 366n },
};

/** A side of a comparison that is a column, or what rounds it down. */
interface Rounded {
  readonly of: keyof TimesOfFiles;
  /** A value stands for the times from it on, for so long. */
  readonly step: bigint;
}

/** How the table of the condition is called, and which of its columns a bare name may not mean. */
export interface Reference {
  readonly name: string;
  readonly isAlone: boolean;
  readonly hidden: ReadonlySet<string>;
}

/**
 * What a condition demands of the times of a row of `table`: every row for which it is true lies within. What is not
 * understood demands nothing.
 */
export async function boundsOfCondition(
  condition: Node,
  table: Reference,
  constantOf: ConstantOf,
): Promise<TimesOfFiles> {
  const kind = text(condition.type);
  if (kind === "CONJUNCTION_AND" || kind === "CONJUNCTION_OR") {
    const parts = [];
    for (const child of nodes(condition.children)) {
      parts.push(await boundsOfCondition(child, table, constantOf));
    }
    return parts.length === 0 ? {} : parts.reduce(kind === "CONJUNCTION_AND" ? both : either);
  }
  if (kind === "COMPARE_BETWEEN") {
    const [input, lower, upper] = [condition.input, condition.lower, condition.upper].map(record);
    const from = await boundsOf(input!, "COMPARE_GREATERTHANOREQUALTO", lower!, table, constantOf);
    return both(from, await boundsOf(input!, "COMPARE_LESSTHANOREQUALTO", upper!, table, constantOf));
  }
  const turned = TURNED[kind];
  if (turned === undefined) return {};
  const [left, right] = [record(condition.left), record(condition.right)];
  return both(
    await boundsOf(left, kind, right, table, constantOf),
    await boundsOf(right, turned, left, table, constantOf),
  );
}

const TURNED: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: "COMPARE_EQUAL",
  COMPARE_GREATERTHAN: "COMPARE_LESSTHAN",
  COMPARE_GREATERTHANOREQUALTO: "COMPARE_LESSTHANOREQUALTO",
  COMPARE_LESSTHAN: "COMPARE_GREATERTHAN",
  COMPARE_LESSTHANOREQUALTO: "COMPARE_GREATERTHANOREQUALTO",
};

/** All ends are taken as included: a file too many is no fault. */
async function boundsOf(
  side: Node,
  comparison: string,
  other: Node,
  table: Reference,
  constantOf: ConstantOf,
): Promise<TimesOfFiles> {
  const rounded = roundedColumn(side, table);
  const constant = rounded && (await constantOf(other));
  if (!rounded || !constant) return {};
  const { of, step } = rounded;
  const from = comparison.startsWith("COMPARE_LESS") ? undefined : floor(constant.first, step);
  const until = comparison.startsWith("COMPARE_GREATER") ? undefined : constant.last + step;
  return { [of]: { from, until } };
}

/** A day's column is compared with the day of a time; of longer units only days are certain. */
function floor(micros: bigint, step: bigint): bigint {
  if (step < DAY) return micros;
  const into = micros % DAY;
  return micros - (into < 0n ? into + DAY : into);
}

function roundedColumn(side: Node, table: Reference): Rounded | undefined {
  if (side.class === "COLUMN_REF") return columnOf(side, table);
  if (side.class === "CAST" && side.try_cast !== true && text(record(side.cast_type).id) === "DATE") {
    const column = columnOf(record(side.child), table);
    return column && { ...column, step: DAY };
  }
  if (side.class !== "FUNCTION" || !/^date_?trunc$/.test(text(side.function_name))) return undefined;
  const [unit, of] = nodes(side.children);
  const days = LONGEST_DAYS[text(record(record(unit).value).value).toLowerCase()];
  const column = of && columnOf(of, table);
  return column && days !== undefined ? { ...column, step: days * DAY } : undefined;
}

function columnOf(side: Node, { name, isAlone, hidden }: Reference): Rounded | undefined {
  if (side.class !== "COLUMN_REF" || !Array.isArray(side.column_names)) return undefined;
  const names = side.column_names.map((each) => text(each).toLowerCase());
  const column = names.at(-1) ?? "";
  const isIts = names.length === 1 ? isAlone && !hidden.has(column) : names.length === 2 && names[0] === name;
  return isIts && Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined;
}

function both(a: TimesOfFiles, b: TimesOfFiles): TimesOfFiles {
  return eachOf((of) => ({
    from: outer(a[of]?.from, b[of]?.from, (x, y) => (x > y ? x : y)),
    until: outer(a[of]?.until, b[of]?.until, (x, y) => (x < y ? x : y)),
  }));
}

function either(a: TimesOfFiles, b: TimesOfFiles): TimesOfFiles {
  const hull = (x: bigint | undefined, y: bigint | undefined, isLower: boolean) =>
    x === undefined || y === undefined ? undefined : x < y === isLower ? x : y;
  return eachOf((of) => ({
    from: hull(a[of]?.from, b[of]?.from, true),
    until: hull(a[of]?.until, b[of]?.until, false),
  }));
}

function outer(
  a: bigint | undefined,
  b: bigint | undefined,
  choose: (a: bigint, b: bigint) => bigint,
): bigint | undefined {
  return a === undefined || b === undefined ? (a ?? b) : choose(a, b);
}

function eachOf(bounds: (of: keyof TimesOfFiles) => TimeBounds): TimesOfFiles {
  return { eventTime: bounds("eventTime"), serverUploadTime: bounds("serverUploadTime") };
}
