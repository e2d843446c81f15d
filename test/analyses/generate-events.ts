import fc from "fast-check";
import type { MergedId } from "../../src/analyses/identity.js";
import { at } from "./made-events.js";
import type { PlainEvent, Setting } from "./reference/plain-event.js";

/** Events to analyse, with a range that lies among them, sometimes by a frame that leaves some out. */
export interface DataSet {
  readonly events: readonly PlainEvent[];
  readonly setting: Setting;
  readonly timeZone: string;
  /** Some of the ids merged: chains, circles, ids that do not occur, two merges of one. */
  readonly merges: readonly MergedId[];
}

/** The event types that occur. */
export const EVENT_TYPES = ["a", "b", "c", "ping"] as const;
/** The properties that occur, as filters and groups name them. */
export const PROPERTIES = [
  "kind",
  "price",
  "event_properties.tags",
  "user_properties.plan",
  "country",
  "session_id",
] as const;

/** Days of the time zones, those with 23 and 25 hours among them, and the instants at which these begin. */
const DAYS: readonly (readonly [timeZone: string, starts: readonly string[]])[] = [
  ["Europe/Berlin", ["2026-03-27T23:00:00", "2026-03-28T23:00:00", "2026-03-29T22:00:00", "2026-03-30T22:00:00"]],
  ["Europe/Berlin", ["2026-10-23T22:00:00", "2026-10-24T22:00:00", "2026-10-25T23:00:00", "2026-10-26T23:00:00"]],
  ["America/New_York", ["2026-03-07T05:00:00", "2026-03-08T05:00:00", "2026-03-09T04:00:00", "2026-03-10T04:00:00"]],
  ["America/New_York", ["2026-10-31T04:00:00", "2026-11-01T04:00:00", "2026-11-02T05:00:00", "2026-11-03T05:00:00"]],
  ["UTC", ["2025-12-30T00:00:00", "2025-12-31T00:00:00", "2026-01-01T00:00:00", "2026-01-02T00:00:00"]],
]; // biome-ignore format: a table

const SECOND = 1_000_000n;
const HOUR = 3_600n * SECOND;
const DAY = 24n * HOUR;

/** From a day's start: hours, those in which clocks change among them, and the ends of windows of 30 s, 1 h and 1 d. */
const STEPS = [
  0n,
  0n,
  0n,
  SECOND,
  30n * SECOND,
  HOUR,
  HOUR + 30n * SECOND,
  2n * HOUR,
  3n * HOUR,
  7n * HOUR,
  12n * HOUR,
  DAY - HOUR,
  DAY,
];
/** Ties of a microsecond, millisecond and second, and just before and after each. */
const JITTER = [0n, 0n, 0n, 1n, 999n, 1_000n, 400_000n, 999_999n, SECOND, -1n, -1_000n];

const kind = fc.constantFrom(
  '"x"',
  '"X y"',
  '"x/y"',
  '""',
  "1",
  "1.0",
  '"1"',
  "true",
  "null",
  '["x"]',
  '["x","1"]',
  '["x","x",null]',
  "[]",
  '{"k":1}',
);
const price = fc.constantFrom(
  "0",
  "-5",
  "10",
  "10.0",
  "2.25",
  '"10"',
  '"ten"',
  "null",
  "[1,2.5]",
  "12345678901234567890",
);
const tags = fc.constantFrom('["red","blue"]', '["red"]', '["blue","red"]', '"red"', "[]", "null");
const plan = fc.constantFrom('"free"', '"pro"', "null");

/** Mostly as many as a brute-force reference can stand. */
function someEvents(times: readonly bigint[]): fc.Arbitrary<Omit<PlainEvent, "uuid">[]> {
  const event = eventAt(times);
  return fc.oneof(
    { weight: 1, arbitrary: fc.array(event, { maxLength: 4 }) },
    { weight: 4, arbitrary: fc.array(event, { minLength: 5, maxLength: 16, size: "max" }) },
  );
}

