import { afterAll, beforeAll, expect, test } from "vitest";
import type { SchemaProgress } from "../../src/frame/schema/profile-lake.js";
import type { Schema } from "../../src/frame/schema/schema.js";
import { type MadeLake, makeLake } from "./made-lake.js";

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
let made: MadeLake;
let schema: Schema;

const order = (day: string, user: number, properties: unknown) => ({
  event_type: text("Order"),
  event_time: `TIMESTAMPTZ '${day} 10:00:00+00'`,
  server_upload_time: `TIMESTAMPTZ '${day} 10:30:00+00'`,
  user_id: text(`user ${user}`),
  event_properties: text(typeof properties === "string" ? properties : JSON.stringify(properties)),
  user_properties: text(JSON.stringify({ plan: user % 2 === 0 ? "pro" : "free", "a/b~c.d": user })),
});

beforeAll(async () => {
  made = await makeLake();
  for (let day = 16; day < 20; day++) {
    const date = `2026-11-${day}`;
    const events = Array.from({ length: 50 }, (_, i) =>
      order(date, i % 10, {
        price: day < 18 ? i + 0.5 : `${i}`,
        order: `${day}-${i}`,
        address: { city: i < 40 ? "Berlin" : "Köln", geo: { lat: i } },
        tags: ["a", "b"],
        ...(day >= 18 ? { coupon: null } : { old: true }),
      }),
    );
    await made.add({ app: "1", day: date }, events);
  }
  await made.add({ app: "1", day: "2026-11-19" }, [
    { ...order("2026-11-19", 1, {}), event_type: text('\u001b[31m`Hostile`"|<b>') },
  ]);
  schema = await made.lake.schema();
});
afterAll(() => made.close());

const property = (name: string, event: string | null = "Order") => {
  const found = schema.properties.find((each) => each.name === name && each.event === event);
  if (!found) throw new Error(`no ${name} in ${schema.properties.map((each) => each.name)}`);
  return found;
};

