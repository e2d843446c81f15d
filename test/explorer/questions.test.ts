import { expect, test } from "vitest";
import { lakeRows, openedShop } from "./start.js";

const shop = openedShop();

const rows = (sql: string) => lakeRows(shop.dir, sql);

test("the lake is told from its log", async () => {
  const [counted] = await rows(
    "SELECT count(*)::INT AS n, min(event_time) AS f, max(event_time) AS t FROM events",
  );
  const facts = await shop.explorer.ask("lake", {});
  expect(facts).toMatchObject({ name: "shop", timeZone: "UTC", promoted: [], canPull: false });
  const { events, from, to } = facts;
  expect({ n: events, f: new Date(from ?? ""), t: new Date(to ?? "") }).toEqual(counted);
});

test("names are the most frequent first", async () => {
  const counted = await rows(
    "SELECT event_type AS name, count(*)::INT AS events FROM events GROUP BY 1 ORDER BY 2 DESC, 1",
  );
  expect((await shop.explorer.ask("names", { kind: "events" })).names).toEqual(counted);
  const columns = (await shop.explorer.ask("names", { kind: "columns" })).names;
  expect(columns.map(({ name }) => name)).toContain("platform");
  const { names } = await shop.explorer.ask("names", { kind: "eventProperties", event: "Product Viewed" });
  expect(names.length).toBeGreaterThan(0);
  expect(names.every(({ event }) => event === "Product Viewed")).toBe(true);
  const users = (await shop.explorer.ask("names", { kind: "userProperties" })).names;
  expect(users.every(({ name, event }) => name.startsWith("user_properties.") && event === undefined)).toBe(
    true,
  );
});

test("values are of a column, a property or a list's items, within the selection", async () => {
  const counted = await rows(
    "SELECT platform AS value, count(*)::INT AS events FROM events WHERE country = 'Germany' GROUP BY 1 ORDER BY 2 DESC, 1",
  );
  const selection = { filters: [{ property: "country", value: "Germany" }] };
  const found = await shop.explorer.ask("values", { property: "platform", selection });
  expect(found).toEqual({ values: counted, cut: false });
  const one = await shop.explorer.ask("values", { property: "platform", selection, limit: 1 });
  expect(one).toEqual({ values: counted.slice(0, 1), cut: true });
  const searched = await shop.explorer.ask("values", { property: "platform", search: "WE" });
  expect(searched.values.map(({ value }) => value)).toEqual(["Web"]);
});

test("what is asked wrongly is told with a way out", async () => {
  expect(await shop.explorer.fault("values", { property: 5 })).toEqual({
    status: 400,
    error: "property is 5.",
    wayOut: "Give a text.",
  });
  expect(await shop.explorer.fault("names", { kind: "toString" })).toMatchObject({ status: 400 });
  expect(await shop.explorer.fault("names", [])).toMatchObject({ status: 400 });
  for (const name of ["nothing", "__proto__", "constructor", "toString", "../lake", ""]) {
    expect(await shop.explorer.fault(name, {})).toMatchObject({ status: 404 });
  }
});
