import { expect, test } from "vitest";
import { lakeRows, openedShop } from "./start.js";

const shop = openedShop();

const rows = (sql: string) => lakeRows(shop.dir, sql);

const NEWEST = { column: "event_time", descending: true };

test("the first events come with columns and properties, times with all digits, properties as JSON", async () => {
  const columns = ["uuid", "event_time", "price", "user_properties.initial_utm_source", "amplitude_id"];
  const found = await shop.explorer.ask("events", { selection: {}, columns, offset: 0, limit: 40 });
  const all = await rows(
    `SELECT uuid, strftime(event_time, '%Y-%m-%dT%H:%M:%S.%fZ') AS t, event_properties->'$.price' AS p,
       user_properties->'$.initial_utm_source' AS s, amplitude_id AS id FROM events ORDER BY event_time DESC, uuid DESC`,
  );
  expect(found.columns.map(({ name }) => name)).toEqual(columns);
  expect(found.rows).toEqual(all.slice(0, 40).map(({ uuid, t, p, s, id }) => [uuid, t, p, s, Number(id)]));
  expect(found).toMatchObject({ total: all.length, cut: true });
  const last = await shop.explorer.ask("events", {
    selection: {},
    columns: ["uuid"],
    offset: all.length - 3,
    limit: 40,
  });
  expect(last.rows).toEqual(all.slice(-3).map(({ uuid }) => [uuid]));
  expect(last).toMatchObject({ total: all.length, cut: false });
});

test("how many events there are, and when, is told for a selection", async () => {
  const selection = { events: ["Order Completed"] };
  const [counted] = await rows("SELECT count(*)::INT AS n FROM events WHERE event_type = 'Order Completed'");
  const times = await shop.explorer.ask("times", { selection, steps: 10 });
  expect(times.total).toBe(counted?.n);
  expect(times.counts).toHaveLength(10);
  expect(times.counts.reduce((a, b) => a + b)).toBe(times.total);
  const asked = { selection, columns: ["event_type"], order: NEWEST, offset: 0, limit: 2000 };
  const found = await shop.explorer.ask("events", asked);
  expect(found.total).toBe(times.total);
  expect(new Set(found.rows.flat())).toEqual(new Set(["Order Completed"]));
  const nothing = await shop.explorer.ask("times", { selection: { events: [] } });
  expect(nothing).toEqual({ total: 0, from: null, to: null, counts: [], withoutTime: 0 });
});

test("one event is told with all that it has", async () => {
  const [event] = await rows(
    "SELECT uuid, event_type, event_properties, strftime(event_time, '%Y-%m-%dT%H:%M:%S.%fZ') AS t FROM events WHERE event_type = 'Order Completed' LIMIT 1",
  );
  const { uuid, event_type, event_properties, t } = event ?? {};
  const expected = { uuid, event_type, event_properties, event_time: t };
  const found = await shop.explorer.ask("event", { uuid: String(uuid), time: String(t) });
  expect(found.event).toMatchObject(expected);
  expect((await shop.explorer.ask("event", { uuid: String(uuid) })).event).toEqual(found.event);
  expect(Object.values(found.event)).not.toContain(null);
  expect(await shop.explorer.fault("event", { uuid: "' OR true --" })).toMatchObject({ status: 400 });
});

test("what cannot be shown is told with a way out", async () => {
  const asked = { selection: {}, columns: ["uuid"], offset: 0, limit: 10 };
  for (const wrong of [
    { columns: [] },
    { columns: ["uuid", "uuid"] },
    { columns: ['"'] },
    { order: { column: "uuid" } },
    { order: { column: "event_properties" } },
    { order: { column: "no such property" } },
    { offset: -1 },
    { limit: 2001 },
    { selection: { from: "yesterday" } },
  ]) {
    expect(await shop.explorer.fault("events", { ...asked, ...wrong })).toMatchObject({
      status: 400,
      wayOut: expect.stringMatching(/./),
    });
  }
});
