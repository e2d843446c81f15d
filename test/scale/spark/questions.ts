import type { AnalysisDefinition } from "../../../src/index.js";

const VIEWED = {
  event: "Product Viewed",
  filters: [{ property: "price", op: "greater", value: 20 }],
} as const;
const BUYERS = {
  buyers: { filters: [{ property: "user_properties.orders", op: "greater or equal", value: 1 }] },
  others: { filters: [{ property: "country", op: "is not", value: "Germany" }] },
} as const;

/** Questions that use every analysis, and every part of the dialect. */
export const QUESTIONS: readonly AnalysisDefinition[] = [
  { analysis: "segmentation", events: ["Product Viewed", "Search"], timeZone: "Europe/Berlin" },
  { analysis: "segmentation", events: ["Product Viewed"], measure: "uniques", groupBy: ["tags", "platform"] },
  { analysis: "segmentation", events: [VIEWED], measure: "totals", segments: BUYERS, interval: "hour" },
  { analysis: "segmentation", events: ["Product Viewed"], groupBy: "price", interval: "week" },
  {
    analysis: "segmentation",
    events: ["Product Viewed", "Product Added"],
    formula: "PROPSUM(A, 'price') / UNIQUES(A) + PROPAVG(B, 'quantity') + PERCENTILE(A, 'price', 0.9)",
  },
  { analysis: "segmentation", events: ["Product Viewed"], measure: "uniques", rolling: 2, interval: "day" },
  { analysis: "segmentation", events: ["_active"], groupBy: ["location_lat", "user_properties.interests"] },
  {
    analysis: "segmentation",
    events: [
      {
        event: "Search",
        filters: [
          { property: "query", op: "contains", value: ["t", "É"] },
          { property: "query", op: "glob does not match", value: "t?a*" },
        ],
      },
      { event: "Order Completed", filters: [{ property: "products", op: "set contains", value: "x" }] },
      { event: "Product Viewed", filters: [{ property: "tags", op: "is", value: ["new", null] }] },
      {
        event: "Product Viewed",
        filters: [{ property: "name", op: "does not start with", value: "It's a \\ \"`" }],
      },
    ],
  },
  { analysis: "funnel", steps: ["Product Viewed", "Product Added", "Order Completed"], groupBy: "platform" },
  {
    analysis: "funnel",
    steps: ["Search", "Product Viewed", "Product Added"],
    order: "any order",
    window: "1d",
    count: "totals",
    exclude: [{ event: "Product Removed", after: 1, before: 3 }],
    interval: "day",
  },
  { analysis: "funnel", steps: [VIEWED, "Product Added"], holdConstant: "category", segments: BUYERS },
  { analysis: "retention", start: "_new", return: "_active", intervals: 4, groupBy: "platform" },
  {
    analysis: "retention",
    start: "Search",
    return: "Product Added",
    method: "on or after",
    mode: "calendar",
  },
  {
    analysis: "retention",
    brackets: [
      [0, 1],
      [2, 4],
    ],
    interval: "day",
    segments: BUYERS,
  },
  { analysis: "activeUsers", interval: "day", groupBy: "country" },
  { analysis: "activeUsers", interval: "month", rolling: 1, timeZone: "Asia/Kolkata" },
  { analysis: "rollingActiveUsers" },
  { analysis: "lifecycle", event: "_active", interval: "day" },
  { analysis: "stickiness", event: "Product Viewed", interval: "week", groupBy: "platform" },
  { analysis: "sessions", interval: "day", groupBy: "platform" },
  { analysis: "sessions", lengthFrom: "session_id", segments: BUYERS },
  { analysis: "sessionLengths" },
  { analysis: "composition", property: "user_properties.initial_utm_source", values: "all" },
  { analysis: "composition", property: "platform", values: "most recent" },
  { analysis: "distribution", event: "Product Viewed", property: "price", groupBy: "tags" },
  { analysis: "engagement", event: "Product Viewed", count: "days" },
  { analysis: "engagement", event: "Product Viewed", count: "times", groupBy: "platform", interval: "day" },
  { analysis: "usageInterval", event: "Product Viewed" },
  { analysis: "revenue", interval: "day", groupBy: "country" },
  { analysis: "lifetimeValue", interval: "day", intervals: 3 },
  { analysis: "paths", event: "Product Viewed", steps: 3, top: 4 },
  { analysis: "paths", event: "Product Added", direction: "ending with", collapse: true, count: "totals" },
  { analysis: "segmentation", events: ["Product Viewed"], measure: "uniques", identity: "estimated" },
];
