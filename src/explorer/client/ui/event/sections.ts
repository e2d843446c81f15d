import type { JsonNode } from "../json/parse.js";
import { type EventFields, fieldNode } from "./event-json.js";
import { type PropertySource, propertyNamed } from "./property-name.js";

/** A value of an event and what it is called: by filters and columns, if they can name it. */
export interface NamedValue {
  readonly label: string;
  readonly node: JsonNode;
  /** Undefined where neither filters nor columns lead. */
  readonly name: string | undefined;
  /** Where the parts of an object lie; undefined where they cannot be named. */
  readonly inside?: { readonly source: PropertySource; readonly path: readonly string[] } | undefined;
}

/** Some values of an event that belong together. */
export interface Section {
  readonly title: string;
  readonly entries: readonly NamedValue[];
}

const PROPERTIES: readonly (readonly [PropertySource, string])[] = [
  ["event_properties", "Event properties"],
  ["user_properties", "User properties"],
];
const USER = [
  "user_id",
  "device_id",
  "amplitude_id",
  "session_id",
  "user_creation_time",
  "paying",
  "start_version",
];
const DEVICE = [
  ...[
    "platform",
    "os_name",
    "os_version",
    "device_type",
    "device_family",
    "device_brand",
    "device_manufacturer",
  ],
  ...["device_model", "device_carrier", "language", "version_name", "library", "adid", "idfa"],
  ...["country", "region", "city", "dma", "location_lat", "location_lng", "ip_address"],
];
const TIMES = [
  ...["event_time", "client_event_time", "client_upload_time"],
  ...["server_received_time", "server_upload_time", "processed_time"],
];

/** An event's values in the order in which people look for them; empty sections are left out. */
export function sectionsOf(event: EventFields): Section[] {
  const named = new Set<string>(["event_properties", "user_properties", "group_properties", "event_type"]);
  const fields = (title: string, names: readonly string[]): Section => {
    for (const name of names) named.add(name);
    return { title, entries: names.flatMap((name) => fieldOf(event, name)) };
  };
  const sections = [
    ...PROPERTIES.map(([source, title]) => ({ title, entries: entriesOf(event, source) })),
    fields("User", USER),
    fields("Device and place", DEVICE),
    fields("Groups", ["groups"]),
    fields("Times, UTC", TIMES),
  ];
  const groups = event.group_properties;
  const all =
    groups === undefined ? [] : [namedValue("group_properties", fieldNode("group_properties", groups))];
  const others = Object.keys(event).filter((name) => !named.has(name));
  return [
    ...sections.map((section) =>
      section.title === "Groups" ? { ...section, entries: [...section.entries, ...all] } : section,
    ),
    { title: "Further fields", entries: others.flatMap((name) => fieldOf(event, name)) },
  ].filter(({ entries }) => entries.length > 0);
}

function fieldOf(event: EventFields, name: string): NamedValue[] {
  const value = event[name];
  if (value === undefined || value === null) return [];
  const node = fieldNode(name, value);
  const isPlain = node.kind !== "object" && node.kind !== "list";
  return node.kind === "object" && node.entries.length === 0
    ? []
    : [namedValue(name, node, isPlain ? name : undefined)];
}

function namedValue(label: string, node: JsonNode, name?: string): NamedValue {
  return { label, node, name };
}

function entriesOf(event: EventFields, source: PropertySource): NamedValue[] {
  const value = event[source];
  if (value === undefined || value === null) return [];
  const node = fieldNode(source, value);
  if (node.kind !== "object") return [namedValue(source, node)];
  return node.entries.map(([key, inner]) => ({
    label: key,
    node: inner,
    name: propertyNamed(source, [key]),
    inside: { source, path: [key] },
  }));
}
