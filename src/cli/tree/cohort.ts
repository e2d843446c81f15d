import { PULL } from "./bring.js";
import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, QUIET, wholeNumber } from "./options.js";

const CONNECTION = PULL.options.filter(({ flags }) =>
  /^--(region|endpoint|env-file|profile|insecure-http)\b/.test(flags),
);
const times = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Behavioural cohorts. */
export const COHORT: CommandSpec = {
  name: "cohort",
  group: "Use the events",
  summary: "save who did what as a cohort, list cohorts, write out their users",
  details: [
    "Without a name it lists the cohorts of the lake. With a name and a definition it saves one, with the name alone it counts " +
      "its users. Analyses take a cohort by its name. Who belongs to it is found anew each time, unless it is --static.",
    "--did, --did-not and --new are clauses that all must hold; the amounts are of --did, the time is that of all of them. " +
      "--define takes a JSON file with any definition, such as " +
      '{"all": [{"did": "Buy", "atLeast": 3}, {"not": {"cohort": "staff"}}]}; docs/definitions.md tells all clauses.',
  ],
  arguments: [{ syntax: "[name]", meaning: "letters, digits, spaces, - and _" }],
  options: [
    { flags: "--define <file>", meaning: "save the definition in this JSON file", completes: "file" },
    {
      flags: "--did <event>",
      meaning:
        "users who did this event, with filters in parentheses as in analyses; _active and _all mean any",
    },
    { flags: "--at-least <n>", meaning: "at least so many times", byDefault: "1", parse: times },
    { flags: "--at-most <n>", meaning: "at most so many times, but at least once", parse: times },
    { flags: "--exactly <n>", meaning: "exactly so many times", parse: times },
    {
      flags: "--count <what>",
      meaning: "what is counted: times, or different days with the event",
      byDefault: "times",
      choices: ["times", "days"],
    },
    { flags: "--did-not <event>", meaning: "users who did not do this event at all in that time" },
    { flags: "--new", meaning: "users whose first event is in that time" },
    { flags: "--last <duration>", meaning: "the last 24h, 30d, 8w, 3m or 2q of the data", byDefault: "30d" },
    { flags: "--from <date|hour>", meaning: "the first moment by event_time" },
    { flags: "--to <date|hour>", meaning: "the last moment, included" },
    {
      flags: "--time-zone <name>",
      meaning: "the time zone of days and dates here, where users are counted; an analysis has its own",
      byDefault: "UTC",
    },
    {
      flags: "--identity <which>",
      meaning:
        "who is one user here: raw, each amplitude_id; estimated, merged by device; or a file of Amplitude's merges",
      byDefault: "raw",
      completes: "file",
    },
    { flags: "--static", meaning: "keep who belongs to it now" },
    {
      flags: "--export <file>",
      meaning: "write the amplitude_id of each user into this file, one a line; - is stdout",
      completes: "file",
    },
    { flags: "--delete", meaning: "delete the cohort" },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: 'ampframe cohort buyers --did "Order Completed" --at-least 3 --last 30d', does: "save a cohort" },
    { line: "ampframe cohort buyers --export ids.csv", does: "its users, as Amplitude takes them" },
    { line: "ampframe cohort", does: "what is saved" },
  ],
  json: {
    cohorts:
      "a list of {name, saved, static, users, definition}: static is true if its users are kept; users is their number, null of " +
      "one that is computed each time and was not counted. With --export to a file {file, users}",
  },
  load: () => import("../commands/cohort.js"),
};

/** What Amplitude has marked inactive. */
export const INACTIVE: CommandSpec = {
  name: "inactive",
  group: "Use the events",
  summary: "ask Amplitude which event types are marked inactive, for the analyses' `inactive`",
  details: [
    "Exports do not tell which events make nobody an active user. This asks the Events List API of Amplitude, with keys as for " +
      "`pull`, and prints the names, one a line. A file with them, or what --json prints, is what analyses take as `inactive`.",
  ],
  arguments: [],
  options: [
    { flags: "-o, --output <file>", meaning: "write to a file, replaced if it exists", completes: "file" },
    ...CONNECTION,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe inactive -o inactive.txt", does: "once, and when something was changed there" },
  ],
  json: { data: "all event types by name: a list of {name, inactive, hidden, deleted}" },
  load: () => import("../commands/inactive.js"),
};
