import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FunnelOptions } from "../../../src/analyses/funnel.js";
import { runs } from "../alike.js";
import { type DataSet, dataSet } from "../generate-events.js";
import * as generate from "../generate-options.js";
import { alike } from "./alike.js";
import { windowOf } from "./attempts.js";
import { byUser, choiceOf, eventsOfUsers, inSegment, matches, segmentsOf } from "./events.js";
import { funnel, funnelUsers } from "./funnel.js";
import { floor } from "./intervals.js";
import type { PlainEvent } from "./plain-event.js";
import { retention } from "./retention.js";
import { segmentation, segmentationTotals } from "./segmentation.js";

const RUNS = { numRuns: runs(120) };
const withOptions = <O>(options: (set: DataSet) => fc.Arbitrary<O>) =>
  dataSet.chain((set) => fc.tuple(fc.constant(set), options(set)));

/** How often something that is generated must occur, or a property says little. */
test("the data is rich in ties, and most of it lies in the range", () => {
  const sets = fc.sample(dataSet, { numRuns: 300, seed: 7 });
  const share = (holds: (set: DataSet) => boolean) => sets.filter(holds).length / sets.length;
  const seconds = ({ events }: DataSet) => events.map(({ event_time }) => floor(event_time, 1_000_000n));
  expect(share((set) => new Set(seconds(set)).size < set.events.length)).toBeGreaterThan(0.5);
  expect(share(({ events, setting }) => events.some((e) => e.event_time >= setting.from && e.event_time < setting.until))).toBeGreaterThan(0.5);
  expect(share(({ events }) => events.length === 0)).toBeGreaterThan(0.01);
  expect(share(({ events, setting }) => events.some((e) => e.event_time === setting.from || e.event_time === setting.until))).toBeGreaterThan(0.1);
}); // biome-ignore format: short enough

/** For `this order` without exclusion the first way on is as good as any: how far each entry comes so. */
function furthest(events: readonly PlainEvent[], entries: readonly bigint[], steps: readonly ReturnType<typeof choiceOf>[], options: FunnelOptions<string>): number {
  const unit = options.resolution === "millisecond" ? 1_000n : 1_000_000n;
  const window = windowOf(options.window ?? "1d", "this order");
  let best = 0;
  for (const entry of entries) {
    const times = [entry];
    for (const [i, step] of steps.entries()) {
      if (i === 0) continue;
      const next = events
        .filter((event) => matches(event, step, options.inactive))
        .map(({ event_time }) => floor(event_time, unit))
        .filter((time) => time >= times[i - 1]! && steps.every((other, j) => j >= i || !alike(other, step, [options.inactive ?? []].flat()) || times[j]! < time))
        .sort((a, b) => (a < b ? -1 : 1))[0];
      if (next === undefined || next - entry > window) break;
      times.push(next);
    }
    best = Math.max(best, times.length);
  }
  return best;
} // biome-ignore format: short enough

describe("funnel", () => {
  const cases = fc.tuple(withOptions(generate.funnelOptions), generate.steps);

  test("without exclusion, in this order, a user comes as far as by always taking the first way on", () => {
    fc.assert(
      fc.property(cases, ([[{ events, setting }, generated], steps]) => {
        const options = { ...generated, order: "this order", count: "uniques", exclude: [], interval: undefined, holdConstant: undefined } as const;
        const { all, userOf } = eventsOfUsers(events, setting, options);
        const unit = options.resolution === "millisecond" ? 1_000n : 1_000_000n;
        const choices = steps.map(choiceOf);
        const found = new Map(funnelUsers(events, setting, steps, options).map((user) => [`${user.segment} ${user.user}`, user.steps.length]));
        for (const [name, segment] of segmentsOf(options)) {
          for (const [user, own] of byUser(all)) {
            const entries = own
              .filter((event) => event.event_time >= setting.from && event.event_time < setting.until && inSegment({ user, event }, segment, userOf))
              .filter((event) => matches(event, choices[0]!, options.inactive))
              .map(({ event_time }) => floor(event_time, unit));
            expect(found.get(`${name} ${user}`) ?? 0).toBe(furthest(own, entries, choices, options));
          }
        }
      }),
      RUNS,
    );
  }); // biome-ignore format: short enough

  test("nobody comes to a step who did not come to the one before; the stricter order has no more", () => {
    const users = ([{ events, setting }]: readonly [DataSet, unknown], steps: Parameters<typeof funnel>[2], options: FunnelOptions<string>) =>
      funnel(events, setting, steps, { ...options, groupBy: undefined }).map((row) => row.users);
    fc.assert(
      fc.property(cases, ([set, steps]) => {
        const [, generated] = set;
        const rows = funnel(set[0].events, set[0].setting, steps, generated);
        for (const [i, row] of rows.entries()) {
          if (row.step > 1) expect(row.users).toBeLessThanOrEqual(rows[i - 1]!.users);
        }
        const options = { ...generated, window: "2w", count: "uniques", exclude: [] } as const;
        const [exact, ordered, any] = (["exact order", "this order", "any order"] as const).map((order) => users(set, steps, { ...options, order }));
        expect(exact!.every((count, i) => count <= ordered![i]!)).toBe(true);
        expect(ordered!.every((count, i) => count <= any![i]!)).toBe(true);
      }),
      RUNS,
    );
  }); // biome-ignore format: short enough

  test("each event is in one attempt: of totals no two came to a step at once, and there are as many as uniques or more", () => {
    fc.assert(
      fc.property(cases, ([[{ events, setting }, generated], steps]) => {
        const options = { ...generated, count: "totals", interval: undefined } as const;
        const ways = funnelUsers(events, setting, steps, options);
        const places = ways.flatMap(({ segment, user, value, steps: times }) => times.map((time, i) => `${segment} ${user} ${value} ${time} ${i}`));
        expect(new Set(places).size).toBe(places.length);
        expect(ways.length).toBeGreaterThanOrEqual(funnelUsers(events, setting, steps, { ...options, count: "uniques" }).length);
      }),
      RUNS,
    );
  }); // biome-ignore format: short enough
});

