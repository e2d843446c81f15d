import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, QUIET, SETTLE } from "./options.js";

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
