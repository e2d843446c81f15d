import type { CommandSpec } from "./command.js";
import { ENGINE, JSON_OUTPUT, LAKE, QUIET, repeated, SETTLE, wholeNumber } from "./options.js";

/** Day files. */
export const COMPACT: CommandSpec = {
  name: "compact",
  group: "Look after the lake",
  summary: "merge the files of closed days into sorted ones, and delete files that were replaced long ago",
  details: [
    "A day is closed when all its upload hours are final. Its files become one for each project and source (of a " +
      "large day several), sorted by `amplitude_id` and `event_time`: smaller, and quicker to ask about a user. Each " +
      "day is one commit, made after proof that old and new files hold the same rows in all columns. Rows whose " +
      "`uuid` an earlier row has, however far away, are left out and counted.",
    "Readers notice nothing: a replaced file stays on the disk for the grace period, for those who still read it, " +
      "and a later compact deletes it. Whoever globs the folder, instead of reading the table, sees such rows twice " +
      "until then.",
    "With --engine spark a cluster reads, sorts and writes the rows and proves them; this machine reads files only for their " +
      "SHA-256, and commits. See docs/spark.md.",
    "With --dry-run, --json prints {lake, days, expired, waiting}; each of days is {uploadDate, app, project, files, " +
      "bytes, rows, duplicates}.",
  ],
  arguments: [],
  options: [
    { flags: "--dry-run", meaning: "print what would be merged and deleted, and change nothing" },
    {
      flags: "--grace <span>",
      meaning: "how long replaced files stay on the disk: 36h, 7d, 2w; at least 1h",
      byDefault: "7d",
    },
    SETTLE,
    LAKE,
    ...ENGINE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe compact --dry-run", does: "see what it would do" },
    { line: "ampframe compact", does: "run it once a day, after pull" },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    version: "version of the Delta table",
    days: "days of a project and source that were merged",
    rows: "rows of these days",
    before: "their data files before: {files, bytes}",
    after: "their data files now: {files, bytes}",
    duplicates: "rows that were left out, for an earlier row has their uuid",
    freed: "replaced files that were deleted: {files, bytes}",
    waiting: "replaced files that stay for the grace period: {files, bytes}",
    refused: "days that stay as they were: a list of {what, reason, wayOut}",
    seconds: "wall time",
  },
  load: () => import("../commands/compact.js"),
};

/** A lake elsewhere. */
export const COPY: CommandSpec = {
  name: "copy",
  group: "Look after the lake",
  summary: "copy a lake between folders and buckets, every file proven",
  details: [
    "Copies the lake as it is now. Data files are held against the SHA-256 of their accounts, and each file is read back " +
      "from where it was put. The log comes last: a copy that was broken off is no lake, and the next call goes on with it.",
    "Where an older copy of the same lake lies, it gets what is new and loses what the lake has deleted. A copy that has " +
      "gone on by itself, another lake, or anything else is left alone, with exit status 1.",
    "Files that the table has replaced, and the files of promoted properties, are not copied: `promote` makes the latter anew.",
  ],
  arguments: [
    { syntax: "<from>", meaning: "the lake: a folder, or s3://bucket/prefix" },
    { syntax: "<to>", meaning: "where no lake is, or an older copy of this one" },
  ],
  options: [JSON_OUTPUT, QUIET],
  examples: [
    { line: "ampframe copy ./amplitude s3://acme-events/amplitude", does: "from the disk to a bucket" },
    { line: "ampframe copy s3://acme-events/amplitude ./amplitude", does: "and back" },
  ],
  json: {
    from: "the lake: its folder, absolute, or its address",
    to: "the copy: its folder, absolute, or its address",
    version: "version of the Delta table that the copy now has",
    files: "files of the copy, each compared by SHA-256",
    bytes: "their bytes",
    copied: "files of these that were not there before",
    seconds: "wall time",
  },
  load: () => import("../commands/copy.js"),
};

/** Lines that could not be read. */
export const QUARANTINE: CommandSpec = {
  name: "quarantine",
  group: "Look after the lake",
  summary: "list the lines that could not be read, or try them again",
  details: [
    "`list` (the default) shows for each reason how many lines there are, with examples: the input and member, the " +
      "number of the line, where it begins in bytes, and how it begins. Control characters and bytes that are not " +
      "UTF-8 are shown as escapes.",
    "`retry` decodes the lines again, as this version of ampframe does, and loads the events that it can read now. " +
      "The other lines stay. The old quarantine files stay on the disk as well, but no longer count.",
    "With retry, --json prints {lake, version, lines, loaded, duplicates, remaining, seconds}.",
  ],
  arguments: [{ syntax: "[action]", meaning: "what to do; list by default", choices: ["list", "retry"] }],
  options: [
    {
      flags: "--reason <text>",
      meaning: "list only lines whose reason has this text in it, in whatever case",
    },
    {
      flags: "--examples <n>",
      meaning: "examples of each reason, 0 to 1000",
      byDefault: "3",
      parse: wholeNumber(0, 1000),
    },
    {
      flags: "--export <file>",
      meaning: "write the lines as they came to this file, one a line; replaced if it exists",
      completes: "file",
    },
    {
      flags: "--limit <name=value>",
      meaning: "with retry: nesting=N, the most levels that a line may have, 1 to 2000",
      byDefault: "nesting=512",
      parse: repeated,
    },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe quarantine", does: "why lines were set aside, with examples" },
    { line: 'ampframe quarantine --reason "surrogate" --export bad.ndjson', does: "the lines of one reason" },
    { line: "ampframe quarantine retry", does: "after an update: load what can be read now" },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    lines: "lines in quarantine, of that reason",
    reasons:
      "the most frequent first: a list of {reason, lines, examples}; each of examples is {input, member, line, " +
      "offset, excerpt, file}, with file the name under _ampframe/quarantine/",
  },
  load: () => import("../commands/quarantine.js"),
};
