import fc from "fast-check";
import { afterAll, describe, test } from "vitest";
import {
  type ActiveUsersOptions,
  activeUsers,
  type RollingActiveUsersOptions,
  rollingActiveUsers,
} from "../../src/analyses/active-users.js";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import { type LifecycleOptions, lifecycle } from "../../src/analyses/lifecycle.js";
import { type StickinessOptions, stickiness } from "../../src/analyses/stickiness.js";
import { expectAsReference } from "./against-reference.js";
import { type DataSet, dataSet, PROPERTIES } from "./generate-events.js";
import { analysisOptions, eventChoice } from "./generate-options.js";
import { MadeSources } from "./made-source.js";
import * as plainActiveUsers from "./reference/active-users.js";
import { lifecycle as plainLifecycle } from "./reference/lifecycle.js";
import { stickiness as plainStickiness } from "./reference/stickiness.js";

const sources = new MadeSources();
afterAll(() => sources.close());

/** A range ends no later than the data. */
const sets = dataSet.map((set): DataSet => {
  const { until, dataUntil } = set.setting;
  return { ...set, setting: { ...set.setting, until: until < dataUntil ? until : dataUntil } };
});
const groupBy = fc.oneof(
  fc.constantFrom(...PROPERTIES),
  fc.uniqueArray(fc.constantFrom(...PROPERTIES), { maxLength: 2 }),
);
const history = fc.constantFrom("0d", "30d", "60d", "9w", "1441h");

function options<Own extends object>(own: fc.Arbitrary<Own>) {
  return (set: DataSet) => fc.tuple(analysisOptions(set), own).map(([all, more]) => ({ ...all, ...more }));
}

function withEvent<Own extends object>(own: fc.Arbitrary<Own>) {
  return (set: DataSet) => fc.record({ event: eventChoice, options: options(own)(set) });
}

describe("as the reference does", { timeout: 600_000 }, () => {
  test("activeUsers", async () => {
    const interval = fc.constantFrom("hour", "day", "week", "month", "quarter");
    const own: fc.Arbitrary<ActiveUsersOptions<string>> = fc.record(
      { interval, groupBy, history, rolling: fc.constantFrom(1, 2, 3, 30) },
      { requiredKeys: [] },
    );
    await expectAsReference(sources, options(own), activeUsers, plainActiveUsers.activeUsers, { sets });
  });

  test("rollingActiveUsers", async () => {
    const own: fc.Arbitrary<RollingActiveUsersOptions<string>> = fc.record({ groupBy }, { requiredKeys: [] });
    await expectAsReference(
      ...([
        sources,
        options(own),
        rollingActiveUsers,
        plainActiveUsers.rollingActiveUsers,
        { sets },
      ] as const),
    );
  });

  test("lifecycle", async () => {
    const own: fc.Arbitrary<LifecycleOptions> = fc.record(
      { interval: fc.constantFrom("day", "week", "month"), history },
      { requiredKeys: [] },
    );
    await expectAsReference(
      sources,
      withEvent(own),
      (source, { event, options }: { event: EventChoice; options: LifecycleOptions }) =>
        lifecycle(source, event, options),
      (events, setting, { event, options }) => plainLifecycle(events, setting, event, options),
      { sets },
    );
  });

  test("stickiness", async () => {
    const own: fc.Arbitrary<StickinessOptions<string>> = fc.record(
      { interval: fc.constantFrom("week", "month"), groupBy },
      { requiredKeys: [] },
    );
    await expectAsReference(
      sources,
      withEvent(own),
      (source, { event, options }: { event: EventChoice; options: StickinessOptions<string> }) =>
        stickiness(source, event, options),
      (events, setting, { event, options }) => plainStickiness(events, setting, event, options),
      { sets },
    );
  });
});
