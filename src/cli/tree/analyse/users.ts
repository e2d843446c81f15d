import type { CommandSpec } from "../command.js";
import { wholeNumber } from "../options.js";
import { analyseCommand } from "./command.js";
import { EVENT_ARGUMENT, GROUP_BY, HISTORY, INTERVALS, interval } from "./options.js";
import { openPairs, pairs } from "./values.js";
import { SOME_EVENT } from "./words.js";

const ANY_EVENT = { syntax: "[event]", meaning: `${SOME_EVENT}; default _active` } as const;
const ACTIVE = { part: "event", kind: "event", byDefault: "_active" } as const;

/** Who comes back. */
export const RETENTION: CommandSpec = analyseCommand(
  {
    name: "retention",
    summary: "how many users come back, by the day on which they began (Retention Analysis)",
    details: ["What exactly is counted: docs/definitions.md."],
    arguments: [],
    options: [
      {
        flags: "--start <event>",
        meaning: "the event that begins; _new: the user's first event of all",
        byDefault: "_new",
      },
      { flags: "--return <event>", meaning: "the event that counts as a return", byDefault: "_active" },
      {
        flags: "--method <which>",
        meaning: "a return in just that interval, or in it or any later one",
        byDefault: "on",
        choices: ["on", "on-or-after"],
      },
      {
        flags: "--brackets <pairs>",
        meaning: "several days (weeks, months) as one, first and last included: 0-0,1-3,4-7",
        parse: pairs,
      },
      interval("day", "day", "week", "month"),
      {
        flags: "--mode <which>",
        meaning: "intervals of 24 hours from each user's start, or days of the calendar",
        byDefault: "rolling",
        choices: ["rolling", "calendar"],
      },
      INTERVALS,
      GROUP_BY,
    ],
    examples: [
      { line: "ampframe retention --last 14d --intervals 7", does: "new users who come back" },
      {
        line: 'ampframe retention --start "Order Completed" --return "Order Completed" --interval week',
        does: "who orders again",
      },
    ],
  },
  "retention",
);

/** Active and new users. */
export const ACTIVE_USERS: CommandSpec = analyseCommand(
  {
    name: "active-users",
    summary: "active and new users over time",
    details: ["With --dau-wau-mau each day has its users, and those of the 7 and 30 days that end with it."],
    arguments: [],
    options: [
      interval("day"),
      {
        flags: "--rolling <n>",
        meaning: "count users of the last so many intervals that end with each",
        parse: wholeNumber(1, 400),
      },
      { flags: "--dau-wau-mau", meaning: "daily, weekly and monthly active users of each day" },
      GROUP_BY,
      HISTORY,
    ],
    examples: [
      { line: "ampframe active-users --last 8w --interval week", does: "active and new users by week" },
    ],
  },
  "activeUsers",
);

/** New, current, resurrected, dormant. */
export const LIFECYCLE: CommandSpec = analyseCommand(
  {
    name: "lifecycle",
    summary: "new, current, resurrected and dormant users over time (Lifecycle)",
    details: [],
    arguments: [ANY_EVENT],
    options: [interval("day", "day", "week", "month"), HISTORY],
    examples: [{ line: "ampframe lifecycle --interval week --last 8w", does: "how users come and go" }],
  },
  "lifecycle",
  ACTIVE,
);

/** On how many days. */
export const STICKINESS: CommandSpec = analyseCommand(
  {
    name: "stickiness",
    summary: "on how many days of a week or month users do an event (Stickiness)",
    details: [],
    arguments: [ANY_EVENT],
    options: [interval("week", "week", "month"), GROUP_BY],
    examples: [{ line: "ampframe stickiness --last 4w", does: "days of the week with any active event" }],
  },
  "stickiness",
  ACTIVE,
);

/** How often. */
export const ENGAGEMENT: CommandSpec = analyseCommand(
  {
    name: "engagement",
    summary: "how often users do an event, and how many days lie between",
    details: [
      "The measure Frequency of Amplitude's Event Segmentation. With --usage-interval: how many days lie between the days on which " +
        "users do the event; only the options of all analyses go with it.",
    ],
    arguments: [EVENT_ARGUMENT],
    options: [
      {
        flags: "--count <what>",
        meaning: "times, or different days",
        byDefault: "times",
        choices: ["times", "days"],
      },
      {
        flags: "--buckets <pairs>",
        meaning: "numbers taken together, both ends included: 1,2-4,5-",
        byDefault: "each number that occurs",
        parse: openPairs,
      },
      interval("one for the whole range"),
      GROUP_BY,
      { flags: "--usage-interval", meaning: "the days between instead" },
    ],
    examples: [
      { line: 'ampframe engagement "Order Completed" --buckets 1,2-4,5-', does: "who orders how often" },
      {
        line: 'ampframe engagement "Order Completed" --usage-interval',
        does: "after how many days they order again",
      },
    ],
  },
  "engagement",
  { part: "event", kind: "event" },
);
