import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { QueryError, UsageError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;
const dir = mkdtempSync(join(tmpdir(), "ampframe-derived-"));
const at = (name: string) => join(dir, name);

/** Times of events in UTC, with the user and the session (or none) of each. */
const EVENTS: readonly (readonly [string, number, number | null, number])[] = [
  ["2026-10-24 21:59:59.999999", 1, 100, 1.5],
  ["2026-10-24 22:00:00", 1, 100, 2],
  ["2026-10-25 00:30:00", 2, null, 0],
  ["2026-10-25 01:30:00", 1, 200, 0.25],
  ["2026-10-25 01:45:00.5", 1, -1, 0],
  ["2026-10-25 22:59:59.999999", 2, null, 0],
  ["2026-10-28 12:00:00", 1, 300, 4],
];

beforeAll(async () => {
  made = await makeLake();
  const common = { server_upload_time: "'2026-10-29 00:00:00+00'", event_type: "'View'" };
  await made.add({ app: "1", day: "2026-10-29" }, [
    ...EVENTS.map(([time, user, session, lat], i) => ({
      ...common,
      uuid: `'e${i}'`,
      event_time: `'${time}+00'`,
      amplitude_id: String(user),
      user_id: `'00${user}'`,
      session_id: session === null ? "NULL" : String(session),
      event_id: String(i),
      location_lat: String(lat),
      event_properties: `'{"products":[{"sku":"a${i}"},"x",null],"n":1.50}'`,
      data: i === 0 ? "'[1,\"b\",null]'" : i === 1 ? "'[]'" : i === 2 ? "'7'" : "NULL",
    })),
    { ...common, uuid: "'none'", event_type: "'Odd'" },
  ]);
});
afterAll(async () => {
  await made.close();
  rmSync(dir, { recursive: true });
});

const plain = (rows: readonly object[]) => [...rows].map((row) => ({ ...row }));

describe("resample", () => {
  test("by day of a time zone, with the day of 25 hours and the empty ones", async () => {
    const days = made.lake
      .frame({ timeZone: "Europe/Berlin" })
      .resample("day", { sum: ["location_lat", "session_id"] });
    const rows = plain(await days.head());
    expectTypeOf(days.columns[0]!).toEqualTypeOf<
      "day" | "start" | "events" | "users" | "sum_location_lat" | "sum_session_id"
    >();
    const of = (day: string, start: string, events: bigint, users: bigint, lat: number, session: bigint) => ({
      ...{ day, start: new Date(start), events, users, sum_location_lat: lat, sum_session_id: session },
    });
    expect(rows).toEqual([
      of("2026-10-24", "2026-10-23T22:00:00Z", 1n, 1n, 1.5, 100n),
      of("2026-10-25", "2026-10-24T22:00:00Z", 5n, 2n, 2.25, 299n),
      of("2026-10-26", "2026-10-25T23:00:00Z", 0n, 0n, 0, 0n),
      of("2026-10-27", "2026-10-26T23:00:00Z", 0n, 0n, 0, 0n),
      of("2026-10-28", "2026-10-27T23:00:00Z", 1n, 1n, 4, 300n),
    ]);
  });

  test("by hour, of which the one that clocks show twice is two", async () => {
    const options = { timeZone: "Europe/Berlin", from: "2026-10-25T01", to: "2026-10-25T03" };
    const hours = await made.lake.frame(options).resample("hour").head();
    expectTypeOf(hours[0]!.hour).toEqualTypeOf<string>();
    expectTypeOf(hours[0]!.users).toEqualTypeOf<bigint>();
    expectTypeOf(hours[0]!).not.toHaveProperty("day");
    expect(hours.map(({ hour, start, events }) => [hour, start.toISOString(), events])).toEqual([
      ["2026-10-25 01:00+02:00", "2026-10-24T23:00:00.000Z", 0n],
      ["2026-10-25 02:00+02:00", "2026-10-25T00:00:00.000Z", 1n],
      ["2026-10-25 02:00+01:00", "2026-10-25T01:00:00.000Z", 2n],
      ["2026-10-25 03:00+01:00", "2026-10-25T02:00:00.000Z", 0n],
    ]);
  });

  test("by hour where clocks differ from UTC by half an hour, and west of it", async () => {
    const selected = { from: "2026-10-25T01:30:00Z", to: "2026-10-25T01:45:00.5Z" };
    const hours = async (timeZone: string) =>
      (
        await made.lake
          .frame({ ...selected, timeZone })
          .resample("hour")
          .head()
      ).map(({ hour, start, events }) => [...[hour, start.toISOString().slice(11, 16), events]]);
    expect(await hours("Asia/Kolkata")).toEqual([["2026-10-25 07:00+05:30", "01:30", 2n]]);
    expect(await hours("America/St_Johns")).toEqual([["2026-10-24 23:00-02:30", "01:30", 2n]]);
  });

  test("by week from any day, and by month", async () => {
    const frame = made.lake.frame({ from: "2026-10-23", to: "2026-11-01" });
    const starts = async (weekStart: "monday" | "sunday" | "wednesday") =>
      (await frame.resample("week", { weekStart }).head()).map(({ week, events }) => [week, events]);
    expect(await starts("monday")).toEqual([
      ["2026-10-19", 6n],
      ["2026-10-26", 1n],
    ]);
    expect(await starts("sunday")).toEqual([
      ["2026-10-18", 2n],
      ["2026-10-25", 5n],
      ["2026-11-01", 0n],
    ]);
    expect(await starts("wednesday")).toEqual([
      ["2026-10-21", 6n],
      ["2026-10-28", 1n],
    ]);
    const months = await frame.resample("month").head();
    expect(months.map(({ month, users }) => [month, users])).toEqual([
      ["2026-10-01", 2n],
      ["2026-11-01", 0n],
    ]);
  });

  test("finds the time and the user though they are no columns of the frame", async () => {
    const frame = made.lake.frame({
      columns: ["uuid"],
      properties: ["n"],
      where: { sql: "uuid <> ?", params: ["e6"] },
      limit: 5,
    });
    const days = await frame.resample("day", { sum: "n" }).toArray();
    expect(days.map(({ day, events, users, sum_n }) => [day, events, users, sum_n])).toEqual([
      ["2026-10-24", 2n, 1n, 3],
      ["2026-10-25", 3n, 2n, 4.5],
    ]);
    expect((await frame.ready()).columns).toEqual(["uuid", "n"]);
    const own = made.lake.frame({ columns: ["uuid"], properties: [{ property: "n", as: "amplitude_id" }] });
    expect((await own.resample("month").toArray()).map(({ users }) => users)).toEqual([1n]);
  });

  test("begins a day at its first midnight where clocks show two, and where they show none", async () => {
    const starts = async (timeZone: string, from: string, to: string) =>
      (await made.lake.frame({ from, to, timeZone }).resample("day").toArray()).map(({ start }) =>
        start.toISOString().slice(0, -8),
      );
    // From 01:00 back to 00:00, and from 00:00 to 01:00.
    expect(await starts("America/Havana", "2026-10-31", "2026-11-02")).toEqual([
      "2026-10-31T04:00",
      "2026-11-01T04:00",
      "2026-11-02T05:00",
    ]);
    expect(await starts("America/Havana", "2026-03-07", "2026-03-09")).toEqual([
      "2026-03-07T05:00",
      "2026-03-08T05:00",
      "2026-03-09T04:00",
    ]);
    // From 24:00 back to 23:00.
    expect(await starts("America/Santiago", "2026-04-04", "2026-04-06")).toEqual([
      "2026-04-04T03:00",
      "2026-04-05T04:00",
      "2026-04-06T04:00",
    ]);
  });

  test("of no rows is zeros where the selection has ends, and nothing where it has none", async () => {
    const none = { events: "None" } as const;
    const ends = await made.lake
      .frame({ ...none, from: "2026-10-24", to: "2026-10-25" })
      .resample("day")
      .head();
    expect(ends.map(({ events }) => events)).toEqual([0n, 0n]);
    expect(await made.lake.frame(none).resample("day").count()).toBe(0);
  });

  test("knows every time zone that Node knows", async () => {
    const engine = await openEngine();
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      await expect(
        engine.query(`SELECT TIMESTAMP '2026-11-23' AT TIME ZONE '${zone}'`).then((rows) => rows.length),
      ).resolves.toBe(1);
    }
    engine.close();
  });

  test.each([
    [
      () => made.lake.frame({ columns: ["uuid"] }).resample("day", { time: "client_event_time" as "uuid" }),
      '"client_event_time"',
    ],
    [() => made.lake.frame().resample("day", { time: "uuid" }), "uuid is text; a time"],
    [() => made.lake.frame().resample("day", { sum: "uuid" }), "uuid is text; a number"],
    [() => made.lake.frame().resample("days" as "day"), '"days"'],
    [() => made.lake.frame().resample("week", { weekStart: "Sunday" as "sunday" }), '"Sunday"'],
    [() => made.lake.frame().resample("day", { timezone: "UTC" } as object), '"timezone"'],
  ])("%s is refused", (make, words) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(words);
  });
});