test("segmentation: totals of the intervals add up, uniques are no more than that", () => {
  fc.assert(
    fc.property(withOptions(generate.segmentationOptions), generate.eventChoice, ([{ events, setting }, generated], choice) => {
      const options = { ...generated, rolling: undefined, groupBy: undefined };
      const added = (measure: "totals" | "uniques") => segmentation(events, setting, [choice], { ...options, measure }).reduce((sum: number, { value }) => sum + Number(value), 0);
      const whole = (measure: "totals" | "uniques") => segmentationTotals(events, setting, [choice], { ...options, measure }).reduce((sum: number, { value }) => sum + Number(value), 0);
      expect(added("totals")).toBe(whole("totals"));
      expect(added("uniques")).toBeGreaterThanOrEqual(whole("uniques"));
      expect(whole("totals")).toBeGreaterThanOrEqual(whole("uniques"));
    }),
    RUNS,
  );
}); // biome-ignore format: short enough

test("segmentation: a formula of a measure is the measure", () => {
  fc.assert(
    fc.property(withOptions(generate.segmentationOptions), generate.eventChoice, ([{ events, setting }, generated], choice) => {
      const values = (options: object) => segmentation(events, setting, [choice], { ...generated, ...options }).map(({ event, ...row }) => row);
      expect(values({ formula: "TOTALS(A)" })).toEqual(values({ measure: "totals" }));
      expect(values({ formula: "ROLLWIN(UNIQUES(A), 2)", rolling: undefined })).toEqual(values({ measure: "uniques", rolling: 2 }));
    }),
    RUNS,
  );
}); // biome-ignore format: short enough

test("segmentation: every formula that is generated gives numbers or null", () => {
  fc.assert(
    fc.property(withOptions(generate.segmentationOptions), generate.formula, ([{ events, setting }, options], formula) => {
      const rows = segmentation(events, setting, ["a", "_all"], { ...options, formula });
      expect(rows.every(({ value }) => value === null || Number.isFinite(value))).toBe(true);
    }),
    RUNS,
  );
}); // biome-ignore format: short enough

test("retention: on or after is on this interval or on one further on, and never grows", () => {
  fc.assert(
    fc.property(withOptions(generate.retentionOptions), ([{ events, setting }, generated]) => {
      const options = { ...generated, brackets: undefined, intervals: 3 };
      const on = retention(events, setting, { ...options, method: "on" });
      const after = retention(events, setting, { ...options, method: "on or after" });
      for (const [i, row] of after.entries()) {
        expect(row.users).toBe(on[i]!.users);
        expect(row.returned).toBeLessThanOrEqual(row.users);
        expect(row.returned).toBeGreaterThanOrEqual(on[i]!.returned);
        if (row.cohort !== null && row.interval > 0)
          expect(row.returned).toBeLessThanOrEqual(after[i - 1]!.returned);
      }
    }),
    RUNS,
  );
});

test("retention: of brackets, a single interval is that interval", () => {
  fc.assert(
    fc.property(withOptions(generate.retentionOptions), ([{ events, setting }, generated]) => {
      const options = { ...generated, method: "on" } as const;
      const brackets = [[0, 0], [1, 1], [2, 2]] as const;
      expect(retention(events, setting, { ...options, brackets })).toEqual(retention(events, setting, { ...options, brackets: undefined, intervals: 2 }));
    }),
    RUNS,
  );
}); // biome-ignore format: short enough
