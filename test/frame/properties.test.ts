import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { typeName } from "../../src/engine/column-type.js";
import { literal } from "../../src/engine/sql-text.js";
import { QueryError, UsageError } from "../../src/errors/index.js";
import type { Properties } from "../../src/frame/properties/columns.js";
import { propertiesNamed, propertyName } from "../../src/frame/properties/property.js";
import { type MadeLake, makeLake } from "./made-lake.js";

const DAY = { app: "1", day: "2026-11-22" };
const event = (json: string, more: Record<string, string> = {}) => ({
  uuid: "'u'",
  event_type: "'e'",
  server_upload_time: "'2026-11-22 05:00:00+00'",
  event_properties: literal(json),
  ...more,
});

const lakes: MadeLake[] = [];
afterAll(() => Promise.all(lakes.map((lake) => lake.close())));

async function lakeOf(...jsons: readonly string[]): Promise<MadeLake> {
  const made = await makeLake();
  lakes.push(made);
  await made.add(
    DAY,
    jsons.map((json) => event(json)),
  );
  return made;
}

/** Type and values of a property of events with these properties, in their order. */
async function column(property: Properties[number], ...jsons: readonly string[]): Promise<unknown[]> {
  const frame = (await lakeOf(...jsons)).lake.frame({ columns: ["uuid"], properties: [property] });
  const values: unknown[] = [];
  for await (const row of frame.rows({ timestamps: "micros" })) values.push(Object.values(row)[1]);
  return [typeName(frame.schema[1]!.type), ...values];
}

describe("the type of a property holds every value that it has", () => {
  test.each<[string, readonly string[], readonly unknown[]]>([
    ["integers", ["1", "-9223372036854775808", "null"], ["int64", 1n, -(2n ** 63n), null]],
    [
      "integers within a double's, with other numbers",
      ["9007199254740992", "1.50"],
      ["double", 2 ** 53, 1.5],
    ],
    ["larger ones with other numbers", ["9007199254740993", "1.5"], ["text", "9007199254740993", "1.5"]],
    [
      "integers beyond 64 bits",
      ["18446744073709551615", "123456789012345678901234567890", "1"],
      ["text", "18446744073709551615", "123456789012345678901234567890", "1"],
    ],
    ["numbers beyond a double", ["1e400", "0.5"], ["text", "1e400", "0.5"]],
    ["booleans", ["true", "false", "null"], ["boolean", true, false, null]],
    ["text", ['"a\\u0000b"', '""', '"Łódź 👩‍👩‍👧"', '"null"'], ["text", "a\0b", "", "Łódź 👩‍👩‍👧", "null"]],
    ["numbers and text", ["2", '"5"', "true"], ["text", "2", "5", "true"]],
    [
      "instants",
      ['"2025-07-01T16:34:54.837001Z"', '"2025-07-01 16:34:54+02:00"', "null"],
      ["timestamp", 1751387694837001n, 1751380494000000n, null],
    ],
    [
      "instants with more digits",
      ['"2025-07-01T16:34:54.1234567Z"'],
      ["text", "2025-07-01T16:34:54.1234567Z"],
    ],
    ["times without a zone", ['"2025-07-01T16:34:54"'], ["text", "2025-07-01T16:34:54"]],
    ["what only looks like an instant", ['"2025-13-01T16:34:54Z"'], ["text", "2025-13-01T16:34:54Z"]],
    ["an hour 24", ['"2025-07-01T24:00:00Z"'], ["text", "2025-07-01T24:00:00Z"]],
    ["no offset", ['"2025-07-01T00:00:00+99:99"'], ["text", "2025-07-01T00:00:00+99:99"]],
    [
      "the largest offsets",
      ['"2025-07-01T00:00:00+2359"', '"2025-07-01T00:00:00-23:59"', '"2025-07-01T00:00:00+14"'],
      ["timestamp", 1751241660000000n, 1751414340000000n, 1751277600000000n],
    ],
    ["lists of one type", ["[1,null]", "[]", "null"], ["list<int64>", [1n, null], [], null]],
    ["lists of texts and numbers", ['["a",1.50]'], ["list<text>", ["a", "1.5"]]],
    ["lists of instants", ['["2025-07-01T16:34:54Z"]'], ["list<timestamp>", [1751387694000000n]]],
    ["lists of lists", ["[[1],[2]]", "[3]"], ["json", "[[1],[2]]", "[3]"]],
    ["objects", ['{"a":12345678901234567890123}', "null"], ["json", '{"a":12345678901234567890123}', null]],
    ["objects and texts", ['{"a":1}', '"a"'], ["json", '{"a":1}', '"a"']],
    ["lists and one value", ["[1]", "2"], ["json", "[1]", "2"]],
    ["nothing but null", ["null"], ["text", null]],
  ])("%s", async (_, values, expected) => {
    expect(await column("p", ...values.map((value) => `{"p":${value}}`))).toEqual(expected);
  });

  test("an event without the property has null", async () => {
    expect(await column("p", '{"p":1}', "{}", "null", "[]")).toEqual(["int64", 1n, null, null, null]);
  });
});

