import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, QUIET, repeated } from "./options.js";

/** Persons who want their events gone. */
export const FORGET: CommandSpec = {
  name: "forget",
  group: "Look after the lake",
  summary: "remove a person's events for good, so that no later pull brings them back",
  details: [
    "Removes every event whose `user_id`, `device_id` or `amplitude_id` is one of the ids: from the table, from files of " +
      "its older versions, and from quarantine; kept archives in which such an event lies are deleted whole. Files are " +
      "deleted at once, without a grace period: a query that reads one at that moment fails and can be run again.",
    "The lake keeps a salted hash of each id, by which later pulls and loads leave such events out and count them. The " +
      "accounts say how many rows of each hour were forgotten, and `verify` proves it.",
    "Events from before a login often have a `device_id` and an `amplitude_id` only: name these as well. Not reached are " +
      "what other persons' events say of this one, backups, what was exported from the lake, caches of other engines, " +
      "log files, and Amplitude itself.",
    "Asks before it removes anything; without a terminal, --yes is needed. Exit status 1 if something may still hold " +
      "the person's events. With --dry-run, --json prints {lake, ids, rows, files, replaced, archives, quarantine, refused}.",
  ],
  arguments: [],
  options: [
    { flags: "--user-id <id>", meaning: "a user_id, in its letter case; may be repeated", parse: repeated },
    { flags: "--device-id <id>", meaning: "a device_id; may be repeated", parse: repeated },
    { flags: "--amplitude-id <id>", meaning: "an amplitude_id; may be repeated", parse: repeated },
    {
      flags: "--ids <field=file>",
      meaning:
        "ids of a field from a file, one a line, so that no shell remembers them: user_id=people.txt, or user_id=- " +
        "for stdin; may be repeated",
      parse: repeated,
      completes: "file",
    },
    { flags: "--dry-run", meaning: "print what would be removed, by file, and change nothing" },
    { flags: "--yes", meaning: "do not ask" },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe forget --ids user_id=people.txt --dry-run", does: "see what is there of some persons" },
    {
      line: "ampframe forget --user-id anna@example.com --device-id 8f1c",
      does: "forget one who is known by two ids",
    },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    version: "version of the Delta table",
    ids: "ids that were given, each once",
    rows: "rows that were taken out of the table",
    files:
      "data files that were written anew without them: a list of {path, rows}, the paths inside the lake of then",
    replaced: "files of older versions that were deleted: a list of paths inside the lake",
    archives: "kept archives that were deleted: a list of paths inside the lake",
    quarantine: "quarantined lines that were removed: a list of {file, lines}, with the file's name of then",
    refused: "what may still hold the person's events: a list of {what, reason, wayOut}",
    seconds: "wall time",
  },
  load: () => import("../commands/forget.js"),
};
