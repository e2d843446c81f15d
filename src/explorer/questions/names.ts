import { FIELDS, type Lake, type QueryOptions } from "../../index.js";
import type { PickName } from "../api.js";
import type { Given } from "./given.js";
import type { Question } from "./question.js";

const KINDS = ["events", "columns", "eventProperties", "userProperties", "groupProperties"] as const;
const COLUMN_OF = {
  eventProperties: "event_properties",
  userProperties: "user_properties",
  groupProperties: "group_properties",
} as const;

/** Names that can be picked, the most frequent first. */
export const answer: Question<"names"> = async (given, { opened, signal }) => {
  const kind = given.oneOf("kind", KINDS);
  if (kind === "events") return { names: await eventTypes(opened, { signal }) };
  if (kind === "columns") return { names: await columns(opened, { signal }) };
  return { names: await properties(opened, COLUMN_OF[kind], given, { signal }) };
};

async function eventTypes(lake: Lake, options: QueryOptions): Promise<PickName[]> {
  const counts = await lake.frame({ columns: ["event_type"] }).valueCounts("event_type", {
    ...options,
    limit: Number.POSITIVE_INFINITY,
  });
  return [...counts].flatMap(({ event_type, count }) =>
    event_type === null ? [] : [{ name: event_type, events: count }],
  );
}

async function columns(lake: Lake, options: QueryOptions): Promise<PickName[]> {
  const { events } = await lake.extent(options);
  return FIELDS.map(({ name, kind }) => ({ name, events, type: kind }));
}

async function properties(
  lake: Lake,
  column: string,
  given: Given,
  options: QueryOptions,
): Promise<PickName[]> {
  const event = given.optionalText("event");
  const { properties } = await lake.schema(options);
  return properties
    .filter((property) => property.column === column && (event === undefined || property.event === event))
    .map(({ name, type, count, event }) => ({ name, type, events: count, event: event ?? undefined }))
    .sort((a, b) => b.events - a.events);
}
