import { UsageError } from "../../index.js";
import type { SchemaFacts } from "../api.js";
import type { Question } from "./question.js";

/** The tracking plan, as soon as it is read. */
export const answer: Question<"schema"> = async (given, { opened, schemas, signal }) => {
  const event = given.optionalText("event");
  const { schema, progress } = await schemas.soon();
  if (schema === null) return { schema: null, progress };
  if (event === undefined) return { schema: asJson(schema), progress: null };
  // Its profiles are kept now, or read by a job that ended a moment ago.
  const one = await opened.schema({ events: event, signal });
  if (one.events.length > 0) return { schema: asJson(one), progress: null };
  throw new UsageError(
    `No event of type ${JSON.stringify(event)} was found.`,
    "Pick one of the event types.",
  );
};

/** Its Dates become texts. */
function asJson(schema: { toJSON(): unknown }): SchemaFacts {
  return JSON.parse(JSON.stringify(schema));
}
