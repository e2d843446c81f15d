import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import type { CohortAmount, CohortDefinition } from "./cohort-definition.js";

type Kind = "all" | "any" | "not" | "cohort" | "ids" | "did" | "didNot" | "had" | "new";

const TIME = ["from", "to", "last"];
const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  all: [],
  any: [],
  not: [],
  cohort: [],
  ids: [],
  did: ["count", "atLeast", "atMost", "exactly", ...TIME],
  didNot: TIME,
  had: ["at", ...TIME],
  new: TIME,
};
const KINDS = Object.keys(KEYS) as readonly Kind[];
const MOST_LEVELS = 50;

/** The definition that `value`, perhaps read from a file, is. Events and properties need not occur. Throws UsageError. */
export function checkedDefinition(value: unknown, level = 0): CohortDefinition {
  if (!isObject(value)) throw wrong(`A part of the definition is ${shown(value)}.`);
  if (level > MOST_LEVELS) throw wrong(`The definition has more than ${MOST_LEVELS} levels.`);
  const kinds = KINDS.filter((kind) => kind in value);
  const [kind] = kinds;
  if (kind === undefined) throw wrong(`${shown(value)} has none of ${KINDS.join(", ")}.`);
  if (kinds.length > 1) throw wrong(`${shown(value)} has ${kinds.join(" and ")}; all and any join several.`);
  const names = [kind, ...KEYS[kind]];
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw unknownName(`key of ${kind}`, name, names);
  }
  for (const name of TIME) {
    const end = value[name];
    if (end === undefined || typeof end === "string" || (name !== "last" && end instanceof Date)) continue;
    throw wrong(`${name} is ${shown(end)}, no text.`);
  }
  const of = value[kind];
  switch (kind) {
    case "all":
    case "any":
      if (!Array.isArray(of) || of.length === 0) throw wrong(`${kind} is ${shown(of)}, no list of clauses.`);
      for (const clause of of) checkedDefinition(clause, level + 1);
      break;
    case "not":
      checkedDefinition(of, level + 1);
      break;
    case "cohort":
      if (typeof of !== "string") throw wrong(`cohort is ${shown(of)}, no name.`);
      break;
    case "ids":
      if (!Array.isArray(of)) throw wrong(`ids is ${shown(of)}, no list.`);
      for (const id of of) checkedId(id);
      break;
    case "new":
      if (of !== true) throw wrong(`new is ${shown(of)}, not true.`);
      break;
    case "had":
      checkFilters(of);
      if (![undefined, "any event", "last event"].includes(value.at as string | undefined)) {
        throw unknownName("at", String(value.at), ["any event", "last event"]);
      }
      break;
    default:
      checkEvent(of);
      if (kind === "did") checkAmount(value);
  }
  return value as unknown as CohortDefinition;
}

/** An `amplitude_id`. Throws UsageError if it is none, or a number that may have lost digits. */
export function checkedId(id: unknown): bigint {
  const isExact = typeof id === "bigint" || typeof id === "string" || Number.isSafeInteger(id);
  const text = String(id).trim();
  if (isExact && /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
    return BigInt(text);
  }
  throw new UsageError(
    `${shown(id)} is no amplitude_id: a whole number was expected.`,
    "Give it in digits, as a text if it is beyond 2^53.",
  );
}

function checkEvent(choice: unknown): void {
  if (typeof choice === "string") return;
  const events = isObject(choice) ? [choice.event].flat() : [];
  if (events.length === 0 || !events.every((event) => typeof event === "string")) {
    throw wrong(`${shown(choice)} is no event.`);
  }
  if (isObject(choice) && choice.filters !== undefined) checkFilters(choice.filters);
}

function checkFilters(given: unknown): void {
  for (const filter of [given].flat()) {
    if (!isObject(filter) || typeof filter.property !== "string") {
      throw wrong(`${shown(filter)} is no filter: it names no property.`);
    }
  }
}

function checkAmount(clause: Readonly<Record<string, unknown>>): void {
  const { count = "times", ...amount } = clause as CohortAmount & { count?: unknown };
  const isSum = isObject(count) && typeof count.sum === "string";
  if (!isSum && count !== "times" && count !== "days") {
    throw wrong(`count is ${shown(count)}, neither times nor days nor {"sum": "a property"}.`);
  }
  for (const name of ["atLeast", "atMost", "exactly"] as const) {
    const value: unknown = amount[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw wrong(`${name} is ${shown(value)}, no number.`);
    if (isSum || (Number.isInteger(value) && value >= 1)) continue;
    throw new UsageError(
      `${name} is ${value}; a whole number of 1 or more was expected.`,
      "Users who did not do the event are those of didNot.",
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text =
    JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one)) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function wrong(found: string): UsageError {
  return new UsageError(
    found,
    'Write a cohort as {"did": "Buy", "atLeast": 3, "last": "30d"}; docs/definitions.md tells all clauses.',
  );
}
