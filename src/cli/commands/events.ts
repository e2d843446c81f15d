import type { RunCommand } from "../invocation.js";
import { coloured } from "../paint.js";
import { schemaOf } from "./schema.js";

/** Prints the event types of the lake. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, env } = invocation;
  const schema = await schemaOf(invocation);
  const { events, trendDays, count } = schema;
  if (options.json) {
    stdout.write(`${JSON.stringify({ count, trendDays, events })}\n`);
    return 0;
  }
  const width = stdout.isTTY ? (stdout.columns ?? 80) : 200;
  stdout.write(`${schema.eventsText({ width, colors: coloured(stdout, env) })}\n`);
  return 0;
};
