import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { CancelledError, QueryError, UsageError } from "../../src/errors/index.js";
import type { EventFrame } from "../../src/frame/event-frame.js";
import type { EventRow } from "../../src/frame/event-row.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;

beforeAll(async () => {
  made = await makeLake();
  await made.add({ app: "123", day: "2026-11-22" }, [
    {
      uuid: "'a'",
      event_type: "'Order Completed'",
      event_time: "'2026-11-21 23:59:59.999999+00'",
      server_upload_time: "'2026-11-22 05:00:00+00'",
      amplitude_id: "9223372036854775807",
      session_id: "-9223372036854775808",
      event_id: "9007199254740993",
      location_lat: "'-0.0'",
      location_lng: "1e300",
      paying: "true",
      city: "''",
      region: "'Łódź 👩‍👩‍👧 ' || chr(0) || '\u2028'",
      event_properties: '\'{"n":12345678901234567890,"x":1.50}\'',
      extra: "'{\"new\":[1]}'",
    },
    {
      uuid: "'b'",
      event_type: "'Page Viewed'",
      event_time: "'2026-11-22 00:00:00+00'",
      server_upload_time: "'2026-11-22 05:59:59.999999+00'",
    },
  ]);
  await made.add({ app: "__HIVE_DEFAULT_PARTITION__", day: "2026-11-23" }, [
    {
      uuid: "'c'",
      event_type: "''",
      event_time: "'2026-11-22 23:59:59.999999+00'",
      server_upload_time: "'2026-11-23 00:00:00+00'",
    },
    { uuid: "'d'", event_type: "'Page Viewed'", server_upload_time: "'2026-11-23 00:00:00.000001+00'" },
  ]);
});
afterAll(() => made.close());

async function uuids(frame: EventFrame<{ uuid: string }>): Promise<string> {
  const found: string[] = [];
  for await (const { uuid } of frame) found.push(uuid);
  return found.sort().join("");
}

describe("rows", () => {
  test("hold every value as it is kept", async () => {
    const [row] = await made.lake.frame({ where: "uuid = 'a'" }).head();
    expect(row).toMatchObject({
      app: 123n,
      amplitude_id: 2n ** 63n - 1n,
      session_id: -(2n ** 63n),
      event_id: 9007199254740993n,
      location_lat: -0,
      location_lng: 1e300,
      paying: true,
      city: "",
      region: "Łódź 👩‍👩‍👧 \u0000\u2028",
      event_time: new Date("2026-11-21T23:59:59.999Z"),
      event_properties: '{"n":12345678901234567890,"x":1.50}',
      extra: '{"new":[1]}',
      user_id: null,
    });
    expect(Object.keys(row!).length).toBe(56);
    expect(Object.keys(row!)).not.toContain("upload_date");
  });

  test("give times to the microsecond and parsed JSON on demand", async () => {
    const frame = made.lake.frame({
      columns: ["uuid", "event_time", "event_properties"],
      where: "uuid = 'a'",
    });
    for await (const row of frame.rows({ timestamps: "micros", json: "parse" })) {
      expectTypeOf(row).toEqualTypeOf<{
        uuid: string;
        event_time: bigint | null;
        event_properties: unknown;
      }>();
      expect(row.event_time).toBe(BigInt(Date.parse("2026-11-21T23:59:59Z")) * 1000n + 999999n);
      expect(row.event_properties).toEqual({ n: 12345678901234567000, x: 1.5 });
    }
  });

  test("come in the order of the columns named", async () => {
    const frame = made.lake.frame({ columns: ["uuid", "upload_date", "app"], where: "uuid = 'c'" });
    expect(frame.columns).toEqual(["uuid", "upload_date", "app"]);
    expect([...(await frame.head())]).toEqual([{ uuid: "c", upload_date: "2026-11-23", app: null }]);
  });

  test("can be left early, and ended by a signal", async () => {
    await made.addMany({ app: "1", day: "2020-01-01" }, 20_000, {
      uuid: "'old' || i",
      event_type: "'old'",
      event_time: "'2020-01-01 00:00:00+00'",
      server_upload_time: "'2020-01-01 00:00:00+00'",
    });
    const old = made.lake.frame({ columns: ["uuid"], events: "old" });
    for await (const row of old) {
      expect(row.uuid).toMatch(/^old/);
      break;
    }
    const stop = new AbortController();
    let seen = 0;
    const reading = (async () => {
      for await (const _ of old.rows({ signal: stop.signal })) if (++seen === 100) stop.abort();
    })();
    await expect(reading).rejects.toBeInstanceOf(CancelledError);
    expect(seen).toBeLessThan(20_000);
  });
});