describe("a type that is asked for", () => {
  const drifting = ['{"p":"5"}', '{"p":1.5}', '{"p":null}', "{}"];
  test("takes texts that hold numbers for numbers", async () => {
    expect(await column({ property: "p", type: "double" }, ...drifting)).toEqual([
      "double",
      5,
      1.5,
      null,
      null,
    ]);
  });
  test.each([
    ["int64", ['{"p":1.5}']],
    ["int64", ['{"p":"x"}']],
    ["double", ['{"p":"x"}']],
    ["timestamp", ['{"p":"2025"}']],
    ["boolean", ['{"p":"maybe"}']],
  ] as const)("%s refuses %s rather than make it null", async (type, jsons) => {
    await expect(column({ property: "p", type }, ...jsons)).rejects.toThrow(QueryError);
  });
  test("whole numbers in other spellings are integers", async () => {
    const jsons = ['{"p":1.0}', '{"p":"7"}'];
    expect(await column({ property: "p", type: "int64" }, ...jsons)).toEqual(["int64", 1n, 7n]);
  });
  test("need not occur", async () => {
    expect(await column({ property: "q", type: "int64" }, "{}")).toEqual(["int64", null]);
  });
  test("must be one there is", async () => {
    // @ts-expect-error no such type
    const error = await column({ property: "p", type: "float" }, "{}").catch((thrown) => thrown);
    expect(error).toMatchObject({ wayOut: "The types are boolean, int64, double, timestamp, text, json." });
  });
});

describe("names", () => {
  test.each([
    ["price", ["event_properties.price"]],
    ["user_properties.plan", ["user_properties.plan"]],
    ["user_properties", ["event_properties.user_properties"]],
    ['"a.b"', ['event_properties."a.b"']],
    ["a.b", ["event_properties.a.b", 'event_properties."a.b"']],
    ["user_properties.a.b", ["user_properties.a.b", 'user_properties."a.b"']],
    ['""', ['event_properties.""']],
    [
      'event_properties."say ""hi"""."x/~y"',
      ['event_properties."say ""hi"""."x/~y"'.replace('"x/~y"', "x/~y")],
    ],
    ["[Amplitude] Page Path", ["event_properties.[Amplitude] Page Path"]],
  ])("%s means %s", (name, expected) => {
    expect(propertiesNamed(name).map(propertyName)).toEqual(expected);
  });

  test.each(["", "a.", ".a", 'a."b', 'a."b"c'])("%j cannot be read", (name) => {
    expect(() => propertiesNamed(name)).toThrow(UsageError);
  });

  test("every path has a name that means it first", () => {
    const key = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a.b", '"', "", ".", "~/", "extra"),
    );
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (path) => {
        const property = { column: "user_properties", path } as const;
        expect(propertiesNamed(propertyName(property))[0]).toEqual(property);
      }),
    );
  });

  test("odd keys are found, and the right one of twins", async () => {
    const json = '{"a b":1,"a.b":2,"A.B":3,"x":{"y~/z":4,"":5},"Price":6,"price":7,"q\\"":8}';
    const of = (name: string) => column(name, json).then(([, value]) => value);
    expect(
      await Promise.all(["a b", "a.b", '"A.B"', "x.y~/z", 'x.""', "Price", "price", '"q"""'].map(of)),
    ).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
  });

  test("a name that may be two is refused, and quotes say which", async () => {
    const json = '{"a.b":1,"a":{"b":2}}';
    await expect(column("a.b", json)).rejects.toThrow('event_properties.a.b or event_properties."a.b"');
    expect(await column('"a.b"', json)).toEqual(["int64", 1n]);
    expect(await column("a.b", '{"a":{"b":2}}')).toEqual(["int64", 2n]);
  });

  test("a property that does not occur is refused with the nearest that does", async () => {
    const error = await column("prise", '{"price":1}').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe('No selected event has a property "prise".');
    expect(error.wayOut).toBe('Did you mean "price"?');
  });

  test("two columns of one name are refused", async () => {
    const { lake } = await lakeOf('{"uuid":1,"Price":2,"price":3}');
    const frame = (properties: Properties) => lake.frame({ columns: ["uuid"], properties }).ready();
    await expect(frame(["uuid"])).rejects.toThrow("Two columns would be called uuid");
    await expect(frame(["Price", "price"])).rejects.toThrow("Two columns would be called price");
    await expect(frame(["price", { property: "Price", as: "other" }])).resolves.toBeDefined();
  });
});

