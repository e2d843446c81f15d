import { UsageError } from "./errors/index.js";

/**
 * How much an input may be or unfold to before it is taken for an attack or a mistake, and what a run leaves of the disk.
 * An option sets each: `--limit NAME=VALUE`, where NAME is the name here without `Bytes`.
 */
export interface Limits {
  /** Entries of one zip, directories and marker files counted. Default 100,000. */
  readonly entries: number;
  /** Bytes of NDJSON that one member of an archive may hold; a plain file may hold any. Default 64 GB. */
  readonly memberBytes: number;
  /** Bytes of NDJSON that all members of one archive may hold together. Default 512 GB. */
  readonly totalBytes: number;
  /**
   * Bytes of NDJSON per compressed byte of a member, looked at once the member has given 64 MiB. Real exports
   * have 10 to 30; a file of zeros has 1,030. Default 500.
   */
  readonly ratio: number;
  /**
   * Bytes of one line, in steps of 256 KiB; at most 256 MB, since a line is held in memory. A longer one refuses its
   * file. Default 64 MB.
   */
  readonly lineBytes: number;
  /**
   * Objects and lists within each other in one line, the event itself counted; at most 2,000. A line with more is
   * quarantined. Default 512.
   */
  readonly nesting: number;
  /**
   * Bytes that stay free on the lake's disk: a run that would take them ends, and what was committed before stays.
   * 0 lets the disk fill up. Default 64 MB.
   */
  readonly freeBytes: number;
}

/** The name of a limit. */
export type LimitName = keyof Limits;

/** The limits that hold unless an option says otherwise. */
export const DEFAULT_LIMITS: Limits = {
  entries: 100_000,
  memberBytes: 64e9,
  totalBytes: 512e9,
  ratio: 500,
  lineBytes: 64e6,
  nesting: 512,
  freeBytes: 64e6,
};

/** For an archive of which it is known that it was taken before, whatever the limits were then. */
export const NO_ARCHIVE_LIMITS: Partial<Limits> = {
  entries: Number.POSITIVE_INFINITY,
  memberBytes: Number.POSITIVE_INFINITY,
  totalBytes: Number.POSITIVE_INFINITY,
  ratio: Number.POSITIVE_INFINITY,
  lineBytes: 256e6,
};

const RANGES: Readonly<Record<LimitName, readonly [least: number, most: number]>> = {
  entries: [1, Number.POSITIVE_INFINITY],
  memberBytes: [1, Number.POSITIVE_INFINITY],
  totalBytes: [1, Number.POSITIVE_INFINITY],
  ratio: [1, Number.POSITIVE_INFINITY],
  lineBytes: [1, 256e6],
  nesting: [1, 2000],
  freeBytes: [0, Number.POSITIVE_INFINITY],
};

/** All limits: those `given`, and the defaults for the others. Throws UsageError if one is out of its range or unknown. */
export function limitsOf(given: { readonly [Name in LimitName]?: number | undefined } = {}): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!isLimit(name)) {
      throw new UsageError(
        `There is no limit ${name}.`,
        `The limits are ${Object.keys(DEFAULT_LIMITS).join(", ")}.`,
      );
    }
    const [least, most] = RANGES[name];
    const isWhole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
    if (!isWhole || value < least || value > most) {
      const range = Number.isSafeInteger(most) ? `from ${least} to ${most}` : `of at least ${least}`;
      throw new UsageError(
        `The limit ${name} is ${value}; a whole number ${range} was expected.`,
        "Give such a number, or leave it out for the default.",
      );
    }
    limits[name] = value;
  }
  return limits;
}

/** The way out where the limit `name` was passed: the option that raises it. */
export function raiseLimit(name: LimitName): string {
  const value = /Bytes$/.test(name) ? "SIZE" : "NUMBER";
  return `If you trust the file, raise the limit: --limit ${optionName(name)}=${value} (in code limits.${name}).`;
}

/** A limit's name as the command line has it. */
export function optionName(name: LimitName): string {
  return name.replace(/Bytes$/, "");
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}
