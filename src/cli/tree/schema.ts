import type { CommandSpec, OptionSpec } from "./command.js";
import { ENGINE, JSON_OUTPUT, LAKE, QUIET } from "./options.js";

const RANGE: readonly OptionSpec[] = [
  {
    flags: "--from <date|hour>",
    meaning: "first hour of event_time, UTC; these events are then read each time",
  },
  { flags: "--to <date|hour>", meaning: "last hour of event_time, UTC, included" },
];

const EVENTS_JSON =
  "a list by count: {name, count, share, users, firstSeen, lastSeen, trend, properties, omitted}; users are estimated, " +
  "mostly within 3 %; trend has the events of each of trendDays";

/** The event types. */
export const EVENTS: CommandSpec = {
  name: "events",
  group: "Use the events",
  summary: "the event types: how many, of how many users, since when, and the trend",
  details: [
    "The first call reads all events and keeps what it found in the lake; later calls read new files only. The same " +
      "figures as in `ampframe schema`.",
  ],
  arguments: [],
  options: [...RANGE, LAKE, ...ENGINE, JSON_OUTPUT, QUIET],
  examples: [{ line: "ampframe events", does: "what is in the lake, the most frequent first" }],
  json: {
    count: "all events",
    trendDays: "days of the trend, UTC: up to 28 that end with the last upload",
    events: EVENTS_JSON,
  },
  load: () => import("../commands/events.js"),
};

/** The tracking plan as it is. */
export const SCHEMA: CommandSpec = {
  name: "schema",
  group: "Use the events",
  summary:
    "the tracking plan as it really is: event types, properties, types, drift, changes; as TypeScript types too",
  details: [
    "Of each property: its type, the share of events that have it, how many different values (`~` is an estimate), the range " +
      "of its numbers, examples, and drift, where values are of several JSON types; then what is new, gone or retyped, with " +
      "the day. The first call reads all events and keeps what it found in the lake; later calls read new files only.",
    "--ts prints declarations by which `lake.frame({ events, properties })` is typed. --plan compares with a tracking plan " +
      "(JSON Schema by event type, or a list of events as Ampli has it; see docs/schema.md), lists what deviates, and ends with " +
      "status 3 if anything does.",
  ],
  arguments: [{ syntax: "[event]", meaning: "only this event type; default all" }],
  options: [
    { flags: "--ts", meaning: "print TypeScript types" },
    { flags: "--markdown", meaning: "print a document in Markdown" },
    { flags: "--plan <file>", meaning: "compare with this tracking plan", completes: "file" },
    { flags: "-o, --output <file>", meaning: "write to a file, replaced if it exists", completes: "file" },
    ...RANGE,
    LAKE,
    ...ENGINE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe schema", does: "everything" },
    { line: 'ampframe schema "Order Completed"', does: "one event type" },
    { line: "ampframe schema --ts > events.d.ts", does: "types for `lake.frame()`" },
    { line: "ampframe schema --plan plan.json", does: "what deviates from the plan" },
  ],
  json: {
    lake: "the folder of the lake; with --plan instead of these {ok, deviations}, a list of {event, property, deviation, found, expected, events}",
    version: "version of the Delta table",
    count: "events that were looked at",
    trendDays: "days of the trend, UTC: up to 28 that end with the last upload",
    events: EVENTS_JSON,
    properties:
      "a list: {event, name, column, path, type, drift, kinds, count, fill, distinct, distinctIsExact, examples, values, min, " +
      "max, firstSeen, lastSeen, omitted}; event is null for properties of users and groups",
    changes: "a list by day: {day, change, event, property, from, to}, with change new, gone or retyped",
  },
  load: () => import("../commands/schema.js"),
};