describe("a selection", () => {
  test("by event_time includes both ends, to the microsecond", async () => {
    const of = (from: string, to: string) => uuids(made.lake.frame({ columns: ["uuid"], from, to }));
    expect(await of("2026-11-22", "2026-11-22")).toBe("bc");
    expect(await of("2026-11-21T23", "2026-11-21T23")).toBe("a");
    expect(await of("2026-11-21T23:59:59.999999", "2026-11-22T00:00:00.000000")).toBe("ab");
    expect(await of("2026-11-22T00:00:00.000001", "2026-11-22T23:59:59.999998")).toBe("");
  });

  test("by upload hour includes both ends and rows without event_time", async () => {
    const of = (uploadedFrom: string, uploadedTo: string) =>
      uuids(made.lake.frame({ columns: ["uuid"], uploadedFrom, uploadedTo }));
    expect(await of("2026-11-22T05", "2026-11-22T05")).toBe("ab");
    expect(await of("2026-11-23", "2026-11-23")).toBe("cd");
  });

  test("by events, condition, parameters and limit", async () => {
    const all = { columns: ["uuid"], uploadedFrom: "2026-11-01" } as const;
    expect(await uuids(made.lake.frame({ ...all, events: ["Page Viewed", ""] }))).toBe("bcd");
    expect(
      await uuids(made.lake.frame({ ...all, where: "event_properties->>'x' = '1.5' OR uuid = 'b'" })),
    ).toBe("ab");
    const where = { sql: "amplitude_id = ? AND uuid <> ?", params: [2n ** 63n - 1n, "z"] };
    const frame = made.lake.frame({ ...all, where });
    expect([await uuids(frame), await frame.count()]).toEqual(["a", 1]);
    expect((await uuids(made.lake.frame({ ...all, limit: 2 }))).length).toBe(2);
    expect(await made.lake.frame({ ...all, limit: 0 }).count()).toBe(0);
  });

  test("reads only the files that can hold its rows", async () => {
    const { engine, sql } = await made.lake.frame({ from: "2026-11-22", to: "2026-11-22" }).statement();
    expect(sql).not.toContain("upload_date=2020-01-01");
    expect(sql).toContain("upload_date=2026-11-23");
    expect((await engine.query(sql)).length).toBe(2);
  });

  test("with a wrong condition fails in words when it is read", async () => {
    await expect(made.lake.frame({ where: "no_such_column = 1" }).count()).rejects.toBeInstanceOf(QueryError);
  });

  test("keeps to the files it has read; a new frame sees the new ones", async () => {
    const other = await makeLake();
    const event = { uuid: "'x'", event_type: "'x'", server_upload_time: "'2026-11-23 00:00:00+00'" };
    const empty = other.lake.frame();
    expect(other.asked()).toBe(0);
    expect(await empty.count()).toBe(0);
    expect([...(await empty.head())]).toEqual([]);
    await other.add({ app: "1", day: "2026-11-23" }, [event]);
    expect([...(await empty.head()), await empty.count()]).toEqual([0]);
    expect(await other.lake.frame().count()).toBe(1);
    await other.close();
    await expect(other.lake.frame().count()).rejects.toThrow("The lake is closed.");
  });
});

