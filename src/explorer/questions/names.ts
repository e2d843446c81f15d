import { FIELDS, type Lake, type QueryOptions } from "../../index.js";
import type { PickName } from "../api.js";
import type { Question } from "./question.js";
import { type PropertyColumn, sampledProperties } from "./sampled-properties.js";
import type { SchemaJob } from "./schema-job.js";

const KINDS = ["events", "columns", "eventProperties", "userProperties", "groupProperties"] as const;
const COLUMN_OF = {
  eventProperties: "event_properties",
  userProperties: "user_properties",
  groupProperties: "group_properties",
} as const;

/** Names that can be picked, the most frequent first. */
export const answer: Question<"names"> = async (given, { opened, schemas, signal }) => {
  const kind = given.oneOf("kind", KINDS);
  if (kind === "events") return { names: await eventTypes(opened, { signal }), sampled: false };
  if (kind === "columns") return { names: await columns(opened, { signal }), sampled: false };
  const [column, event] = [COLUMN_OF[kind], given.optionalText("event")];
  const known = await inSchema(schemas, column, event);
  const names = known ?? (await sampledProperties(opened, column, event, { signal }));
  return {
    names: [...names].sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1)),
    sampled: known === undefined,
  };
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

/** The properties by the schema, where that is known already. */
async function inSchema(
  schemas: SchemaJob,
  column: PropertyColumn,
  event: string | undefined,
): Promise<PickName[] | undefined> {
  const schema = await schemas.known();
  return schema?.properties
    .filter((property) => property.column === column && (event === undefined || property.event === event))
    .map(({ name, type, count, event }) => ({ name, type, events: count, event: event ?? undefined }));
}
