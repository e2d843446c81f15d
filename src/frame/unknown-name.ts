import type { QueryOptions } from "../engine/engine.js";
import { nearestName } from "./nearest-name.js";

/** A name that was asked for and that no event of the lake has: what is empty, zero or `(none)` is so for that. */
export interface UnknownName {
  readonly kind: "event" | "property";
  readonly name: string;
  /** Of a property: the event types that do not have it; null if none has. */
  readonly of: readonly string[] | null;
  /** What is spelt most like it, or has that name elsewhere; null if nothing is near. */
  readonly nearest: string | null;
  /** The same as a sentence or two. */
  readonly text: string;
}

/** How a frame looks for unknown names. */
export interface WarningOptions extends QueryOptions {
  /** True: not where it means to fetch the event types of a whole bucket; there are no warnings then. Default false. */
  readonly quickly?: boolean | undefined;
}

/** What is to be said of the event type `name` where `events` are all that there are. */
export function unknownEvent(name: string, events: readonly string[]): UnknownName {
  const nearest = nearestName(name, events) ?? null;
  const hint = nearest === null ? "`ampframe events` lists the event types." : didYouMean(nearest);
  return {
    ...{ kind: "event", name, of: null, nearest },
    text: `No event of type ${JSON.stringify(name)} was found. ${hint}`,
  };
}

/** The question for the name that is near. */
export function didYouMean(nearest: string): string {
  return `Did you mean ${nearest.startsWith('"') ? nearest : JSON.stringify(nearest)}?`;
}
