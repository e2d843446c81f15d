import fc from "fast-check";
import { expect, test } from "vitest";
import { areAlike, chosenEvents } from "../../src/analyses/event-choice-sql.js";
import { FunnelAttempts } from "../../src/analyses/funnel-attempts.js";
import { runs } from "./alike.js";
import { made } from "./made-events.js";
import { Attempts, windowOf } from "./reference/attempts.js";
import { choiceOf, matches } from "./reference/events.js";

const DAY = 86_400;
/** Letters are event types; x is of no step. `ab` is either. */
const step = fc.constantFrom("a", "b", "c", "d", "ab", "_all", "_active");
const choice = (text: string) => (/^[ab]{2}$/.test(text) ? { event: [...text] } : text);

const asked = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  order: fc.constantFrom("this order", "any order", "exact order"),
  window: fc.constantFrom(1, 3, 10, 2 * DAY),
  inactive: fc.constantFrom([], ["b"]),
  events: fc.array(fc.tuple(fc.constantFrom(..."aabbcdx"), fc.integer({ min: 0, max: 12 })), {
    maxLength: 14,
    size: "max",
  }),
  /** In `any order` the times lie a fifth of a day apart. */
  exclusions: fc.array(
    fc.tuple(
      fc.constantFrom("x", "b", "_all"),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
    ),
    { maxLength: 2 },
  ),
  entries: fc.integer({ min: 1, max: 2 }),
});

/** Both ways of counting, by the plain search through all attempts and by ours, in one object used again. */
test("attempts are those that trying all of them finds", () => {
  fc.assert(
    fc.property(asked, ({ steps, order, window, inactive, events, exclusions, entries }) => {
      const scale = order === "any order" ? DAY / 5 : 1;
      const start = Date.parse("2026-01-05T00:00:00Z") / 1000;
      const plain = events
        .map(([type, time]) => made(type, new Date((start + time * scale) * 1000).toISOString()))
        .sort((a, b) => Number(a.event_time - b.event_time));
      const exclude = exclusions
        .filter(([, after, length]) => after + length <= steps.length)
        .map(([event, after, length]) => ({ event, after, before: after + length }));
      const choices = steps.map((text) => choiceOf(choice(text)));
      const options = { order, window: `${window}s`, inactive, exclude } as const;
      const expected = new Attempts(plain, choices, options);

      const ours = steps.map((text) => chosenEvents(choice(text)));
      const attempts = new FunnelAttempts({
        order,
        window: Number(windowOf(options.window, order) / 1_000_000n),
        alike: ours.map((one) =>
          ours.reduce((bits, other, i) => (one === other || areAlike(one, other, inactive) ? bits | (1 << i) : bits), 0),
        ),
        exclusions: exclude.map(({ after, before }) => ({ after: after - 1, before: before - 1 })),
      });
      const bits = [...choices, ...exclude.map(({ event }) => choiceOf(event))];
      const places = new Set<number>();
      const times = new Set<bigint>();
      attempts.add(1, -1);
      attempts.clear();
      for (const event of plain) {
        const mask = bits.reduce((all, one, i) => (matches(event, one, inactive) ? all | (1 << i) : all), 0);
        const place = attempts.add(Number(event.event_time / 1_000_000n), mask);
        // Some of the events of step 1 are not in the range.
        if ((mask & 1) === 0 || place % entries !== 0) continue;
        places.add(place);
        times.add(event.event_time);
      }
      const inSeconds = (attempt: readonly bigint[]) => attempt.map((time) => Number(time / 1_000_000n));
      attempts.begin();
      expect(attempts.each([...places]).map(([, found]) => found)).toEqual(expected.each([...times]).map(inSeconds));
      attempts.begin();
      if (places.size > 0) expect(attempts.best([...places])[1]).toEqual(inSeconds(expected.best([...times]) ?? []));
    }),
    { numRuns: runs(1500) },
  );
}); // biome-ignore format: short enough
