import {
  activeUsers,
  cohort,
  composition,
  engagement,
  funnel,
  funnelUsers,
  lifecycle,
  lifetimeValue,
  paths,
  retention,
  revenue,
  rollingActiveUsers,
  segmentation,
  sessionLengths,
  sessions,
  stickiness,
  usageInterval,
} from "../build/index.js";

/**
 * @typedef {import("../build/index.js").AnalysisSource} AnalysisSource
 * @typedef {object} Task
 * @property {(lake: AnalysisSource) => Promise<unknown>} run
 * @property {number} [seconds] that it may take of ten million events
 */

const VIEWED = "Product Viewed";
const ORDERED = "Order Completed";
const STEPS = ["session_start", VIEWED, "Product Added", "Checkout Started", ORDERED];

/** The name under which a static cohort of all users is saved in the lake while it is measured. */
export const COHORT = "bench of all users";
/** @type {import("../build/index.js").CohortDefinition} */
export const EVERYBODY = { did: "_all" };

const COUNTRIES = ["Germany", "France", "Austria"];
const SEGMENTS = Object.fromEntries(
  COUNTRIES.map((country) => [country, { filters: [{ property: "country", value: country }] }]),
);

/** Analyses of the last thirty days, as a product manager asks for them. @type {Readonly<Record<string, Task>>} */
export const TASKS = {
  "segmentation, uniques": { seconds: 1, run: (lake) => segmentation(lake, VIEWED) },
  "segmentation by country, uniques": {
    seconds: 1,
    run: (lake) => segmentation(lake, VIEWED, { groupBy: "country" }),
  },
  "segmentation by country, uniques of any event": {
    seconds: 1,
    run: (lake) => segmentation(lake, "_active", { groupBy: "country" }),
  },
  "segmentation by country, totals": {
    seconds: 1,
    run: (lake) => segmentation(lake, VIEWED, { groupBy: "country", measure: "totals" }),
  },
  "segmentation by an event property": {
    seconds: 1,
    run: (lake) => segmentation(lake, VIEWED, { groupBy: "category" }),
  },
  "segmentation by a user property": {
    seconds: 1,
    run: (lake) => segmentation(lake, VIEWED, { groupBy: "user_properties.plan" }),
  },
  "segmentation, sum of a property by country": {
    seconds: 1,
    run: (lake) => segmentation(lake, ORDERED, { groupBy: "country", measure: { sum: "$revenue" } }),
  },
  "segmentation, percentile of a property": {
    run: (lake) => segmentation(lake, VIEWED, { measure: { percentile: "price", p: 90 } }),
  },
  "segmentation, active %": { run: (lake) => segmentation(lake, ORDERED, { measure: "active %" }) },
  "segmentation, rolling 7 days, before": {
    run: (lake) => segmentation(lake, VIEWED, { last: "20d", rolling: 7, compare: 7 }),
  },
  "segmentation of three segments": { run: (lake) => segmentation(lake, VIEWED, { segments: SEGMENTS }) },
  "funnel of five steps": { seconds: 3, run: (lake) => funnel(lake, STEPS) },
  "funnel of five steps by country": {
    seconds: 3,
    run: (lake) => funnel(lake, STEPS, { groupBy: "country" }),
  },
  "funnel of five steps, any order": {
    seconds: 3,
    run: (lake) => funnel(lake, STEPS, { order: "any order" }),
  },
  "funnel of five steps, exact order": {
    seconds: 3,
    run: (lake) => funnel(lake, STEPS, { order: "exact order" }),
  },
  "funnel of five steps, 30 days, totals": {
    seconds: 3,
    run: (lake) => funnel(lake, STEPS, { window: "30d", count: "totals" }),
  },
  "funnel of five steps by day": { seconds: 3, run: (lake) => funnel(lake, STEPS, { interval: "day" }) },
  "funnel, a property held constant": {
    run: (lake) => funnel(lake, [VIEWED, "Product Added"], { holdConstant: "product_id" }),
  },
  "funnel, who dropped out": { run: (lake) => funnelUsers(lake, STEPS, {}, { droppedOff: true }) },
  "retention of new users, 30 days": { seconds: 3, run: (lake) => retention(lake) },
  "retention of active users, 30 days": {
    seconds: 3,
    run: (lake) => retention(lake, { start: "_active" }),
  },
  "retention of an event, 30 days": {
    seconds: 3,
    run: (lake) => retention(lake, { start: VIEWED, return: ORDERED }),
  },
  "retention, on or after": { seconds: 3, run: (lake) => retention(lake, { method: "on or after" }) },
  "retention of active users, calendar days": {
    seconds: 3,
    run: (lake) => retention(lake, { start: "_active", mode: "calendar" }),
  },
  sessions: { seconds: 3, run: (lake) => sessions(lake) },
  "sessions by country": { seconds: 3, run: (lake) => sessions(lake, { groupBy: "country" }) },
  "session lengths": { seconds: 3, run: (lake) => sessionLengths(lake) },
  "active and new users": { run: (lake) => activeUsers(lake) },
  "active and new users by platform": { run: (lake) => activeUsers(lake, { groupBy: "platform" }) },
  "rolling active users": { run: (lake) => rollingActiveUsers(lake) },
  lifecycle: { run: (lake) => lifecycle(lake, "_active", { interval: "week" }) },
  stickiness: { run: (lake) => stickiness(lake, "_active") },
  "composition by platform": { run: (lake) => composition(lake, "platform") },
  "composition by a user property": { run: (lake) => composition(lake, "user_properties.plan") },
  engagement: { run: (lake) => engagement(lake, VIEWED) },
  "usage interval": { run: (lake) => usageInterval(lake, VIEWED) },
  "revenue by country": { run: (lake) => revenue(lake, { groupBy: "country" }) },
  "lifetime value": { run: (lake) => lifetimeValue(lake) },
  "lifetime value by country": { run: (lake) => lifetimeValue(lake, { groupBy: "country" }) },
  "paths after an event": { run: (lake) => paths(lake, VIEWED) },
  "paths before an event": { run: (lake) => paths(lake, ORDERED, { direction: "ending with" }) },
  "paths, totals": { run: (lake) => paths(lake, VIEWED, { count: "totals" }) },
  "paths in a session, repeats as one": {
    run: (lake) => paths(lake, VIEWED, { window: "session", collapse: true }),
  },
  "cohort by behaviour": { run: (lake) => cohort(lake, { did: VIEWED, atLeast: 3, last: "14d" }) },
  "cohort of all users": { run: (lake) => cohort(lake, EVERYBODY) },
  "segmentation of a static cohort of all": {
    run: (lake) => segmentation(lake, VIEWED, { segments: { all: { cohort: COHORT } } }),
  },
  "funnel of a static cohort of all": {
    run: (lake) => funnel(lake, STEPS, { segments: { all: { cohort: COHORT } } }),
  },
  "retention of a static cohort of all": {
    run: (lake) => retention(lake, { segments: { all: { cohort: COHORT } } }),
  },
  "segmentation, identity estimated": {
    run: (lake) => segmentation(lake, VIEWED, { identity: "estimated" }),
  },
  "funnel, identity estimated": { run: (lake) => funnel(lake, STEPS, { identity: "estimated" }) },
};
