import type { QueryOptions } from "../engine/engine.js";
import { nearestName } from "../frame/nearest-name.js";
import type { AnalysisDefinition } from "./definition.js";
import type { EventChoice } from "./event-choice.js";
import { chosenEvents, startEvents } from "./event-choice-sql.js";

/** A lake that is asked in SQL. */
export interface AskedLake {
  query(
    sql: string,
    params: undefined,
    options: QueryOptions,
  ): Promise<{ rows(options: QueryOptions): AsyncIterable<Record<string, unknown>> }>;
}

/** An event type that a definition names and a lake does not have. */
export interface UnknownEventType {
  readonly name: string;
  /** The one of the lake that is spelt most like it; null if none is near. */
  readonly nearest: string | null;
}

/**
 * The event types that `definition` names and that do not occur in the lake: analyses give zeros for them, since an event type
 * may well be one that is yet to come. Reads the column `event_type` of all events. Throws QueryError, CancelledError.
 */
export async function unknownEventTypes(
  lake: AskedLake,
  definition: AnalysisDefinition,
  options: QueryOptions = {},
): Promise<UnknownEventType[]> {
  const named = [...new Set(namedIn(definition))];
  if (named.length === 0) return [];
  const frame = await lake.query("SELECT DISTINCT event_type FROM events", undefined, options);
  const known: string[] = [];
  for await (const { event_type } of frame.rows(options)) known.push(String(event_type));
  return named
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, nearest: nearestName(name, known) ?? null }));
}

function namedIn(definition: AnalysisDefinition): readonly string[] {
  const choices: readonly EventChoice[] = [
    ...("events" in definition ? [definition.events].flat() : []),
    ...("steps" in definition && Array.isArray(definition.steps) ? definition.steps : []),
    ...("event" in definition && definition.event !== undefined ? [definition.event] : []),
    ...("return" in definition && definition.return !== undefined ? [definition.return] : []),
  ];
  const starts = "start" in definition && definition.start !== undefined ? [definition.start] : [];
  return [...choices.map(chosenEvents), ...starts.map((choice) => startEvents(choice).start)].flatMap(
    ({ types }) => types,
  );
}
