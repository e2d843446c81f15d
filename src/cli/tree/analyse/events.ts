import type { CommandSpec } from "../command.js";
import { wholeNumber } from "../options.js";
import { analyseCommand } from "./command.js";
import { EVENT_ARGUMENT, GROUP_BY, interval } from "./options.js";
import { measure, numbers } from "./values.js";
import { SOME_EVENT } from "./words.js";

/** Events over time. */
export const SEGMENTATION: CommandSpec = analyseCommand(
  {
    name: "segmentation",
    summary: "count events, users or a property over time (Event Segmentation)",
    details: [
      "The segment and the group are those of the event itself, at its time. Over the whole range each user counts once: " +
        "`totals` with --json has that. What exactly is counted: docs/definitions.md.",
    ],
    arguments: [{ syntax: "<events...>", meaning: SOME_EVENT }],
    options: [
      {
        flags: "--measure <what>",
        meaning:
          'uniques (users), totals (events), average, "active %", or of a property: sum, average, median, min, max, distinct, ' +
          "distinct-per-user, sum-per-user, as in sum:price, and percentile:price:95",
        byDefault: "uniques",
        parse: measure,
      },
      {
        flags: "--formula <text>",
        meaning:
          'numbers of the events A, B, … in place of --measure, as Amplitude writes them: "%:UNIQUES(A) / UNIQUES(B)", ' +
          '"ROLLWIN(UNIQUES, A, 7)"; A2 is of the second --segment; a property is named: "$:ARPAU(A, price)"',
      },
      interval("day"),
      GROUP_BY,
      {
        flags: "--rolling <n>",
        meaning: "count over the last so many intervals that end with each",
        parse: wholeNumber(1, 400),
      },
      {
        flags: "--compare <n>",
        meaning: "add the value of the interval so many before",
        parse: wholeNumber(1, 10_000),
      },
    ],
    examples: [
      { line: 'ampframe segmentation "Order Completed" --last 4w', does: "users who ordered on each day" },
      {
        line: 'ampframe segmentation "Product Added" --measure sum:price --group-by country --interval week',
        does: "the sum of a property by country",
      },
      {
        line: 'ampframe segmentation "Order Completed (country is Germany)" -o orders.html',
        does: "a page with picture, meaning, rows and SQL",
      },
    ],
  },
  "segmentation",
  { part: "events", kind: "events" },
);

/** How large a property's numbers are. */
export const DISTRIBUTION: CommandSpec = analyseCommand(
  {
    name: "distribution",
    summary: "how the numbers of a property are spread (Distribution of Property Value)",
    details: [
      "Each bin counts the events with a number in it, and the users; its end is in the next one. For texts, " +
        "`ampframe segmentation --measure totals --group-by` counts the events of each.",
    ],
    arguments: [
      EVENT_ARGUMENT,
      { syntax: "<property>", meaning: "the property: price, user_properties.age" },
    ],
    options: [
      {
        flags: "--bins <numbers>",
        meaning: "where bins begin, and where the last one ends; commas between them",
        byDefault: "20 or fewer of one width",
        parse: numbers,
      },
      GROUP_BY,
    ],
    examples: [
      { line: 'ampframe distribution "Order Completed" total', does: "how large orders are" },
      {
        line: 'ampframe distribution "Order Completed" total --bins 0,20,50,100,1000',
        does: "the same in bins of yours",
      },
    ],
  },
  "distribution",
  { part: "event", kind: "event", second: "property" },
);

/** Who the users are. */
export const COMPOSITION: CommandSpec = analyseCommand(
  {
    name: "composition",
    summary: "the active users by the values of a property (User Composition)",
    details: [],
    arguments: [{ syntax: "<property>", meaning: "a column such as platform, or user_properties.plan" }],
    options: [
      {
        flags: "--values <which>",
        meaning: "each user by the value at the last active event, or by each that there was",
        byDefault: "most-recent",
        choices: ["most-recent", "all"],
      },
      {
        flags: "--top <n>",
        meaning: "so many values have rows of their own, the others one together",
        byDefault: "all",
        parse: wholeNumber(1, 100_000),
      },
    ],
    examples: [{ line: "ampframe composition platform --last 30d", does: "on what people are" }],
  },
  "composition",
  { part: "property", kind: "text" },
);
