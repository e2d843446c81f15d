import { type AnalysisDefinition, type EventChoice, eventText } from "../../index.js";
import type { AnalysisAnswer, Selection } from "../api.js";

interface Asked {
  readonly lake: string;
  readonly definition: AnalysisDefinition;
  readonly selection: Selection;
  readonly sql: string;
}

/** Analyses whose command has another name than their function. */
const COMMANDS: Readonly<Record<string, string>> = {
  activeUsers: "active-users",
  lifetimeValue: "lifetime-value",
};
/** The part of a definition that a function takes before its options, and a command as its arguments. */
const MAIN: Readonly<Record<string, readonly string[]>> = {
  segmentation: ["events"],
  funnel: ["steps"],
  lifecycle: ["event"],
  stickiness: ["event"],
  engagement: ["event"],
  paths: ["event"],
  composition: ["property"],
  distribution: ["event", "property"],
};
/** Options that commands write with dashes for spaces. */
const SPACED: readonly string[] = ["method", "direction", "values", "lengthFrom"];

/** An analysis of a selection as a program, as a command and as SQL, each to be run as it is. */
export function codeOf(asked: Asked): AnalysisAnswer["code"] {
  return { typescript: typescriptOf(asked), cli: commandOf(asked), sql: `${asked.sql.trim()}\n` };
}

function typescriptOf({ lake, definition, selection }: Asked): string {
  const { analysis, ...parts } = definition;
  const main = MAIN[analysis] ?? [];
  const given: Readonly<Record<string, unknown>> = parts;
  const options = Object.fromEntries(Object.entries(given).filter(([part]) => !main.includes(part)));
  const events = isEmpty(selection)
    ? "lake"
    : `lake.frame(await selectedEvents(lake, ${literal(selection)}))`;
  const args = [
    "events",
    ...main.map((part) => literal(given[part])),
    ...(Object.keys(options).length > 0 ? [literal(options)] : []),
  ];
  const names = [analysis, "openLake", ...(isEmpty(selection) ? [] : ["selectedEvents"])].sort();
  return `import { ${names.join(", ")} } from "ampframe";

const lake = await openLake(${JSON.stringify(lake)});
const events = ${events};
const result = await ${analysis}(${args.join(", ")});
console.log(result);
await lake.close();
`;
}

/** The command of the analysis where all can be said in it, else one that reads the definition. */
function commandOf({ lake, definition, selection }: Asked): string {
  const { analysis, ...parts } = definition;
  const command = COMMANDS[analysis] ?? analysis;
  const main = MAIN[analysis] ?? [];
  const words: string[] = [];
  if (!isEmpty(selection)) return definitionCommand(lake, definition, selection);
  for (const [part, value] of Object.entries(parts)) {
    const said = main.includes(part) ? argumentsOf(value) : optionOf(part, value);
    if (said === undefined) return definitionCommand(lake, definition, selection);
    words.push(...said);
  }
  return `ampframe ${[command, ...words, "--lake", quoted(lake)].join(" ")}\n`;
}

function definitionCommand(lake: string, definition: AnalysisDefinition, selection: Selection): string {
  const asked = isEmpty(selection) ? definition : { ...definition, selection };
  return `ampframe analysis - --lake ${quoted(lake)} <<'END'\n${JSON.stringify(asked, null, 2)}\nEND\n`;
}

function argumentsOf(value: unknown): string[] | undefined {
  const said = (Array.isArray(value) ? value : [value]).map((one: EventChoice) => {
    const text = typeof one === "string" ? one : eventText(one);
    return text.startsWith("-") ? undefined : quoted(text);
  });
  return said.every((one) => one !== undefined) ? said : undefined;
}

function optionOf(part: string, value: unknown): string[] | undefined {
  if (value === undefined) return [];
  const flag = `--${part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return [flag];
  if (typeof value === "number") return [flag, String(value)];
  if (part === "groupBy") {
    const names = [value].flat().map(String);
    return names.some((name) => name.includes(",")) ? undefined : [flag, quoted(names.join(","))];
  }
  if ((part === "start" || part === "return") && value !== null) return [flag, ...(argumentsOf(value) ?? [])];
  if (typeof value !== "string") return undefined;
  if (part === "order") return [flag, value.replace(" order", "")];
  return [flag, quoted(SPACED.includes(part) ? value.replaceAll(" ", "-") : value)];
}

function isEmpty(selection: Selection): boolean {
  return Object.values(selection).every(
    (value) => value === undefined || (Array.isArray(value) && value.length === 0),
  );
}

/** A word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A value of JSON as TypeScript writes it: names of fields without quotes where they need none. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const name = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key));
  return `{ ${fields.map(([key, field]) => `${name(key)}: ${literal(field)}`).join(", ")} }`;
}