describe("timeline", () => {
  test("is one user's events in order, by session", async () => {
    const events = made.lake.frame({ columns: ["event_time", "uuid"] }).timeline("001");
    expectTypeOf(events.columns[0]!).toEqualTypeOf<
      "session" | "session_start" | "gap" | "event_time" | "uuid"
    >();
    expect(events.columns).toEqual(["session", "session_start", "gap", "event_time", "uuid"]);
    expect(
      (await events.head()).map(({ uuid, session, session_start, gap }) => [
        uuid,
        session,
        session_start,
        gap,
      ]),
    ).toEqual([
      ["e0", 1n, new Date("2026-10-24T21:59:59.999Z"), null],
      ["e1", 1n, new Date("2026-10-24T21:59:59.999Z"), 0.000001],
      ["e3", 2n, new Date("2026-10-25T01:30:00Z"), 12600],
      ["e4", null, null, 900.5],
      ["e6", 3n, new Date("2026-10-28T12:00:00Z"), 296099.5],
    ]);
  });

  test("takes an amplitude_id, and keeps the selection", async () => {
    const ids = async (frame: { head(): Promise<readonly { uuid: string }[]> }) =>
      (await frame.head()).map(({ uuid }) => uuid).join("");
    const frame = made.lake.frame({ where: { sql: "uuid <> ? OR false", params: ["e2"] }, to: "2026-10-26" });
    expect(await ids(frame.timeline(2n))).toBe("e5");
    expect(await ids(frame.timeline(2))).toBe("e5");
    expect(await ids(made.lake.frame({ users: "001" }).timeline(1n))).toBe("e0e1e3e4e6");
    expect(await ids(made.lake.frame({ users: "002" }).timeline("001"))).toBe("");
  });
});

