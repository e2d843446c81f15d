import type { IdsByField } from "../engine/person-rows.js";
import { UsageError } from "../errors/index.js";
import type { IdField, PersonId } from "../lake/forgotten.js";

/** The ids of a person, or of several; at least one. Each is compared as a whole, in its own letter case. */
export interface PersonIds {
  readonly userIds?: readonly string[] | undefined;
  readonly deviceIds?: readonly string[] | undefined;
  /** Whole numbers; a text of decimal digits where they may be beyond 2^53. */
  readonly amplitudeIds?: readonly (string | number | bigint)[] | undefined;
}

/** The ids, each once. Throws UsageError if there is none, or one that no row can have. */
export function personIds(of: PersonIds): PersonId[] {
  const ids = listedIds(of);
  if (ids.length > 0) return ids;
  throw new UsageError(
    "Nobody was named who is to be forgotten.",
    "Give --user-id, --device-id or --amplitude-id, --ids with a file of ids, or --from-amplitude.",
  );
}

/** As `personIds`, but there may be none. */
export function listedIds({ userIds = [], deviceIds = [], amplitudeIds = [] }: PersonIds): PersonId[] {
  return eachOnce([
    ...userIds.map((value) => idOf("user_id", value)),
    ...deviceIds.map((value) => idOf("device_id", value)),
    ...amplitudeIds.map((value) => idOf("amplitude_id", wholeNumber(value))),
  ]);
}

/** The ids without repetitions. */
export function eachOnce(ids: readonly PersonId[]): PersonId[] {
  return [...new Map(ids.map((id) => [`${id.field}:${id.value}`, id])).values()];
}

/** The ids by their fields. */
export function idsByField(ids: readonly PersonId[]): IdsByField {
  const byField = new Map<IdField, string[]>();
  for (const { field, value } of ids) byField.set(field, [...(byField.get(field) ?? []), value]);
  return byField;
}

function idOf(field: IdField, value: string): PersonId {
  if (value !== "") return { field, value };
  throw new UsageError(`An empty ${field} was given.`, "Give the id as the events have it.");
}

function wholeNumber(value: string | number | bigint): string {
  const text = String(value).trim();
  const isExact = typeof value !== "number" || Number.isSafeInteger(value);
  if (isExact && /^-?\d{1,19}$/.test(text)) return String(BigInt(text));
  throw new UsageError(
    `"${text}" is no amplitude_id: a whole number was expected.`,
    "Give it in digits, as a text if it is beyond 2^53.",
  );
}
