import { PULL } from "./bring.js";
import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, QUIET, repeated } from "./options.js";

/** The options by which pull reaches Amplitude. */
const CONNECTION = PULL.options.filter(({ flags }) =>
  /^--(region|endpoint|env-file|profile|insecure-http)\b/.test(flags),
);

/** Persons who want their events gone. */
export const FORGET: CommandSpec = {
  name: "forget",
  group: "Look after the lake",
  summary: "remove a person's events for good, so that no later pull brings them back",
  details: [
    "Removes every event whose `user_id`, `device_id` or `amplitude_id` is one of the ids: from the table, from files of " +
      "its older versions, and from quarantine; kept archives in which such an event lies are deleted whole, and saved " +
      "cohorts lose the ids, with each `amplitude_id` of whom no other event is left. Files are deleted at once, without a grace period: a query that reads one at that moment fails and can be run again.",
    "The lake keeps a salted hash of each id, by which later pulls and loads leave such events out and count them. The " +
      "accounts say how many rows of each hour were forgotten, and `verify` proves it.",
    "Events from before a login often have a `device_id` and an `amplitude_id` only: name these as well. Not reached are " +
      "what other persons' events say of this one, backups, what was exported from the lake, caches of other engines, " +
      "log files, and Amplitude itself.",
    "--from-amplitude asks Amplitude's User Privacy API, with keys as for `pull`, which users its deletion jobs delete, and " +
      "forgets the same by their `amplitude_id`, in all projects of the lake. Jobs that are `done` or `submitted` count: nobody " +
      "can stop these. Those in `staging` only are counted, for users can still be taken out; run it again later. A user who " +
      "comes back is a new one to Amplitude, and stays. Whom the lake has forgotten already is told apart: where nothing " +
      "is left of them, nothing is written. A job lies on the day on which it is scheduled to begin.",
    "Asks before it removes anything; without a terminal, --yes is needed. Exit status 1 if something may still hold " +
      "the person's events. With --dry-run, --json prints {lake, ids, fromAmplitude, rows, files, replaced, archives, " +
      "quarantine, cohorts, refused}.",
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
    {
      flags: "--from-amplitude [from..to]",
      meaning:
        "forget the users of Amplitude's deletion jobs, of these days or of the last 150 and the next 30, UTC; both ends included",
    },
    ...CONNECTION,
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
    { line: "ampframe forget --from-amplitude --yes", does: "once a day, after pull" },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    version: "version of the Delta table",
    ids: "ids that were given, those from Amplitude among them, each once",
    fromAmplitude:
      "null without --from-amplitude; else {from, to, jobs, ids, known, waiting}: the days, a list of {day, status, ids}, " +
      "users of jobs that are done or submitted, those of them who were forgotten before, and users of other jobs only",
    rows: "rows that were taken out of the table",
    files:
      "data files that were written anew without them: a list of {path, rows}, the paths inside the lake of then",
    replaced: "files of older versions that were deleted: a list of paths inside the lake",
    archives: "kept archives that were deleted: a list of paths inside the lake",
    quarantine: "quarantined lines that were removed: a list of {file, lines}, with the file's name of then",
    cohorts: "names of the saved cohorts from which ids were taken",
    refused: "what may still hold the person's events: a list of {what, reason, wayOut}",
    seconds: "wall time",
  },
  load: () => import("../commands/forget.js"),
};