describe("a frame with properties", () => {
  let made: MadeLake;
  beforeAll(async () => {
    made = await makeLake();
    lakes.push(made);
    const users = { user_properties: `'{"plan":"pro","lifetime.value":1.5}'` };
    await made.add(DAY, [
      event('{"price":2,"address":{"city":"Łódź"},"Twin":1,"twin":2}', {
        uuid: "'a'",
        event_type: "'Order'",
        ...users,
      }),
      event('{"price":"x"}', { uuid: "'b'", event_type: "'Other'", ...users }),
      event("{}", { uuid: "'c'", event_type: "'Order'" }),
    ]);
  });

  test("has them after the other columns, typed by the events that are selected", async () => {
    const properties = ["price", "address.city", "user_properties.plan"] as const;
    const frame = made.lake.frame({ columns: ["uuid"], events: "Order", properties });
    const table = await frame.head();
    expect([...table]).toEqual([
      { uuid: "a", price: 2n, "address.city": "Łódź", "user_properties.plan": "pro" },
      { uuid: "c", price: null, "address.city": null, "user_properties.plan": null },
    ]);
    expect(await frame.count()).toBe(2);
    expect((await frame.valueCounts("price" as never))[0]).toMatchObject({ count: 1 });
  });

  test("keeps its JSON, and all 56 columns before them by default", async () => {
    const frame = await made.lake.frame({ properties: ["price"] }).ready();
    expect(frame.columns).toHaveLength(57);
    expect(frame.columns.at(-1)).toBe("price");
  });

  test("may be filtered by them", async () => {
    const frame = made.lake.frame({
      columns: ["uuid"],
      events: "Order",
      properties: ["price"],
      where: "price > 1",
    });
    expect((await frame.head()).map(({ uuid }) => uuid)).toEqual(["a"]);
  });

  test("knows its columns once it is ready, and says so before", async () => {
    const frame = made.lake.frame({ columns: ["uuid"], properties: ["price"] });
    expect(() => frame.schema).toThrow(UsageError);
    expect(() => frame.sql).toThrow(UsageError);
    await frame.ready();
    expect(frame.schema.map(({ name }) => name)).toEqual(["uuid", "price"]);
    const again = await made.lake.query(frame.sql);
    expect([...(await again.head())]).toEqual([...(await frame.head())]);
  });

  test("takes all of them by their full names, objects by their parts, twins numbered", async () => {
    const frame = await made.lake.frame({ columns: ["uuid"], properties: "all" }).ready();
    expect(frame.columns).toEqual([
      "uuid",
      "event_properties.Twin",
      "event_properties.address.city",
      "event_properties.price",
      "event_properties.twin (2)",
      'user_properties."lifetime.value"',
      "user_properties.plan",
    ]);
    const [first] = await frame.head(1);
    expect(Object.values(first!)).toEqual(["a", 1n, "Łódź", "2", 2n, 1.5, "pro"]);
  });

  test("takes a group's properties by the group's type, whatever the group is called", async () => {
    const lake = await makeLake();
    lakes.push(lake);
    const groups = (json: string, uuid: string) =>
      event("{}", { uuid: `'${uuid}'`, group_properties: literal(json) });
    await lake.add(DAY, [
      groups('{"[Shop] Team":{"Acme.Inc":{"seats":5,"plan":{"tier":"pro"}}}}', "a"),
      groups('{"[Shop] Team":{"Other":{"seats":7},"Second":{"seats":9}},"company":{"x":{}}}', "b"),
      groups("{}", "c"),
    ]);
    const frame = lake.lake.frame({ columns: ["uuid"], properties: "all" });
    expect([...(await frame.head())]).toEqual([
      {
        uuid: "a",
        "group_properties.[Shop] Team.plan.tier": "pro",
        "group_properties.[Shop] Team.seats": 5n,
      },
      { uuid: "b", "group_properties.[Shop] Team.plan.tier": null, "group_properties.[Shop] Team.seats": 7n },
      {
        uuid: "c",
        "group_properties.[Shop] Team.plan.tier": null,
        "group_properties.[Shop] Team.seats": null,
      },
    ]);
    const named = lake.lake.frame({ columns: ["uuid"], properties: ["group_properties.[Shop] Team.seats"] });
    expect((await named.head()).map((row) => Object.values(row)[1])).toEqual([5n, 7n, null]);
  });

  test("is the parent of other frames, which find its types when they need them", async () => {
    const frame = () =>
      made.lake.frame({ columns: ["uuid", "amplitude_id"], properties: ["price", "address"] });
    const lists = frame().explode("address" as never);
    expect(() => lists.schema).toThrow(UsageError);
    expect(await lists.count()).toBe(3);
    const joined = await frame().join([{ uuid: "a", mine: 1 }], { on: "uuid", how: "inner" });
    expect([...(await joined.head())]).toMatchObject([{ uuid: "a", price: "2", mine: 1 }]);
    await expect(
      frame()
        .explode("adress" as never)
        .head(),
    ).rejects.toThrow('no column "adress"');
  });

  test("has a user's timeline, with its own columns", async () => {
    const timeline = made.lake.frame({ columns: ["uuid"], properties: ["price"] }).timeline("someone");
    expect(await timeline.count()).toBe(0);
    expect(timeline.columns).toEqual(["session", "session_start", "gap", "uuid", "price"]);
  });

  test("is filtered by them among its own events only, whatever others have", async () => {
    const lake = await makeLake();
    lakes.push(lake);
    await lake.addMany(DAY, 60_000, {
      ...event("{}", { uuid: "i::VARCHAR", event_type: "chr((65 + i % 3)::INTEGER)" }),
      event_properties: `CASE i % 3 WHEN 1 THEN '{"price":"many"}' ELSE '{"price":' || (7 + i % 3 // 2) || '}' END`,
      user_id: "(i % 2)::VARCHAR",
      amplitude_id: "i",
    });
    for (const price of ["price", { property: "price", type: "int64" }] as const) {
      const frame = (where: string) =>
        lake.lake.frame({
          columns: ["uuid"],
          events: ["A", "C"],
          users: ["1", 4],
          properties: [price],
          where,
        });
      expect(await frame("price > 7").count()).toBe(10_000);
      expect(await frame("country IS NULL AND (price + 1 > 8 OR price IS NULL)").count()).toBe(10_000);
    }
  });

  test("goes to every DataFrame and file", async () => {
    const frame = () => made.lake.frame({ columns: ["uuid"], events: "Order", properties: ["price"] });
    expect((await frame().toPolars()).toRecords()).toEqual([
      { uuid: "a", price: 2 },
      { uuid: "c", price: null },
    ]);
    expect((await frame().toArrow()).numRows).toBe(2);
    expect((await frame().toArquero()).columnNames()).toEqual(["uuid", "price"]);
    for (const name of [
      "o.csv",
      "o.json",
      "o.ndjson",
      "o.parquet",
      "o.arrow",
      "o.xlsx",
      "o.sqlite",
      "o.duckdb",
    ]) {
      expect(await frame().write(join(made.dir, name))).toMatchObject({ rows: 2 });
    }
    expect(readFileSync(join(made.dir, "o.csv"), "utf8")).toBe("uuid,price\na,2\nc,\n");
    expect(
      await frame().write(join(made.dir, "folder"), { format: "csv", partitionBy: ["price"] }),
    ).toMatchObject({
      files: 2,
    });
    expect((await frame().describe()).map(({ column }) => column)).toEqual(["uuid", "price"]);
    expect(await frame().toHTML()).toContain("price");
    expect((await frame().preview()).toText).toBeDefined();
  });

  test("of no events has no types to find", async () => {
    const none = made.lake.frame({
      columns: ["uuid"],
      events: "None",
      properties: [{ property: "p", type: "text" }],
    });
    expect(await none.count()).toBe(0);
  });
});

