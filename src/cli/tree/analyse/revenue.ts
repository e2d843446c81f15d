import type { CommandSpec, OptionSpec } from "../command.js";
import { analyseCommand } from "./command.js";
import { GROUP_BY, HISTORY, INTERVALS, interval } from "./options.js";

const SOURCE: readonly OptionSpec[] = [
  {
    flags: "--event <event>",
    meaning: "the events that bring revenue",
    byDefault: "any with $revenue or $price",
  },
  {
    flags: "--property <name>",
    meaning: "the property with the amount",
    byDefault: "$revenue, else $price times $quantity",
  },
];

/** Revenue over time. */
export const REVENUE: CommandSpec = analyseCommand(
  {
    name: "revenue",
    summary: "revenue over time, for each active and each paying user",
    details: ["Currencies are not told apart; refunds are negative amounts."],
    arguments: [],
    options: [...SOURCE, interval("day"), GROUP_BY],
    examples: [
      { line: "ampframe revenue --interval week --last 8w", does: "revenue, paying users, ARPU, ARPPU" },
      { line: 'ampframe revenue --event "Order Completed" --property total', does: "of a property of yours" },
    ],
  },
  "revenue",
);

/** What new users bring. */
export const LIFETIME_VALUE: CommandSpec = analyseCommand(
  {
    name: "lifetime-value",
    summary: "what new users bring from their first event on (Revenue LTV)",
    details: [],
    arguments: [],
    options: [...SOURCE, interval("day", "day", "week", "month"), INTERVALS, GROUP_BY, HISTORY],
    examples: [
      { line: "ampframe lifetime-value --interval week", does: "by the week in which they were new" },
    ],
  },
  "lifetimeValue",
);
