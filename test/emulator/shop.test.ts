import { beforeAll, describe, expect, test } from "vitest";
import { HourPlanner } from "../../src/emulator/shop/hour-plan.js";
import { membersOf } from "../../src/emulator/shop/members.js";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { FIELDS } from "../../src/event.js";
import { addHours, hoursIn } from "../../src/hour.js";
import { hour, type Line, linesOf } from "./emulated.js";

const END = hour("2026-11-22T23");
const shop = resolveShop({ end: END, days: 7, eventsPerDay: 4_000, seed: 7, duplicateRate: 0.001 });
const NAMES = FIELDS.map((field) => field.name);
const TIMES = FIELDS.filter((field) => field.kind === "time").map((field) => field.name);

let lines: { hour: string; text: string }[];
let rows: Line[];

beforeAll(async () => {
  lines = await linesOf(shop);
  rows = lines.map(({ text }) => JSON.parse(text) as Line);
});

const properties = (row: Line, field: string) => row[field] as Record<string, unknown>;
const instant = (text: unknown) => Date.parse(`${String(text).replace(" ", "T").slice(0, 23)}Z`);
const share = (which: (row: Line) => boolean) => rows.filter(which).length / rows.length;

describe("a line", () => {
  test("has the 55 keys in the order of the field table, nulls included", () => {
    expect(rows.length).toBeGreaterThan(20_000);
    expect(rows.filter((row) => Object.keys(row).join() !== NAMES.join())).toEqual([]);
  });

  test("writes every time as exports do", () => {
    const format = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/;
    const wrong = rows
      .flatMap((row) => TIMES.map((name) => row[name]))
      .filter((time) => time !== null && !format.test(String(time)));
    expect(wrong).toEqual([]);
  });

  test("is of the hour of its server_upload_time", () => {
    const hourOf = (row: Line) => String(row.server_upload_time).slice(0, 13).replace(" ", "T");
    expect(rows.filter((row, i) => hourOf(row) !== lines[i]!.hour)).toEqual([]);
  });

  test("is as long as real ones on average", () => {
    const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(bytes / lines.length).toBeGreaterThan(1_400);
    expect(bytes / lines.length).toBeLessThan(1_800);
  });

  test("has an event_time corrected for the device's clock where it is off by a minute or more", () => {
    let corrected = 0;
    const counts = new Map<unknown, number>();
    for (const row of rows) counts.set(row.uuid, (counts.get(row.uuid) ?? 0) + 1);
    for (const row of rows.filter((one) => one.library !== "http/2.0")) {
      const [client, sent, received, event] = [
        "client_event_time",
        "client_upload_time",
        "server_received_time",
        "event_time",
      ].map((name) => instant(row[name]));
      const off = received! - sent!;
      if (Math.abs(off) < 60_000) expect(event).toBe(client);
      else if (counts.get(row.uuid) === 1) {
        expect(event).toBe(client! + off);
        corrected++;
      }
    }
    expect(corrected).toBeGreaterThan(50);
  });
});