/** JSON values as text beside what a column must hold; numbers stay text, so that no digit is lost. */
const scalar = fc.oneof(
  fc.string({ unit: "grapheme" }).map((text) => ({ json: JSON.stringify(text), kind: "text", value: text })),
  fc
    .bigInt({ min: -(10n ** 25n), max: 10n ** 25n })
    .map((n) => ({ json: String(n), kind: "integer", value: n })),
  fc.maxSafeInteger().map((n) => ({ json: String(n), kind: "integer", value: BigInt(n) })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((n) => !Number.isInteger(n))
    .map((n) => ({ json: JSON.stringify(n), kind: "double", value: n })),
  fc.boolean().map((value) => ({ json: String(value), kind: "boolean", value })),
  fc.constant({ json: "null", kind: "null", value: null }),
);

test("any mixture of values comes back as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scalar, { minLength: 1, maxLength: 12 }), async (values) => {
      const [type, ...found] = await column("p", ...values.map(({ json }) => `{"p":${json}}`));
      const same = values.map(({ kind, value }, i) => {
        const got = found[i];
        if (kind === "null") return got === null;
        if (kind === "integer")
          return typeof got === "number" ? BigInt(got) === value : BigInt(String(got)) === value;
        if (kind === "double") return Number(got) === value;
        return type === "text" ? got === String(value) : got === value;
      });
      expect({ type, values, found, same }).toMatchObject({ same: values.map(() => true) });
    }),
    { numRuns: process.env.AMPFRAME_SWEEP === "full" ? 400 : 20 },
  );
});
