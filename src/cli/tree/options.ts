import { InvalidArgumentError } from "commander";
import type { OptionSpec } from "./command.js";

/** A parser of whole numbers from `least` to `most`, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const expected = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Give a whole number ${expected}.`);
  };
}

/** A number of bytes: `500MB`, `2 GB`, `0`; decimal units. */
export function byteSize(text: string): number {
  const parts = /^(\d{1,6}(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?$/i.exec(text.trim());
  const power = { b: 0, kb: 1, mb: 2, gb: 3, tb: 4 }[(parts?.[2] ?? "B").toLowerCase()] ?? 0;
  if (parts) return Math.round(Number(parts[1]) * 1000 ** power);
  throw new InvalidArgumentError("Give a size such as 500MB, 2GB or 0.");
}

/** Collects an option that may be given several times. */
export function repeated(text: string, before: unknown): readonly string[] {
  return Array.isArray(before) ? [...before, text] : [text];
}

/** Splits a list at its commas; several such options add up. A backslash keeps a comma: `Cart\, abandoned`. */
export function list(text: string, before: unknown): readonly string[] {
  const items = text.split(/(?<!\\),/).map((item) => item.trim().replaceAll("\\,", ","));
  if (items.includes("")) throw new InvalidArgumentError("Give names with commas between them, none empty.");
  return Array.isArray(before) ? [...before, ...items] : items;
}

export const PORT: OptionSpec = {
  flags: "--port <n>",
  meaning: "the explorer's port; 0 takes a free one",
  byDefault: "0",
  parse: wholeNumber(0, 65_535),
};

export const NO_OPEN: OptionSpec = { flags: "--no-open", meaning: "only print the explorer's address" };

export const LAKE: OptionSpec = {
  flags: "--lake <place>",
  meaning: "the folder of the lake, or s3://bucket/prefix; AMPFRAME_LAKE sets it for all commands",
  byDefault: "./amplitude",
  completes: "folder",
};

const SPARK_SERVER: OptionSpec = {
  flags: "--spark <address>",
  meaning:
    "the cluster's Spark Connect server, such as sc://host:15002; AMPFRAME_SPARK sets it, AMPFRAME_SPARK_TOKEN its token",
};

/** Where questions run. */
export const ENGINE: readonly OptionSpec[] = [
  {
    flags: "--engine <name>",
    meaning: "where the work is done: on this machine, or on a Spark cluster",
    byDefault: "duckdb",
    choices: ["duckdb", "spark"],
  },
  SPARK_SERVER,
  {
    flags: "--spark-lake <path>",
    meaning:
      "the path, URL or table by which the cluster finds the lake; AMPFRAME_SPARK_LAKE sets it for all commands",
    byDefault: "the lake's own absolute path",
  },
];

/** Where files are decoded. */
export const LOADING_ENGINE: readonly OptionSpec[] = [
  {
    flags: "--engine <name>",
    meaning:
      "where the files are decoded: on this machine, or by the workers of a Spark cluster, each of which runs ampframe",
    byDefault: "duckdb",
    choices: ["duckdb", "spark"],
  },
  SPARK_SERVER,
  {
    flags: "--spark-command <command>",
    meaning: "how a worker starts ampframe, in a shell; AMPFRAME_SPARK_COMMAND sets it for all commands",
    byDefault: "ampframe",
  },
];

export const JSON_OUTPUT: OptionSpec = {
  flags: "--json",
  meaning: "print one JSON object to stdout instead of text",
};

export const QUIET: OptionSpec = {
  flags: "--quiet",
  meaning: "no progress and no summary; warnings and errors are still printed",
};

export const DEBUG: OptionSpec = {
  flags: "--debug",
  meaning: "on an error, print its stack and its causes too",
};

export const SETTLE: OptionSpec = {
  flags: "--settle <hours>",
  meaning: "how old an upload hour must be, counted from its start, to be final",
  byDefault: "3",
  parse: wholeNumber(1, 168),
};

export const STRICT: OptionSpec = {
  flags: "--strict",
  meaning: "exit with status 3 if a line was quarantined",
};

export const LOG_FILE: OptionSpec = {
  flags: "--log-file <file>",
  meaning: "append a full account of requests and decisions, one JSON object a line; keys are never in it",
  completes: "file",
};

export const MIN_FREE: OptionSpec = {
  flags: "--min-free <size>",
  meaning: "what must be free on the disk before the work begins: 500MB, 2GB; 0 checks nothing",
  parse: byteSize,
};

export const LIMIT: OptionSpec = {
  flags: "--limit <name=value>",
  meaning:
    "a limit against hostile files, may be repeated: entries of a zip; member and total, bytes that one member and all of " +
    "an archive unfold to; ratio, such bytes for each compressed one; line, bytes of one; nesting, levels in one; free, " +
    "bytes that stay free on the disk",
  byDefault: "entries=100000, member=64GB, total=512GB, ratio=500, line=64MB, nesting=512, free=64MB",
  parse: repeated,
};

export const PROFILE: OptionSpec = {
  flags: "--profile <name>",
  meaning: "the keys that `ampframe login` stored under this name",
  byDefault: "default",
};

export const PROJECT: OptionSpec = {
  flags: "--project <name>",
  meaning: "the name of the project; needed once where a lake already holds another project",
};
