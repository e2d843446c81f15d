import { UsageError } from "../../errors/index.js";
import { groupOf, type PropertyKind } from "../properties/kinds.js";
import type { SchemaContent, SchemaEvent, SchemaProperty } from "./schema-types.js";

/** Something that is not as the tracking plan says. */
export interface PlanDeviation {
  readonly event: string;
  /** Null if it is the event type. */
  readonly property: string | null;
  readonly deviation:
    | "unplanned event"
    | "missing event"
    | "unplanned property"
    | "missing property"
    | "not always there"
    | "type"
    | "value"
    | "range";
  readonly found: string;
  readonly expected: string;
  /** Events that it concerns. */
  readonly events: number;
}

interface PlannedProperty {
  /** JSON types; undefined if any will do. */
  readonly types: readonly string[] | undefined;
  readonly values: readonly string[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly required: boolean;
}

interface PlannedEvent {
  readonly properties: ReadonlyMap<string, PlannedProperty>;
  /** False if properties that are not planned are a deviation. */
  readonly open: boolean;
}

/** Event types that Amplitude makes itself, which no plan has to name. */
const AMPLITUDES_OWN = /^(\[Amplitude\] |session_(start|end)$)/;

/** What of `schema` is not as `plan` says. Throws UsageError if that has none of the documented forms. */
export function comparePlan(schema: SchemaContent, plan: unknown): PlanDeviation[] {
  const planned = planOf(plan);
  const found = new Map(schema.events.map((event) => [event.name, event]));
  const missing = [...planned.keys()].filter((name) => !found.has(name));
  return [
    ...missing.map((event): PlanDeviation => {
      return {
        event,
        property: null,
        deviation: "missing event",
        found: "no event",
        expected: "planned",
        events: 0,
      };
    }),
    ...schema.events.flatMap((event): PlanDeviation[] => {
      const own = planned.get(event.name);
      if (own) return eventDeviations(schema, event, own);
      if (AMPLITUDES_OWN.test(event.name)) return [];
      return [unplanned(event)];
    }),
  ];
}

function unplanned({ name, count }: SchemaEvent): PlanDeviation {
  const [found, expected] = [`${count} events`, "not in the plan"];
  return { event: name, property: null, deviation: "unplanned event", found, expected, events: count };
}

function eventDeviations(schema: SchemaContent, event: SchemaEvent, plan: PlannedEvent): PlanDeviation[] {
  const found = schema.properties.filter(
    (property) => property.event === event.name && property.path.length === 1,
  );
  const byKey = new Map(found.map((property) => [property.path[0]!, property]));
  const of = (property: string) => ({ event: event.name, property });
  const deviations: PlanDeviation[] = [];
  for (const [name, planned] of plan.properties) {
    const property = byKey.get(name);
    if (property) deviations.push(...propertyDeviations(event, name, property, planned));
    else if (planned.required) {
      deviations.push({
        ...of(name),
        deviation: "missing property",
        found: "never",
        expected: "always there",
        events: event.count,
      });
    }
  }
  for (const [name, { count }] of byKey) {
    if (plan.open || plan.properties.has(name) || name.startsWith("[Amplitude] ")) continue;
    deviations.push({
      ...of(name),
      deviation: "unplanned property",
      found: `${count} values`,
      expected: "not in the plan",
      events: count,
    });
  }
  return deviations;
}

function propertyDeviations(
  event: SchemaEvent,
  name: string,
  found: SchemaProperty,
  planned: PlannedProperty,
): PlanDeviation[] {
  const deviations: PlanDeviation[] = [];
  const add = (deviation: PlanDeviation["deviation"], what: string, expected: string, events: number) =>
    deviations.push({ event: event.name, property: name, deviation, found: what, expected, events });
  const missing = event.count - found.count - (planned.types?.includes("null") ? (found.kinds.null ?? 0) : 0);
  if (planned.required && missing > 0)
    add("not always there", `missing in ${missing} events`, "always there", missing);
  const { types, values } = planned;
  const wrong = Object.entries(found.kinds).filter(
    ([kind]) => types && !fits(kind as PropertyKind, found, types),
  );
  const unfit = wrong.filter(([kind]) => kind !== "null");
  if (types && unfit.length > 0) {
    add(
      "type",
      unfit.map(([kind, count]) => `${count} × ${kind}`).join(", "),
      types.join(" or "),
      sum(unfit.map(([, n]) => n)),
    );
  }
  if (values) {
    const others = (found.values ?? found.examples).filter(({ value }) => !values.includes(value));
    const most = others.slice(0, 5).map(({ value }) => JSON.stringify(value));
    const more = others.length > most.length ? ` and ${others.length - most.length} more` : "";
    if (others.length > 0)
      add(
        "value",
        most.join(", ") + more,
        values.map((value) => JSON.stringify(value)).join(", "),
        sum(others.map(({ count }) => count ?? 0)),
      );
  }
  const [min, max] = [planned.min ?? Number.NEGATIVE_INFINITY, planned.max ?? Number.POSITIVE_INFINITY];
  if (found.min !== null && found.max !== null && (found.min < min || found.max > max)) {
    add("range", `${found.min} to ${found.max}`, `${planned.min ?? "any"} to ${planned.max ?? "any"}`, 0);
  }
  return deviations;
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

function fits(kind: PropertyKind, { min, max }: SchemaProperty, types: readonly string[]): boolean {
  if (types.includes("any")) return true;
  const group = groupOf(kind);
  if (group !== "number") return types.includes({ text: "string", list: "array" }[group] ?? group);
  if (types.includes("number")) return true;
  return types.includes("integer") && (kind.startsWith("int") || (min === max && Number.isInteger(min)));
}

/** The event types of a plan in one of the documented forms. */
function planOf(plan: unknown): Map<string, PlannedEvent> {
  const events = new Map<string, PlannedEvent>();
  const root = isObject(plan) ? (plan.events ?? plan.properties ?? plan.$defs ?? plan.definitions) : plan;
  if (Array.isArray(root)) {
    for (const event of root) {
      if (!isObject(event) || typeof event.name !== "string") throw noPlan("an event has no name");
      events.set(event.name, plannedEvent(event.name, event));
    }
    return events;
  }
  if (!isObject(root)) throw noPlan("it has no events");
  for (const [name, event] of Object.entries(root)) {
    if (!isObject(event)) throw noPlan(`${JSON.stringify(name)} is no object`);
    events.set(name, plannedEvent(name, event));
  }
  return events;
}

function plannedEvent(name: string, event: Record<string, unknown>): PlannedEvent {
  const schema = isObject(event.rules) ? event.rules : isObject(event.schema) ? event.schema : event;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const open = schema.additionalProperties === true;
  const own = schema.properties ?? {};
  const entries: [string, unknown][] = Array.isArray(own)
    ? own.map((each) => [isObject(each) && typeof each.name === "string" ? each.name : "", each])
    : isObject(own)
      ? Object.entries(own)
      : [];
  const properties = new Map<string, PlannedProperty>();
  for (const [key, property] of entries) {
    if (!isObject(property) || key === "")
      throw noPlan(`a property of ${JSON.stringify(name)} is no object with a name`);
    properties.set(key, plannedProperty(property, required.includes(key)));
  }
  return { properties, open };
}

function plannedProperty(property: Record<string, unknown>, required: boolean): PlannedProperty {
  const { type, minimum, maximum } = property;
  const values = property.const === undefined ? (property.enum ?? property.enumValues) : [property.const];
  const types =
    type === undefined ? undefined : [type].flat().map((each) => TYPES[String(each)] ?? String(each));
  return {
    types,
    values: Array.isArray(values) && values.length > 0 ? values.map((value) => textOf(value)) : undefined,
    min: typeof minimum === "number" ? minimum : undefined,
    max: typeof maximum === "number" ? maximum : undefined,
    required: required || property.isRequired === true || property.required === true,
  };
}

/** Words of other plans for JSON Schema's. */
const TYPES: Readonly<Record<string, string>> = {
  float: "number",
  double: "number",
  int: "integer",
  bool: "boolean",
  enum: "string",
  list: "array",
  text: "string",
};

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function noPlan(why: string): UsageError {
  return new UsageError(
    `This is no tracking plan that can be read: ${why}.`,
    'Give JSON such as {"events": {"Order": {"properties": {"price": {"type": "number"}}, "required": ["price"]}}}; docs/schema.md tells all forms.',
  );
}
