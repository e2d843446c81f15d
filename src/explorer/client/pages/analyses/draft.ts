import type { AnalysisDefinition, AnalysisName } from "../../../../index.js";

/** An event as analyses take it, always written out. */
export interface Choice {
  readonly event: string | readonly string[];
  readonly filters?: readonly Filter[] | undefined;
}

/** A condition on a property. */
export interface Filter {
  readonly property: string;
  readonly op?: string | undefined;
  readonly value?: unknown;
}

/** A definition while it is built: the server checks it. */
export type Draft = { readonly analysis: AnalysisName } & { readonly [part: string]: unknown };

/** The analyses that the page builds, in the order of its tabs, with what they answer. */
export const ANALYSES: readonly {
  readonly name: AnalysisName;
  readonly title: string;
  readonly says: string;
}[] = [
  { name: "segmentation", title: "Segmentation", says: "How often, by how many, over time" },
  { name: "funnel", title: "Funnel", says: "How many go from step to step" },
  { name: "retention", title: "Retention", says: "Who comes back, and when" },
  { name: "sessions", title: "Sessions", says: "How many visits, how long" },
  { name: "lifecycle", title: "Lifecycle", says: "New, current, resurrected and dormant users" },
  { name: "paths", title: "Paths", says: "What people do after an event, or before it" },
  { name: "stickiness", title: "Stickiness", says: "On how many days of a week people come" },
  { name: "activeUsers", title: "Active users", says: "Active and new users over time" },
  { name: "composition", title: "Composition", says: "Users by a property's value" },
  { name: "distribution", title: "Distribution", says: "How a property's numbers are spread" },
  { name: "engagement", title: "Engagement", says: "How often each user did an event" },
  { name: "revenue", title: "Revenue", says: "Revenue and paying users over time" },
  { name: "lifetimeValue", title: "Lifetime value", says: "What new users come to spend" },
];

/** What an analysis is before anything was chosen, with the lake's most frequent event types. */
export function draftOf(analysis: AnalysisName, top: readonly string[], before?: Draft): Draft {
  const events = eventsIn(before).filter(({ event }) => event !== "_new");
  const first = events[0] ?? { event: top[0] ?? "_active" };
  const own: Readonly<Record<string, object>> = {
    segmentation: { events: events.length > 0 ? events : [first] },
    funnel: {
      steps:
        events.length > 1
          ? events
          : [first, { event: top.find((name) => name !== first.event) ?? "_active" }],
    },
    lifecycle: { event: { event: "_active" } },
    stickiness: { event: { event: "_active" } },
    paths: { event: first },
    composition: { property: "platform" },
    distribution: { event: first, property: "" },
    engagement: { event: first },
  };
  const kept = Object.fromEntries(
    ["segments", "timeZone", "last"].flatMap((key) =>
      before?.[key] === undefined ? [] : [[key, before[key]]],
    ),
  );
  return { analysis, ...own[analysis], ...kept };
}

/** The draft that a URL's text holds; undefined if it holds none. */
export function readDraft(text: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The draft as the server is asked for it, without what is empty. */
export function definitionOf(draft: Draft): AnalysisDefinition {
  const given = Object.entries(draft).filter(
    ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
  // Whatever a URL held is checked by the server, which says in words what is wrong.
  return Object.fromEntries(given) as unknown as AnalysisDefinition;
}

/** `draft` with a part changed; undefined takes it out. */
export function withPart(draft: Draft, part: string, value: unknown): Draft {
  const { [part]: _, ...rest } = draft;
  return value === undefined ? { ...rest, analysis: draft.analysis } : { ...draft, [part]: value };
}

/** An event choice, written out. */
export function choiceOf(value: unknown): Choice | undefined {
  if (typeof value === "string") return { event: value };
  return isChoice(value) ? value : undefined;
}

/** Event choices, written out. */
export function choicesOf(value: unknown): Choice[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => choiceOf(one) ?? []);
}

/** A list of texts, of one text or several. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string");
}

function eventsIn(draft: Draft | undefined): Choice[] {
  if (draft === undefined) return [];
  return ["events", "steps", "event", "start"].flatMap((part) => choicesOf(draft[part])).slice(0, 5);
}

function isDraft(value: unknown): value is Draft {
  return isRecord(value) && ANALYSES.some(({ name }) => name === value.analysis);
}

function isChoice(value: unknown): value is Choice {
  return isRecord(value) && (typeof value.event === "string" || Array.isArray(value.event));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
