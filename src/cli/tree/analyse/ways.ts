import type { CommandSpec } from "../command.js";
import { list, repeated, wholeNumber } from "../options.js";
import { analyseCommand } from "./command.js";
import { COUNT, EVENT_ARGUMENT, GROUP_BY, interval } from "./options.js";
import { SOME_EVENT } from "./words.js";

/** From step to step. */
export const FUNNEL: CommandSpec = analyseCommand(
  {
    name: "funnel",
    summary: "how many users go from step to step (Funnel Analysis)",
    details: ["What exactly is counted: docs/definitions.md."],
    arguments: [{ syntax: "<steps...>", meaning: SOME_EVENT }],
    options: [
      {
        flags: "--order <which>",
        meaning:
          "the steps in this order with other events between them, in any order, or with nothing between them",
        byDefault: "this",
        choices: ["this", "any", "exact"],
      },
      {
        flags: "--window <duration>",
        meaning: "the most time from the first step to the last, included: 30s, 15m, 6h, 1d, 2w",
        byDefault: "1d",
      },
      {
        flags: "--resolution <unit>",
        meaning: "within which time two events have no order",
        byDefault: "second",
        choices: ["second", "millisecond"],
      },
      COUNT,
      {
        flags: "--hold-constant <property>",
        meaning: "a property that must have the same value at all steps",
      },
      {
        flags: "--exclude <event>",
        meaning:
          "an event that must not come between the steps; 1-2:Refund between these two; may be repeated",
        parse: repeated,
      },
      GROUP_BY,
      interval("one for the whole range"),
    ],
    examples: [
      {
        line: 'ampframe funnel "Product Viewed" "Cart Viewed" "Order Completed"',
        does: "who comes how far in a day",
      },
      {
        line: 'ampframe funnel "Product Viewed" "Order Completed" --window 7d --group-by platform',
        does: "in a week, by platform",
      },
    ],
  },
  "funnel",
  { part: "steps", kind: "events" },
);

/** What comes after an event. */
export const PATHS: CommandSpec = analyseCommand(
  {
    name: "paths",
    summary: "what users do after an event, or before it (Journeys)",
    details: [],
    arguments: [EVENT_ARGUMENT],
    options: [
      {
        flags: "--direction <which>",
        meaning: "paths that start or end with the event",
        byDefault: "starting-with",
        choices: ["starting-with", "ending-with"],
      },
      {
        flags: "--steps <n>",
        meaning: "events after (or before) it at most",
        byDefault: "4",
        parse: wholeNumber(1, 100),
      },
      {
        flags: "--window <duration>",
        meaning: "within which time of the event, included: 30s, 15m, 6h, 1d, 2w; session: the same session",
        byDefault: "1d",
      },
      COUNT,
      { flags: "--collapse", meaning: "take the same event several times in a row as one" },
      { flags: "--hide <names>", meaning: "event types left out of paths; commas between them", parse: list },
      {
        flags: "--only <names>",
        meaning: "event types that alone are in paths; commas between them",
        parse: list,
      },
      {
        flags: "--top <n>",
        meaning: "so many events of each step have names, the others are (other)",
        byDefault: "5",
        parse: wholeNumber(1, 100_000),
      },
    ],
    examples: [
      { line: 'ampframe paths "Product Viewed" --steps 3', does: "the next three events" },
      { line: 'ampframe paths "Order Completed" --direction ending-with', does: "what led to it" },
    ],
  },
  "paths",
  { part: "event", kind: "event" },
);
