import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;

beforeAll(async () => {
  made = await makeLake();
  const event = (uuid: string, country: string | null, properties: string | null, time = "00:00") => ({
    uuid: `'${uuid}'`,
    event_type: "'Order'",
    event_time: `'2026-11-23 ${time}:00.000001+00'`,
    server_upload_time: "'2026-11-23 05:00:00+00'",
    country: country === null ? "NULL" : `'${country}'`,
    event_properties: properties === null ? "NULL" : `'${properties}'`,
  });
  await made.add({ app: "1", day: "2026-11-23" }, [
    event("a", "PL", '{"price":2,"paid":true}', "00:03"),
    event("b", "DE", '{"price":10,"paid":false}', "00:02"),
    event("c", null, '{"price":0.5}'),
    event("d", "de", null),
    event("e", "DE", '{"price":3}'),
  ]);
});
afterAll(() => made.close());

describe("orderBy", () => {
  const orders = () => made.lake.frame({ columns: ["uuid", "country"], properties: ["price", "paid"] });
  const uuids = async (frame: { toArray(): Promise<{ uuid: string }[]> }) =>
    (await frame.toArray()).map(({ uuid }) => uuid).join("");

  test("by one column, either way, those without a value last or first", async () => {
    expect(await uuids(orders().orderBy("price"))).toBe("caebd");
    expect(await uuids(orders().orderBy("price", { descending: true }))).toBe("beacd");
    expect(await uuids(orders().orderBy("price", { nulls: "first" }))).toBe("dcaeb");
    expect(await uuids(orders().orderBy("price", { descending: true, nulls: "first" }))).toBe("dbeac");
  });

  test("by several, each its own way", async () => {
    expect(await uuids(orders().orderBy(["country", "price"]))).toBe("ebadc");
    expect(await uuids(orders().orderBy(["country", "price"], { descending: [false, true] }))).toBe("beadc");
    expect(await uuids(orders().orderBy(["paid", "uuid"], { descending: [false, true] }))).toBe("baedc");
  });

  test("gives a frame like others", async () => {
    const sorted = await orders().orderBy("price", { descending: true }).ready();
    expectTypeOf(sorted.columns[0]!).toEqualTypeOf<"uuid" | "country" | "price" | "paid">();
    expect([...(await sorted.head(2))].map(({ uuid }) => uuid)).toEqual(["b", "e"]);
    expect(await sorted.count()).toBe(5);
    expect([...(await sorted.toPolars()).getColumn("uuid")]).toEqual(["b", "e", "a", "c", "d"]);
    const days = made.lake.frame({ timeZone: "Asia/Tokyo" }).orderBy("uuid").resample("day");
    expect((await days.toArray()).map(({ day, events }) => [day, events])).toEqual([["2026-11-23", 5n]]);
  });

  test.each([
    [(): unknown => made.lake.frame().orderBy("pric" as "uuid"), 'column "pric"'],
    [(): unknown => made.lake.frame().orderBy([]), "names no column"],
    [(): unknown => made.lake.frame().orderBy(["uuid"], { descending: [] }), "0 values for 1 column."],
    [(): unknown => made.lake.frame().orderBy("uuid", { ascending: true } as object), '"ascending"'],
    [(): unknown => made.lake.frame().orderBy("uuid", { nulls: "end" as "last" }), '"end"'],
  ])("%s is refused", (make, words) => {
    expect(make).toThrow(UsageError);
    expect(make).toThrow(words);
  });
});

describe("toArray", () => {
  test("gives plain objects, as rows does", async () => {
    const frame = made.lake.frame({ columns: ["uuid", "event_time", "event_properties"], limit: 1 });
    const [plain] = await frame.toArray();
    expectTypeOf(plain!.event_time).toEqualTypeOf<Date | null>();
    expect(plain).toEqual({
      uuid: "a",
      event_time: new Date("2026-11-23T00:03:00Z"),
      event_properties: '{"price":2,"paid":true}',
    });
    const [exact] = await frame.toArray({ timestamps: "micros", json: "parse" });
    expectTypeOf(exact!.event_time).toEqualTypeOf<bigint | null>();
    expect(exact).toEqual({
      uuid: "a",
      event_time: 1795392180000001n,
      event_properties: { price: 2, paid: true },
    });
  });

  test("takes 100,000 rows and refuses more, unless they are allowed", async () => {
    const numbers = (n: number) => made.lake.query<{ i: bigint }>(`SELECT range AS i FROM range(${n})`);
    expect(await (await numbers(100_000)).toArray()).toHaveLength(100_000);
    const many = await numbers(100_001);
    await expect(many.toArray()).rejects.toBeInstanceOf(UsageError);
    await expect(many.toArray()).rejects.toMatchObject({
      message: expect.stringContaining("more than 100,000 rows"),
      wayOut: expect.stringMatching(/rows\(\).*most/),
    });
    expect((await many.toArray({ most: 100_001 })).at(-1)).toEqual({ i: 100_000n });
    expect(await many.toArray({ most: Number.POSITIVE_INFINITY })).toHaveLength(100_001);
    await expect(many.toArray({ most: -1 })).rejects.toThrow("most is -1.");
    await expect((await numbers(3)).toArray({ most: 2 })).rejects.toThrow("more than 2 rows");
  });

  test("an unknown option is refused", async () => {
    const frame = made.lake.frame();
    await expect(frame.toArray({ limit: 3 } as object)).rejects.toThrow('no option "limit"');
  });
});
