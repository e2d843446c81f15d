import type { CommandSpec } from "../command.js";
import { fileCommand } from "./command.js";
import { RANGE_AND_OUTPUT } from "./options.js";

/** An analysis that is kept in a file. */
export const ANALYSIS: CommandSpec = fileCommand({
  name: "analysis",
  summary: "run an analysis that is kept in a file, such as --save writes, or in the lake",
  details: [
    'The file is JSON, such as {"analysis": "funnel", "steps": ["Product Viewed", "Order Completed"], "window": "7d"}, or a module ' +
      "(.js, .mjs, .ts where Node reads that) whose default export is such an object; a module is a program and runs with your " +
      "rights. A name without a dot is that of an analysis kept in the lake, as the explorer saves them; - reads JSON from standard " +
      'input. A selection beside the definition says of which events it is: {"analysis": …, "selection": {"events": […]}}. ' +
      "The options given here take the place of those in the file.",
  ],
  arguments: [{ syntax: "<file>", meaning: "the file, - or the name of a saved analysis" }],
  options: RANGE_AND_OUTPUT,
  examples: [
    { line: "ampframe analysis orders.json", does: "as it was saved" },
    { line: "ampframe analysis orders.json --last 7d -o orders.svg", does: "of other days, as a picture" },
  ],
});