describe("explode", () => {
  test("gives a row for each item of a JSON array, and one where there is none", async () => {
    const rows = await made.lake
      .frame({ columns: ["uuid", "data"], where: "uuid <= 'e3'" })
      .explode("data")
      .head();
    expectTypeOf(rows[0]!).toEqualTypeOf<
      Omit<{ uuid: string; data: string | null }, "data"> & { data: string | null }
    >();
    expect(rows.map(({ uuid, data }) => [uuid, data])).toEqual([
      ["e0", "1"],
      ["e0", '"b"'],
      ["e0", null],
      ["e1", null],
      ["e2", "7"],
      ["e3", null],
    ]);
  });

  test("of a property adds a column", async () => {
    const frame = made.lake.frame({
      columns: ["uuid", "event_properties"],
      where: "uuid = 'e0' OR uuid = 'none'",
    });
    const rows = frame.explode("event_properties", { property: "products" });
    expect(rows.columns).toEqual(["uuid", "event_properties", "products"]);
    expect((await rows.head()).map(({ uuid, products }) => [uuid, products])).toEqual([
      ["e0", '{"sku":"a0"}'],
      ["e0", '"x"'],
      ["e0", null],
      ["none", null],
    ]);
  });

  test("of a list has the list's items and their type", async () => {
    const frame = await made.lake.query<{ i: number; l: bigint[] | null }>(
      "SELECT * FROM (VALUES (1, [1::BIGINT, NULL]), (2, []), (3, NULL)) AS t(i, l)",
    );
    const exploded = frame.explode("l");
    const rows = await exploded.head();
    expectTypeOf(rows[0]!.l).toEqualTypeOf<bigint | null>();
    expect(exploded.schema[1]).toEqual({ name: "l", type: { kind: "int64" } });
    expect(rows.map(({ i, l }) => [i, l])).toEqual([
      [1, 1n],
      [1, null],
      [2, null],
      [3, null],
    ]);
  });

  test("of what is no list is refused, and of another name too", () => {
    expect(() => made.lake.frame().explode("amplitude_id")).toThrow("amplitude_id is int64; a list or JSON");
    // @ts-expect-error there is no such column
    expect(() => made.lake.frame().explode("evnt_type")).toThrow(UsageError);
  });
});

