import type { AnalysisName } from "../../../../index.js";

/** One part of a definition as it is asked for. */
export type FormField =
  | { readonly kind: "events"; readonly part: string; readonly label: string; readonly letters: boolean }
  | {
      readonly kind: "event";
      readonly part: string;
      readonly label: string;
      /** What stands there when nothing is chosen. */
      readonly fallback?: string | undefined;
      readonly special: readonly string[];
    }
  | { readonly kind: "measure"; readonly part: "measure"; readonly label: string }
  | { readonly kind: "property"; readonly part: string; readonly label: string; readonly optional: boolean }
  | { readonly kind: "groupBy"; readonly part: "groupBy"; readonly label: string }
  | {
      readonly kind: "choice";
      readonly part: string;
      readonly label: string;
      readonly options: readonly (readonly [value: string, title: string])[];
    }
  | { readonly kind: "text"; readonly part: string; readonly label: string; readonly example: string }
  | {
      readonly kind: "number";
      readonly part: string;
      readonly label: string;
      readonly example: string;
      /** What the number counts, to stand behind it. */
      readonly unit?: string;
    }
  | { readonly kind: "switch"; readonly part: string; readonly label: string }
  | { readonly kind: "segments"; readonly part: "segments"; readonly label: string };

const same = (...values: string[]): [string, string][] => values.map((value) => [value, value]);
const interval = (...values: string[]): FormField => ({
  kind: "choice",
  part: "interval",
  label: "By",
  options: same(...values),
});
const INTERVAL = interval("day", "hour", "week", "month", "quarter");
const SHORT_INTERVAL = interval("day", "week", "month");
const GROUP_BY: FormField = { kind: "groupBy", part: "groupBy", label: "Group by" };
const SEGMENTS: FormField = { kind: "segments", part: "segments", label: "Segments" };
const ANY = ["_active", "_all"];
const event = (label = "Event", part = "event"): FormField => ({ kind: "event", part, label, special: ANY });
const property = (optional: boolean): FormField => ({
  kind: "property",
  part: "property",
  label: "Property",
  optional,
});

/** What each analysis asks, in order. */
export const FORMS: { readonly [Name in AnalysisName]?: readonly FormField[] } = {
  segmentation: [
    { kind: "events", part: "events", label: "Events", letters: true },
    { kind: "measure", part: "measure", label: "Measured as" },
    { kind: "text", part: "formula", label: "Formula", example: "%:UNIQUES(B) / UNIQUES(A)" },
    INTERVAL,
    GROUP_BY,
    { kind: "number", part: "rolling", label: "Rolling window", example: "7", unit: "intervals" },
    { kind: "number", part: "compare", label: "Compare with", example: "7", unit: "intervals ago" },
    SEGMENTS,
  ],
  funnel: [
    { kind: "events", part: "steps", label: "Steps", letters: false },
    {
      kind: "choice",
      part: "order",
      label: "Order",
      options: same("this order", "any order", "exact order"),
    },
    {
      kind: "choice",
      part: "window",
      label: "Within",
      options: [
        ["", "1 day"],
        ["15m", "15 minutes"],
        ["1h", "1 hour"],
        ["7d", "7 days"],
        ["14d", "14 days"],
        ["30d", "30 days"],
      ],
    },
    { kind: "choice", part: "count", label: "Count", options: same("uniques", "totals") },
    { kind: "property", part: "holdConstant", label: "Hold constant", optional: true },
    GROUP_BY,
    {
      kind: "choice",
      part: "interval",
      label: "Over time",
      options: [["", "the whole range"], ...same("day", "week", "month")],
    },
    SEGMENTS,
  ],
  retention: [
    { kind: "event", part: "start", label: "Begins with", fallback: "_new", special: ["_new", ...ANY] },
    { kind: "event", part: "return", label: "Comes back with", fallback: "_active", special: ANY },
    { kind: "choice", part: "method", label: "Return", options: same("on", "on or after") },
    SHORT_INTERVAL,
    {
      kind: "choice",
      part: "mode",
      label: "Days are",
      options: [
        ["rolling", "24 hours each"],
        ["calendar", "calendar days"],
      ],
    },
    { kind: "number", part: "intervals", label: "Up to", example: "30", unit: "intervals" },
    GROUP_BY,
    SEGMENTS,
  ],
  sessions: [
    INTERVAL,
    {
      kind: "choice",
      part: "lengthFrom",
      label: "Length from",
      options: same("first event", "session_id"),
    },
    GROUP_BY,
    SEGMENTS,
  ],
  lifecycle: [event(), SHORT_INTERVAL, SEGMENTS],
  paths: [
    event("From"),
    { kind: "choice", part: "direction", label: "Direction", options: same("starting with", "ending with") },
    { kind: "number", part: "steps", label: "Steps", example: "4" },
    { kind: "number", part: "top", label: "Events by name", example: "5" },
    {
      kind: "choice",
      part: "window",
      label: "Within",
      options: [
        ["", "1 day"],
        ["session", "the session"],
        ["1h", "1 hour"],
        ["7d", "7 days"],
      ],
    },
    { kind: "choice", part: "count", label: "Count", options: same("uniques", "totals") },
    { kind: "switch", part: "collapse", label: "Repeats as one" },
    SEGMENTS,
  ],
  stickiness: [event(), interval("week", "month"), GROUP_BY, SEGMENTS],
  activeUsers: [
    INTERVAL,
    { kind: "number", part: "rolling", label: "Rolling window", example: "7", unit: "intervals" },
    GROUP_BY,
    SEGMENTS,
  ],
  composition: [
    property(false),
    { kind: "choice", part: "values", label: "Values", options: same("most recent", "all") },
    { kind: "number", part: "top", label: "Values by name", example: "10" },
    SEGMENTS,
  ],
  distribution: [event(), property(false), GROUP_BY, SEGMENTS],
  engagement: [
    event(),
    { kind: "choice", part: "count", label: "Count", options: same("times", "days") },
    GROUP_BY,
    SEGMENTS,
  ],
  revenue: [INTERVAL, GROUP_BY, SEGMENTS],
  lifetimeValue: [SHORT_INTERVAL, GROUP_BY, SEGMENTS],
};