describe("the data", () => {
  test("is of about the size that was asked for", () => {
    expect(lines.length / 7 / 4_000).toBeGreaterThan(0.85);
    expect(lines.length / 7 / 4_000).toBeLessThan(1.15);
  });

  test("has uuids that are unique but for those sent twice", () => {
    const counts = new Map<unknown, number>();
    for (const row of rows) counts.set(row.uuid, (counts.get(row.uuid) ?? 0) + 1);
    const twice = [...counts.values()].filter((count) => count > 1);
    expect(new Set(twice)).toEqual(new Set([2]));
    expect(twice.length).toBeGreaterThan(10);
    expect(twice.length).toBeLessThan(70);
  });

  test("has a daily rhythm", () => {
    const byHour = new Array<number>(24).fill(0);
    for (const { hour: of } of lines) byHour[Number(of.slice(11))]!++;
    expect(Math.max(...byHour)).toBeGreaterThan(2.5 * Math.min(...byHour));
  });

  test("has late events, days behind, from phones that were offline", () => {
    const late = (row: Line) => instant(row.server_upload_time) - instant(row.event_time);
    const most = rows.reduce((sum, row) => Math.max(sum, late(row)), 0);
    expect(most).toBeGreaterThan(2 * 86_400_000);
    expect(share((row) => late(row) > 3_600_000)).toBeGreaterThan(0.002);
    expect(share((row) => late(row) > 3_600_000)).toBeLessThan(0.04);
  });

  test("has all platforms, sessions in milliseconds, and server events with session -1", () => {
    expect(new Set(rows.map((row) => row.platform))).toEqual(new Set(["Web", "iOS", "Android", null]));
    for (const row of rows) {
      if (row.library === "http/2.0") expect(row.session_id).toBe(-1);
      else expect(row.session_id).toBeGreaterThan(1_400_000_000_000);
    }
    expect(share((row) => row.session_id === -1)).toBeGreaterThan(0.002);
  });

  test("has people who log in during a session, on the same device", () => {
    const kinds = new Map<unknown, Set<boolean>>();
    for (const row of rows) {
      const seen = kinds.get(row.session_id) ?? new Set();
      kinds.set(row.session_id, seen.add(row.user_id === null));
    }
    expect([...kinds.values()].filter((seen) => seen.size === 2).length).toBeGreaterThan(20);
  });

  test("drifts in types, inside one property", () => {
    const typesOf = (event: string, name: string) =>
      new Set(
        rows
          .filter((row) => row.event_type === event)
          .map((row) => typeof properties(row, "event_properties")[name]),
      );
    expect(typesOf("Product Viewed", "position")).toEqual(new Set(["number", "string"]));
    expect(typesOf("Product Viewed", "price")).toEqual(new Set(["number", "string"]));
    expect(lines.some(({ text }) => /"price":\d+\.0[,}]/.test(text))).toBe(true);
    expect(rows.some((row) => properties(row, "user_properties").plan === 2)).toBe(true);
    expect(rows.some((row) => properties(row, "user_properties").plan === "plus")).toBe(true);
  });

  test("has the odd things of real exports", () => {
    const has = (pattern: RegExp) =>
      expect(
        lines.some(({ text }) => pattern.test(text)),
        `${pattern}`,
      ).toBe(true);
    has(/"city":"[^"]+","City":"[A-Z]{3}"/);
    has(/"lifetime\.value":/);
    has(/"order_id":90071992\d{11}[,}]/);
    has(/"loyalty_card":92233720\d{10}[,}]/);
    has(/"relevance":0\.\d{20}/);
    has(/"\[Amplitude\] Element Hierarchy":\[\{"tag":"button","index":\d,"classes"/);
    has(/"groups":\{"company":\["[^"]+"\]/);
    has(/"group_properties":\{"\[Shop\] Team":\{"90f978f0-[0-9a-f-]+":\{"tier"/);
    has(/"plan":null,"platform"/);
    has(/"data":\{\},/);
    has(/"data":\{"first_event":true/);
    has(/"initial_utm_campaign":"EMPTY"/);
    has(/"First time\?":true/);
    has(/"event_properties":\{[^}]*"country":/);
    has(/\\\/c\\\/tea/);
    has(/\\u2019/);
    has(/"processed_time":"[^"]*\.\d{3}(?!000)\d{3}"/);
    has(/湯呑み/);
    has(/ليلى/);
    has(/🦊/);
    has(/"amplitude_attribution_ids":\["[0-9a-f]+"\]/);
    has(/"is_attribution_event":false/);
  });
});

describe("an hour", () => {
  const of = hour("2026-11-20T15");
  const bytesOf = (planner: HourPlanner, at = of) =>
    [...membersOf(planner, at)].map(({ name, lines: count, ndjson }) => `${name} ${count} ${ndjson}`);

  test("is the same whether it is made alone, after others, or before", () => {
    const alone = bytesOf(new HourPlanner(shop));
    const forward = new HourPlanner(shop);
    for (const each of hoursIn({ from: shop.from, to: addHours(of, -1) })) forward.deliveriesOf(each);
    const backward = new HourPlanner(shop);
    for (const each of hoursIn({ from: of, to: END }).reverse()) backward.deliveriesOf(each);
    expect(bytesOf(forward)).toEqual(alone);
    expect(bytesOf(backward)).toEqual(alone);
  });

  test("is another with another seed", () => {
    expect(bytesOf(new HourPlanner({ ...shop, seed: 8 }))).not.toEqual(bytesOf(new HourPlanner(shop)));
  });

  test("has members named as Amplitude names them: the hour not padded, parts from 0", () => {
    const names = [...membersOf(new HourPlanner(shop), hour("2026-11-20T05"))].map(({ name }) => name);
    expect(names).toEqual(["312746_2026-11-20_5#0.json.gz", "312746_2026-11-20_5#1.json.gz"]);
  });

  test("has members with a newline at their end, and some without", () => {
    const ends = new Set<boolean>();
    const planner = new HourPlanner(shop);
    for (const each of hoursIn({ from: hour("2026-11-20T00"), to: END })) {
      for (const { ndjson, lines: count } of membersOf(planner, each)) {
        ends.add(ndjson.at(-1) === 0x0a);
        expect(ndjson.toString().split("\n").filter(Boolean)).toHaveLength(count);
      }
    }
    expect(ends).toEqual(new Set([true, false]));
  });

  test("has both copies of an event that was sent twice in different members", () => {
    const often = new HourPlanner({ ...shop, duplicateRate: 0.5 });
    for (const { ndjson } of membersOf(often, of)) {
      const uuids = [...String(ndjson).matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid);
      expect(new Set(uuids).size).toBe(uuids.length);
    }
  });

  test("is empty outside of the shop's hours", () => {
    const planner = new HourPlanner(shop);
    expect(planner.deliveriesOf(addHours(shop.from, -1))).toEqual([]);
    expect(planner.deliveriesOf(addHours(END, 1))).toEqual([]);
  });
});

describe("options", () => {
  test("few people make many events with longer visits", async () => {
    const busy = resolveShop({ end: END, days: 2, eventsPerDay: 3_000, users: 20 });
    const count = (await linesOf(busy)).length;
    expect(count).toBeGreaterThan(2_500);
    expect(count).toBeLessThan(9_000);
  });

  test("without an end, data begins at midnight and goes on with the clock", () => {
    const now = Date.parse("2026-11-23T05:30:00Z");
    const open = resolveShop({ days: 7, eventsPerDay: 500 }, now);
    expect(open.from).toBe("2026-11-16T00");
    const planner = new HourPlanner(open);
    expect(planner.deliveriesOf(hour("2026-11-30T15")).length).toBeGreaterThan(0);
  });

  test.each([{ days: 0 }, { eventsPerDay: 1.5 }, { duplicateRate: 2 }, { projectId: -1 }])(
    "%o is refused in words",
    (options) => {
      expect(() => resolveShop(options)).toThrow(expect.objectContaining({ name: "UsageError" }));
    },
  );
});