describe("looking", () => {
  test("valueCounts counts nulls and empty text, most frequent first", async () => {
    const counts = await made.lake
      .frame({ columns: ["event_type", "user_id"], uploadedFrom: "2026-11-01" })
      .valueCounts("event_type");
    expectTypeOf(counts[0]!.event_type).toEqualTypeOf<string>();
    expect([...counts]).toEqual([
      { event_type: "Page Viewed", count: 2, share: 0.5 },
      { event_type: "", count: 1, share: 0.25 },
      { event_type: "Order Completed", count: 1, share: 0.25 },
    ]);
    const most = await made.lake
      .frame({ uploadedFrom: "2026-11-01" })
      .valueCounts("event_type", { limit: 1 });
    expect(most).toHaveLength(1);
    expect(most.toText()).toContain("3 rows × 3 columns");
    const users = await made.lake.frame({ uploadedFrom: "2026-11-01" }).valueCounts("user_id", { limit: 1 });
    expect([...users]).toEqual([{ user_id: null, count: 4, share: 1 }]);
  });

  test("describe counts, and gives the range of each column", async () => {
    const summary = await made.lake
      .frame({
        columns: ["event_time", "amplitude_id", "location_lng", "groups"],
        uploadedFrom: "2026-11-01",
      })
      .describe();
    expect([...summary]).toEqual([
      {
        column: "event_time",
        type: "timestamp",
        filled: 3,
        nulls: 1,
        distinct: 3,
        min: "2026-11-21 23:59:59.999999",
        max: "2026-11-22 23:59:59.999999",
        ...{ median: null, mean: null, q25: null, q75: null },
      },
      {
        column: "amplitude_id",
        type: "int64",
        filled: 1,
        nulls: 3,
        distinct: 1,
        min: "9223372036854775807",
        max: "9223372036854775807",
        ...{ median: 2 ** 63, mean: 2 ** 63, q25: 2 ** 63, q75: 2 ** 63 },
      },
      {
        column: "location_lng",
        type: "double",
        filled: 1,
        nulls: 3,
        distinct: 1,
        min: "1e+300",
        max: "1e+300",
        ...{ median: 1e300, mean: 1e300, q25: 1e300, q75: 1e300 },
      },
      {
        ...{ column: "groups", type: "json", filled: 0, nulls: 4, distinct: 0, min: null, max: null },
        ...{ median: null, mean: null, q25: null, q75: null },
      },
    ]);
  });

  test("the quartiles are those of pandas, and of more than 32 million numbers near them", async () => {
    const few = await made.lake.query("SELECT unnest([1, 2, 4, 10, NULL]) AS x");
    const [x] = await few.describe();
    expect(x).toMatchObject({ q25: 1.75, median: 3, q75: 5.5, mean: 4.25 });
    const many = await made.lake.query("SELECT range AS x FROM range(32000001)");
    const [estimated] = await many.describe();
    for (const [name, value] of Object.entries({ q25: 8e6, median: 16e6, q75: 24e6 })) {
      expect(estimated![name as "median"]! / value).toBeCloseTo(1, 2);
    }
  });

  test("an event type that does not occur is told by what is printed, and by warnings", async () => {
    const text = 'No event of type "order complete" was found. Did you mean "Order Completed"?';
    const frame = made.lake.frame({ events: ["order complete", "Page Viewed"], columns: ["uuid"] });
    expect(await frame.warnings()).toEqual([
      { kind: "event", name: "order complete", of: null, nearest: "Order Completed", text },
    ]);
    expect((await frame.toText()).split("\n").at(-1)).toBe(text);
    expect(inspect(frame).split("\n").at(-1)).toBe(text);
    expect(await frame.toHTML()).toContain("Did you mean &quot;Order Completed&quot;?");
    const none = made.lake.frame({ events: "order complete" });
    for (const table of [await none.head(), await none.valueCounts("country"), none.resample("day")]) {
      expect(await table.toText()).toContain(text);
    }
    await expect(made.lake.frame({ events: "order complete", properties: ["x"] }).ready()).rejects.toThrow(
      text,
    );
    const platform = made.lake.frame({ platforms: "wbe", columns: ["uuid"] });
    expect(await platform.warnings()).toMatchObject([{ kind: "value", name: "platform", value: "wbe" }]);
    expect(await platform.toText()).toContain('No event has platform "wbe".');
    const right = made.lake.frame({ events: ["Order Completed", "Page Viewed"], uploadedTo: "2000-01-01" });
    expect(await right.warnings()).toEqual([]);
    expect(await right.toText()).toMatch(/^0 rows × 56 columns.*\)$/m);
  });

  test("what was read one row at a time is printed", async () => {
    const frame = () => made.lake.frame({ columns: ["uuid"], uploadedFrom: "2026-11-01" });
    const whole = frame();
    await whole.toArray();
    expect(inspect(whole)).toBe(await frame().toText());
    const long = made.lake.frame({ columns: ["uuid"], events: "old" });
    await long.toArray();
    expect(inspect(long)).toBe(await made.lake.frame({ columns: ["uuid"], events: "old" }).toText());
    const part = made.lake.frame({ columns: ["uuid"], events: "old" });
    for await (const _ of part) break;
    expect(inspect(part)).toMatch(/\n…\nmore than 21 rows × 1 column$/);
    expect(await part.count()).toBe(await long.count());
  });

  test("sample gives that many different rows", async () => {
    const sample = await made.lake.frame({ columns: ["uuid"], events: "old" }).sample(50);
    expect(new Set(sample.map(({ uuid }) => uuid)).size).toBe(50);
    await expect(made.lake.frame().sample(-1)).rejects.toBeInstanceOf(UsageError);
  });

  test("an unread frame prints its query, a read one its table", async () => {
    const frame = made.lake.frame({ columns: ["uuid", "event_type"], uploadedFrom: "2026-11-01" });
    expect(inspect(frame)).toContain("no rows read yet");
    expect(inspect(frame)).toContain('SELECT "uuid", "event_type" FROM events');
    expect(inspect(await frame.preview())).toBe(
      [
        "uuid  event_type",
        "text  text",
        "a     Order Completed",
        "b     Page Viewed",
        "c",
        "d     Page Viewed",
        "4 rows × 2 columns",
      ].join("\n"),
    );
    const many = made.lake.frame({ columns: ["event_type"], events: "old" });
    const text = inspect(await many.preview());
    expect(text.split("\n").length).toBe(14);
    expect(text).toMatch(/…\n20,000 rows × 1 column$/);
  });

  test("asking twice reads once", async () => {
    const frame = made.lake.frame({ columns: ["uuid"], events: "old" });
    const statement = frame.statement.bind(frame);
    let reads = 0;
    frame.statement = (limit) => {
      reads += 1;
      return statement(limit);
    };
    await frame.preview();
    await frame.head(5);
    await frame.count();
    await frame.toText();
    expect(reads).toBe(2);
  });
});

