import type { QueryOptions } from "../engine/engine.js";
import { nearestName } from "./nearest-name.js";

/** A name or a range that was asked for and that no event has: what is empty, zero or `(none)` is so for that. */
export interface UnknownName {
  readonly kind: "event" | "property" | "value" | "range";
  /** Of a value its property, of a range its first and last day. */
  readonly name: string;
  /** Of a value: itself, as text. */
  readonly value?: string;
  /** Of a property or value: the event types that do not have it; null if none has. */
  readonly of: readonly string[] | null;
  /** What is spelt most like it, or has that name elsewhere, null if nothing is near; of a range, what days are held. */
  readonly nearest: string | null;
  /** The same as a sentence or two. */
  readonly text: string;
}

/** How a frame looks for unknown names. */
export interface WarningOptions extends QueryOptions {
  /** True: not where it means to fetch the event types of a whole bucket; there are no warnings then. Default false. */
  readonly quickly?: boolean | undefined;
}

/** The event type `name`, which is not among `events`; `when` says of what time they are. */
export function unknownEvent(name: string, events: readonly string[], when = ""): UnknownName {
  const nearest = nearestName(name, events) ?? null;
  const hint = nearest === null ? "`ampframe events` lists the event types." : didYouMean(nearest);
  return {
    ...{ kind: "event", name, of: null, nearest },
    text: `No event of type ${JSON.stringify(name)} was found${when}. ${hint}`,
  };
}

/** The platform `name`, which is not among `platforms`: those that events have. */
export function unknownPlatform(name: string, platforms: readonly string[]): UnknownName {
  const nearest = nearestName(name, platforms) ?? null;
  const shown = platforms.map((one) => JSON.stringify(one)).join(", ") || "none";
  const hint = nearest === null ? `The platforms are ${shown}.` : didYouMean(nearest);
  return {
    ...{ kind: "value", name: "platform", value: name, of: null, nearest },
    text: `No event has platform ${JSON.stringify(name)}. ${hint}`,
  };
}

/** The question for the name that is near. */
export function didYouMean(nearest: string): string {
  return `Did you mean ${nearest.startsWith('"') ? nearest : JSON.stringify(nearest)}?`;
}
