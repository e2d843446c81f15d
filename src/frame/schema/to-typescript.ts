import { EVENT_PROPERTIES } from "../properties/property.js";
import type { SchemaContent, SchemaProperty } from "./schema-types.js";

/** The schema as declarations that are merged into the module `ampframe`. */
export function schemaTypes(schema: SchemaContent): string {
  const { properties, events } = schema;
  const ofUsers = properties.filter(({ event }) => event === null);
  const lines = [
    `// Made by \`ampframe schema --ts\` from ${schema.count} events, version ${schema.version} of the lake. Make it anew, do not edit it.`,
    'import "ampframe";',
    "",
    'declare module "ampframe" {',
    "  /** Properties of each event type, by the names that `frame({ properties })` takes. */",
    "  interface EventTypes {",
    ...events.flatMap(({ name }) => [
      `    ${key(name)}: {`,
      ...properties
        .filter(({ event, column }) => event === name && column === EVENT_PROPERTIES)
        .map(member("      ")),
      "    };",
    ]),
    "  }",
    "  /** Properties of users and groups. */",
    "  interface UserProperties {",
    ...ofUsers.map(member("    ")),
    "  }",
    "}",
    "",
  ];
  return lines.join("\n");
}

function member(indent: string): (property: SchemaProperty) => string {
  return ({ name, type, fill }) => `${indent}${key(name)}: ${typeScript(type)}${fill < 1 ? " | null" : ""};`;
}

/** A name as a key, in quotes: a text of JSON is one of TypeScript, but for two separators of lines. */
function key(name: string): string {
  return JSON.stringify(name).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    },
  );
}

function typeScript(type: string): string {
  const item = /^list<(.*)>$/.exec(type)?.[1];
  if (item !== undefined) return `readonly (${typeScript(item)} | null)[]`;
  return TYPES[type] ?? "string";
}

const TYPES: Readonly<Record<string, string>> = {
  boolean: "boolean",
  int64: "bigint",
  double: "number",
  timestamp: "Date",
};