test("columns are typed; wrong names do not compile", () => {
  const narrow = made.lake.frame({ columns: ["event_time", "event_type", "amplitude_id", "upload_date"] });
  expectTypeOf(narrow).toEqualTypeOf<
    EventFrame<Pick<EventRow, "event_time" | "event_type" | "amplitude_id" | "upload_date">>
  >();
  expectTypeOf<EventRow["event_time"]>().toEqualTypeOf<Date | null>();
  expectTypeOf<EventRow["amplitude_id"]>().toEqualTypeOf<bigint | null>();
  expectTypeOf<EventRow["server_upload_time"]>().toEqualTypeOf<Date>();
  expectTypeOf<EventRow["event_type"]>().toEqualTypeOf<string>();
  expectTypeOf<EventRow["paying"]>().toEqualTypeOf<boolean | null>();
  expectTypeOf<EventRow["upload_date"]>().toEqualTypeOf<string>();
  const whole = made.lake.frame();
  expectTypeOf(whole).toEqualTypeOf<EventFrame<Omit<EventRow, "upload_date">>>();
  // @ts-expect-error there is no such column
  expect(() => made.lake.frame({ columns: ["event_tyme"] })).toThrow(UsageError);
  // @ts-expect-error the frame has no such column
  const wrong = narrow.valueCounts("country");
  return expect(wrong).rejects.toThrow('no column "country"');
});