test("event types have counts, users, times and a trend by day", () => {
  expect(schema.count).toBe(201);
  expect(schema.trendDays).toEqual(["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]);
  expect(schema.events[0]).toMatchObject({ name: "Order", count: 200, users: 10, trend: [50, 50, 50, 50] });
  expect(schema.events[0]!.firstSeen).toEqual(new Date("2026-11-16T10:00:00Z"));
  expect(schema.events[0]!.lastSeen).toEqual(new Date("2026-11-19T10:00:00Z"));
});

test("properties have type, drift, fill, distinct values, examples and range", () => {
  expect(property("price")).toMatchObject({
    type: "text",
    drift: true,
    fill: 1,
    kinds: { double: 100, text: 100 },
  });
  expect(property("price")).toMatchObject({ min: 0.5, max: 49.5, distinct: 100, distinctIsExact: true });
  expect(property("address.city")).toMatchObject({
    type: "text",
    values: [
      { value: "Berlin", count: 160 },
      { value: "Köln", count: 40 },
    ],
  });
  expect(property("address.geo.lat")).toMatchObject({ type: "int64", min: 0, max: 49, distinct: 50 });
  expect(property("address")).toMatchObject({ type: "json", values: null });
  expect(property("tags")).toMatchObject({ type: "list<text>" });
  expect(property("coupon")).toMatchObject({ count: 0, fill: 0, kinds: { null: 100 } });
  const orders = property("order");
  expect(orders.distinctIsExact).toBe(false);
  expect(Math.abs(orders.distinct - 200)).toBeLessThan(50);
  expect(property("user_properties.plan", null)).toMatchObject({ count: 201, fill: 1, distinct: 2 });
  expect(property('user_properties."a/b~c.d"', null)).toMatchObject({ type: "int64", distinct: 10 });
});

test("every name and type is that of a frame's column", async () => {
  const names = schema.properties.filter(({ event }) => event !== null).map(({ name }) => name);
  const frame = await made.lake.frame({ events: "Order", columns: ["uuid"], properties: names }).ready();
  const types = frame.schema
    .slice(1)
    .map(({ type }) => (type.kind === "list" ? `list<${type.item.kind}>` : type.kind));
  expect(schema.properties.filter(({ event }) => event !== null).map(({ type }) => type)).toEqual(types);
});

test("what is new, gone and retyped is told with its day", () => {
  expect(
    schema.changes.map(({ day, change, property, from, to }) => [day, change, property, from, to]),
  ).toEqual(
    expect.arrayContaining([
      ["2026-11-18", "new", "coupon", null, null],
      ["2026-11-17", "gone", "old", null, null],
      ["2026-11-18", "retyped", "price", "number", "text"],
    ]),
  );
  expect(schema.changes).toHaveLength(3);
});

test("a range reads those events alone, and event types choose", async () => {
  const later = await made.lake.schema({ from: "2026-11-18", to: "2026-11-18" });
  expect(later.count).toBe(50);
  expect(later.properties.find(({ name }) => name === "price")).toMatchObject({
    kinds: { text: 50 },
    drift: false,
  });
  const one = await made.lake.schema({ events: "Order" });
  expect(one.events.map(({ name }) => name)).toEqual(["Order"]);
  expect(one.properties.every(({ event }) => event === "Order")).toBe(true);
  await expect(made.lake.schema({ form: "2026-11-18" } as object)).rejects.toThrow(/no option "form"/);
});

test("what is shown cannot steer a terminal, nor be markup", () => {
  for (const shown of [schema.toText({ width: 300 }), schema.toMarkdown(), schema.toTypeScript()]) {
    expect(shown).toContain("Hostile");
    expect(shown).not.toContain("\u001b");
  }
  expect(
    schema
      .toText({ width: 80 })
      .split("\n")
      .every((line) => line.length <= 80),
  ).toBe(true);
  expect(schema.toMarkdown()).not.toMatch(/<b>|[^\\]`Hostile/);
  expect(schema.toHTML()).not.toContain("<b>\n");
  expect(schema.toHTML()).not.toMatch(/Hostile`"\|<b>/);
  expect(JSON.parse(JSON.stringify(schema)).events[0].firstSeen).toBe("2026-11-16T10:00:00.000Z");
});

test("TypeScript says the types of columns", () => {
  expect(schema.toTypeScript()).toContain('"address.geo.lat": bigint;');
  expect(schema.toTypeScript()).toContain('"price": string;');
  expect(schema.toTypeScript()).toContain('"tags": readonly (string | null)[];');
  expect(schema.toTypeScript()).toContain('"old": boolean | null;');
});

test("a tracking plan is held against it, and what deviates is listed", () => {
  const deviations = schema.compare({
    events: {
      Order: {
        properties: {
          price: { type: "number", maximum: 40 },
          old: { type: "boolean" },
          address: { type: "object" },
          tags: { type: "array" },
          order: { type: "string" },
          coupon: { type: ["string", "null"] },
          size: { type: "string" },
        },
        required: ["old", "size"],
      },
      Refund: {},
    },
  });
  expect(deviations.map(({ event, property, deviation }) => [event, property, deviation])).toEqual([
    ["Refund", null, "missing event"],
    ["Order", "price", "type"],
    ["Order", "price", "range"],
    ["Order", "old", "not always there"],
    ["Order", "size", "missing property"],
    [expect.stringContaining("Hostile"), null, "unplanned event"],
  ]);
  const ampli = [{ name: "Order", properties: [{ name: "address", type: "string", isRequired: true }] }];
  expect(schema.compare({ events: ampli })).toContainEqual(
    expect.objectContaining({ property: "address", deviation: "type", found: "200 × object" }),
  );
  expect(() => schema.compare("x")).toThrow(/no tracking plan/);
});

test("progress tells events and moves within a file, and the same events give the same schema", async () => {
  const steps: SchemaProgress[] = [];
  const again = await made.lake.schema({ onProgress: (progress) => steps.push(progress) });
  expect(again.toJSON()).toEqual(schema.toJSON());
  const events = steps.map((step) => step.events);
  expect(new Set(events).size).toBeGreaterThan(5);
  expect(events).toEqual([...events].sort((a, b) => a - b));
  expect(steps.at(-1)).toEqual({ events: 201, of: 201 });
});

test("a schema leaves nothing behind in the engine", async () => {
  const databases = await made.lake.query("SELECT database_name FROM duckdb_databases() WHERE NOT internal");
  expect(await databases.count()).toBe(1);
});
