import { type AskRequest, ask } from "./ask.js";
import { type DownloadEffects, REAL_EFFECTS } from "./effects.js";

/** An event type as Amplitude's Events List API tells it. */
export interface ListedEvent {
  /** As it stands in events. */
  readonly name: string;
  /** True if it is marked inactive: it makes nobody an active user. */
  readonly inactive: boolean;
  /** True if it is hidden from charts. */
  readonly hidden: boolean;
  readonly deleted: boolean;
}

/** An answer, or how it is none: a part of a sentence, without what stands in it. */
export type EventListAnswer = { readonly value: readonly ListedEvent[] } | { readonly found: string };

/** The event types of a project; the endpoint is that of `eventListEndpoint`. Throws as `ask` does. */
export async function askEventList(
  request: AskRequest,
  effects: DownloadEffects = REAL_EFFECTS,
): Promise<readonly ListedEvent[]> {
  const question = {
    query: "",
    words: {
      what: "its event types",
      api: "Dashboard REST API",
      pace: "It takes five requests at a time, and so many an hour.",
      undone: "nothing was changed",
    },
    expected: "a list of event types",
    otherwise: "Nothing was changed.",
    read: readEventList,
  };
  return ask(question, request, effects);
}

/**
 * Reads the body of a 200: `{data: [{value, non_active, hidden, deleted, …}]}`, `value` being the name in the events.
 * Source: https://amplitude.com/docs/apis/analytics/dashboard-rest
 */
export function readEventList(body: string): EventListAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return { found: body === "" ? "nothing" : "text that is not JSON" };
  }
  const list = field(answer, "data");
  if (!Array.isArray(list)) return { found: "JSON without a list data" };
  const events: ListedEvent[] = [];
  for (const [i, entry] of list.entries()) {
    const name = field(entry, "value") ?? field(entry, "name");
    const inactive = field(entry, "non_active");
    if (typeof name !== "string") return { found: `a list whose entry ${i + 1} has no value` };
    if (typeof inactive !== "boolean") return { found: `a list whose entry ${i + 1} has no non_active` };
    const [hidden, deleted] = [field(entry, "hidden") === true, field(entry, "deleted") === true];
    events.push({ name, inactive, hidden, deleted });
  }
  return { value: events };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