/** Some of the properties as a JSON object. */
function object(members: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  return fc
    .tuple(...Object.entries(members).map(([key, value]) => fc.option(value.map((json) => `${JSON.stringify(key)}:${json}`), { freq: 4 })))
    .map((pairs) => `{${pairs.filter((pair) => pair !== null).join(",")}}`);
} // biome-ignore format: short enough

const USER_IDS = [null, null, "ann", "bob"] as const;

/** An event without its uuid, at one of `times`. */
function eventAt(times: readonly bigint[]): fc.Arbitrary<Omit<PlainEvent, "uuid">> {
  return fc
    .record({
      event_type: fc.constantFrom(...EVENT_TYPES, "a", "b"),
      time: fc.constantFrom(...times),
      jitter: fc.constantFrom(...JITTER),
      late: fc.constantFrom(0n, 0n, SECOND, DAY, 40n * DAY),
      amplitude_id: fc.constantFrom(1n, 1n, 1n, 2n, 2n, 3n, 4n),
      user_id: fc.constantFrom(...USER_IDS),
      device_id: fc.constantFrom("phone", "phone", "laptop", null),
      session_id: fc.constantFrom(-1n, 1_767_222_000_000n, 1_767_225_600_000n, null),
      platform: fc.constantFrom("iOS", "Web", null),
      country: fc.constantFrom("DE", "AT", null),
      event_properties: object({ kind, price, tags }),
      user_properties: object({ plan }),
    })
    .map(({ time, jitter, late, ...event }) => ({
      ...event,
      event_time: time + jitter,
      client_event_time: late === 0n ? null : time,
      server_upload_time: time + jitter + late,
    }));
}

const merges: fc.Arbitrary<readonly MergedId[]> = fc.array(
  fc.record({
    amplitude_id: fc.constantFrom(1, 2, 3, 4, 9),
    merged_amplitude_id: fc.constantFrom(1n, 2n, 3n, 4n, 5n),
    merge_server_time: fc.option(fc.constantFrom(0, 10, 20), { nil: undefined }),
  }),
  { maxLength: 4 },
);

/**
 * A few events of a few users around days on which something happens. Many are in one second, or at the very end of a window, an
 * hour, a day, the range or the data. Also none at all, or all of one user.
 */
export const dataSet: fc.Arbitrary<DataSet> = fc.constantFrom(...DAYS).chain(([timeZone, starts]) => {
  const days = starts.map(at);
  const first = days[0] ?? 0n;
  const [, second = first, third = first, fourth = first] = days;
  return fc
    .record({
      times: fc.array(
        fc
          .tuple(fc.constantFrom(...days, first, second, second, third), fc.constantFrom(...STEPS))
          .map(([day, step]) => day + step),
        { minLength: 1, maxLength: 5 },
      ),
      from: fc.constantFrom(first, first, first, second, first + 7n * HOUR),
      until: fc.constantFrom(fourth, fourth, fourth, third, first + DAY + 12n * HOUR + 1n),
      dataUntil: fc.constantFrom(60n * DAY, 60n * DAY, 60n * DAY, 3n * DAY, 2n * DAY + HOUR),
      hides: fc.constantFrom(0, 0, 0, 0, 2, 3),
      oneUser: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      merges,
    })
    .chain(({ times, from, until, dataUntil, hides, oneUser, merges }) =>
      someEvents(times).map((made): DataSet => {
        // Not in the order of the events, so that ties are not by luck in order.
        const all = made.map((event, i) => ({
          uuid: `u${String((i * 71) % 97).padStart(2, "0")}`,
          ...event,
          ...(oneUser ? { amplitude_id: 1n } : {}),
        }));
        const isHidden = (i: number) => hides > 0 && i % hides === 0;
        return {
          events: all.filter((_, i) => !isHidden(i)),
          // A date range ends with the data at the latest: AnalysisInput cuts it.
          setting: {
            from,
            until: until < first + dataUntil ? until : first + dataUntil,
            dataFrom: first - 60n * DAY,
            dataUntil: first + dataUntil,
            hidden: all.filter((_, i) => isHidden(i)),
          },
          timeZone,
          merges,
        };
      }),
    );
});