describe("join", () => {
  const frame = () => made.lake.frame({ columns: ["uuid", "user_id", "amplitude_id", "country"] });

  test("with an array has its columns, typed, exact, and null where there is none", async () => {
    const people = [
      {
        user_id: "001",
        plan: 'it\'s \u0000 "pro" 👩‍👩‍👧',
        seats: 3,
        id: 2n ** 63n - 1n,
        wide: 2n ** 100n,
        since: new Date("2026-01-02T03:04:05.678Z"),
        paying: true as boolean | null,
        minus: -0,
      },
      {
        user_id: "003",
        plan: "x",
        seats: 0.1,
        id: 0n,
        wide: 1n,
        since: new Date(0),
        paying: null,
        minus: Number.NaN,
      },
    ];
    const joined = frame().join(people, { on: "user_id" });
    const rows = await joined.head(20);
    expectTypeOf(rows[0]!.plan).toEqualTypeOf<string | null>();
    expectTypeOf(rows[0]!.seats).toEqualTypeOf<number | null>();
    expectTypeOf(rows[0]!.id).toEqualTypeOf<bigint | null>();
    expectTypeOf(rows[0]!.user_id).toEqualTypeOf<string | null>();
    expect(joined.columns).toEqual([
      ...[
        "uuid",
        "user_id",
        "amplitude_id",
        "country",
        "plan",
        "seats",
        "id",
        "wide",
        "since",
        "paying",
        "minus",
      ],
    ]);
    expect(rows).toHaveLength(8);
    const { user_id: _, ...first } = people[0]!;
    expect(rows.find(({ uuid }) => uuid === "e0")).toMatchObject({ user_id: "001", ...first });
    expect(rows.find(({ uuid }) => uuid === "e2")).toMatchObject({
      user_id: "002",
      plan: null,
      id: null,
      since: null,
    });
  });

  test("inner, semi and anti, and a name that both have", async () => {
    const people = [
      { id: 1, country: "DE" },
      { id: 1.5, country: "??" },
    ];
    const on = { amplitude_id: "id" } as const;
    const inner = frame().join(people, { on, how: "inner" });
    const rows = await inner.head();
    expectTypeOf(rows[0]!.country_right).toEqualTypeOf<string>();
    expect(rows.map(({ uuid, id, country_right }) => [uuid, id, country_right])).toEqual(
      ["e0", "e1", "e3", "e4", "e6"].map((uuid) => [uuid, 1, "DE"]),
    );
    expect((await frame().join(people, { on, suffix: "_of_person" })).columns).toContain("country_of_person");
    const semi = frame().join(people, { on, how: "semi" });
    expectTypeOf(semi).toEqualTypeOf<
      import("../../src/frame/frame.js").Frame<{
        uuid: string;
        user_id: string | null;
        amplitude_id: bigint | null;
        country: string | null;
      }>
    >();
    expect([await semi.count(), semi.columns.length]).toEqual([5, 4]);
    expect(await frame().join(people, { on, how: "anti" }).count()).toBe(3);
  });

  test("of numbers with text, and of text with numbers, compares what is meant", async () => {
    const texts = frame().join([{ id: "1" }, { id: "1.5" }, { id: "x" }], {
      on: { amplitude_id: "id" },
      how: "semi",
    });
    expect(await texts.count()).toBe(5);
    const query = await made.lake.query<{ t: string }>("SELECT unnest(['5', '1.5', 'x']) AS t");
    expect(await query.join([{ t: 5 }, { t: 1.5 }], { on: "t" as never, how: "semi" }).count()).toBe(2);
  });

  test("with files, whose keys are read as what they are compared with", async () => {
    writeFileSync(at("people.csv"), "user_id,plan,n\n001,pro,9223372036854775807\n002,free,\n1,wrong,5\n");
    const csv = await frame().join<{ plan: string; n: bigint | null; user_id: string }>(at("people.csv"), {
      on: "user_id",
    });
    const rows = await csv.head(20);
    expectTypeOf(rows[0]!.plan).toEqualTypeOf<string | null>();
    expect(rows.filter(({ plan }) => plan === "pro").map(({ n }) => n)).toEqual(
      Array(5).fill(2n ** 63n - 1n),
    );
    expect([rows.length, rows.filter(({ plan }) => plan === "free").length]).toEqual([8, 2]);
    writeFileSync(at("people.ndjson"), '{"amplitude_id":1,"tags":["a"]}\n{"amplitude_id":2}\n');
    const lines = frame().join(at("people.ndjson"), { on: "amplitude_id", how: "inner" });
    expect(await lines.count()).toBe(7);
    expect(lines.schema.at(-1)).toEqual({ name: "tags", type: { kind: "list", item: { kind: "text" } } });
    await lines.write(at("joined.parquet"));
    expect(await frame().join(at("joined.parquet"), { on: "uuid", how: "anti" }).count()).toBe(1);
  });

  test.each([
    [[], { on: "user_id" }, "no rows"],
    [
      [
        { user_id: "a", x: 1 },
        { user_id: "b", x: "1" },
      ],
      { on: "user_id" },
      "double and text",
    ],
    [[{ user_id: "a", x: [1] }], { on: "user_id" }, "no single one"],
    [[{ user: "a" }], { on: "user_id" }, '"user_id"'],
    [[{ user_id: "a" }], { on: [] }, "names no column"],
    [[{ user_id: "a" }], { on: "user_id", how: "outer" }, '"outer"'],
    [[{ user_id: "a", country: 1 }], { on: "user_id", suffix: "" }, "called country"],
    ["people.xls", { on: "user_id" }, "people.xls"],
  ])("%o %o is refused", async (table, options, words) => {
    const joining = () => frame().join(table as readonly { user_id: string }[], options as { on: "user_id" });
    expect(joining).toThrow(UsageError);
    expect(joining).toThrow(words);
  });

  test("with a file that is not there fails in words, when it is read", async () => {
    await expect(frame().join(at("none.csv"), { on: "user_id" }).head()).rejects.toBeInstanceOf(QueryError);
  });

  test("with a file reads nothing until asked, and is derived from before", async () => {
    const joined = frame().join(at("later.csv"), { on: "user_id", how: "inner" });
    const ordered = joined.orderBy("plan" as never);
    expect([joined.isReady, ordered.isReady]).toEqual([false, false]);
    expect(() => joined.columns).toThrow("depend on properties or a file");
    expect(inspect(joined)).toContain("no rows read yet");
    writeFileSync(at("later.csv"), "user_id,plan\n001,pro\n");
    expect((await ordered.toArray()).map((row) => (row as { plan?: unknown }).plan)).toContain("pro");
    expect(joined.columns).toContain("plan");
  });
});

test("derived frames print, convert, write, and are derived from again", async () => {
  const joined = made.lake.frame().join([{ user_id: "001", plan: "pro" }], { on: "user_id", how: "inner" });
  const days = joined.resample("day", { timeZone: "Europe/Berlin" });
  expect(days.sql).toContain("FROM events");
  expect(await days.toText({ width: 80, colors: false })).toMatch(/^day +start +events +users\n/);
  expect((await days.toArrow()).numRows).toBe(5);
  expect((await days.toPolars()).getColumn("events").toArray()).toEqual([1, 3, 0, 0, 1]);
  expect(await days.write(at("days.csv"))).toMatchObject({ rows: 5 });
  const again = await made.lake
    .query(`SELECT sum(events) AS n FROM (${days.sql})`, days.params)
    .catch((e) => e);
  expect(await again.head()).toEqual([{ n: 5n }]);
});
