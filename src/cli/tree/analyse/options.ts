import type { OptionSpec } from "../command.js";
import { ENGINE, JSON_OUTPUT, LAKE, list, QUIET, repeated, wholeNumber } from "../options.js";
import { SOME_EVENT } from "./words.js";

/** The date range, and how the result is put out. */
export const RANGE_AND_OUTPUT: readonly OptionSpec[] = [
  { flags: "--from <date|time>", meaning: "first day or moment of event_time, in --time-zone" },
  {
    flags: "--to <date|time>",
    meaning: "last day or moment of event_time, included",
    byDefault: "the end of the data",
  },
  {
    flags: "--last <duration>",
    meaning: "the hours, days, weeks, months or quarters that end with the data: 24h, 30d, 8w, 3m, 2q",
    byDefault: "30d",
  },
  {
    flags: "--time-zone <name>",
    meaning: "the time zone of days, weeks and months: that of the project in Amplitude",
    byDefault: "UTC",
  },
  {
    flags: "--explain",
    meaning: "print what was computed, why Amplitude's chart may differ, and the SQL too",
  },
  {
    flags: "-o, --output <file>",
    meaning:
      "write to a file, replaced if it exists: .html (a page), .svg, .png, .md, or the rows as .csv, .json",
    completes: "file",
  },
  {
    flags: "--save <file>",
    meaning: "write what was asked as JSON for `ampframe analysis`",
    completes: "file",
  },
  LAKE,
  ...ENGINE,
  JSON_OUTPUT,
  QUIET,
];

/** What all analyses take. */
export const COMMON: readonly OptionSpec[] = [
  {
    flags: "--filter <filters>",
    meaning:
      'only events with these properties, all of them: "country is Germany and price greater 10"; may be repeated',
    parse: repeated,
  },
  {
    flags: "--segment <name=filters>",
    meaning: 'a segment and its name: "DACH=country is Germany, Austria, Switzerland"; may be repeated',
    byDefault: "all events",
    parse: repeated,
  },
  {
    flags: "--cohort <name>",
    meaning: "only users of this cohort, see `ampframe cohort`; if repeated, each is a segment",
    parse: repeated,
  },
  {
    flags: "--week-start <day>",
    meaning: "the first day of a week: that of the project in Amplitude",
    byDefault: "monday",
    choices: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  },
  {
    flags: "--quarter-start <month>",
    meaning: "the month in which the first quarter begins: 1 to 12",
    byDefault: "1",
    parse: wholeNumber(1, 12),
  },
  {
    flags: "--identity <which>",
    meaning:
      "who is one user: raw, each amplitude_id; estimated, merged by device; or a file of Amplitude's merges",
    byDefault: "raw",
    completes: "file",
  },
  {
    flags: "--inactive <names>",
    meaning: "event types that are marked inactive in Amplitude; commas between them",
    parse: list,
  },
  {
    flags: "--inactive-from <file>",
    meaning: "the same from a file, such as `ampframe inactive -o` writes",
    completes: "file",
  },
  ...RANGE_AND_OUTPUT,
];

export const GROUP_BY: OptionSpec = {
  flags: "--group-by <names>",
  meaning: "tell apart by the values of these properties: country,user_properties.plan; commas between them",
  parse: list,
};

/** How long intervals are. */
export function interval(byDefault: string, ...choices: readonly string[]): OptionSpec {
  return {
    flags: "--interval <interval>",
    meaning: "the length of the intervals",
    byDefault,
    choices: choices.length > 0 ? choices : ["hour", "day", "week", "month", "quarter"],
  };
}

export const COUNT: OptionSpec = {
  flags: "--count <what>",
  meaning: "users, or each time",
  byDefault: "uniques",
  choices: ["uniques", "totals"],
};

export const INTERVALS: OptionSpec = {
  flags: "--intervals <n>",
  meaning: "the last interval since the start",
  byDefault: "30 days, 12 weeks or months",
  parse: wholeNumber(0, 1000),
};

export const HISTORY: OptionSpec = {
  flags: "--history <duration>",
  meaning:
    "how far data must reach back for users to be called new: 30d, 12w; 0d if it begins with the project",
  byDefault: "30d",
};

export const EVENT_ARGUMENT = { syntax: "<event>", meaning: SOME_EVENT } as const;
