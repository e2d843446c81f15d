import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { sampledProperties } from "../../src/explorer/questions/sampled-properties.js";
import { openLake, quarantine, status } from "../../src/index.js";
import { openExplorer, openedShop, shopLake } from "./start.js";

const shop = openedShop();

const names = (kind: "eventProperties" | "userProperties" | "groupProperties", event?: string) =>
  shop.explorer.ask("names", { kind, event });

test("properties named from some events are those of the schema, where there are few events", async () => {
  let answer = await shop.explorer.ask("schema", {});
  for (let i = 0; i < 200 && answer.schema === null; i++) {
    await setTimeout(50);
    answer = await shop.explorer.ask("schema", {});
  }
  const opened = await openLake(shop.dir);
  try {
    expect(answer).toEqual({ schema: JSON.parse(JSON.stringify(await opened.schema())), progress: null });
    const asked = [
      ["eventProperties", "event_properties", "Product Viewed"],
      ["userProperties", "user_properties", undefined],
      ["groupProperties", "group_properties", undefined],
    ] as const;
    for (const [kind, column, event] of asked) {
      const sampled = await sampledProperties(opened, column, event, {});
      const exact = await names(kind, event);
      expect(exact.sampled).toBe(false);
      const plain = (list: typeof sampled) =>
        list.map(({ name, events, event }) => JSON.stringify([name, events, event])).sort();
      expect(plain(sampled)).toEqual(plain([...exact.names]));
      const types = new Map(exact.names.map(({ name, type }) => [name, type]));
      for (const { name, type } of sampled) {
        const known = types.get(name);
        if (known === "text" || known === "boolean") expect([name, type]).toEqual([name, known]);
        // Of integers beyond 2^53 a sample says only that they are numbers.
        if (known === "int64") expect(["int64", "double"]).toContain(type);
      }
    }
  } finally {
    await opened.close();
  }
});

test("the schema is of one event type too", async () => {
  const { schema } = await shop.explorer.ask("schema", { event: "Product Viewed" });
  expect(schema?.events.map(({ name }) => name)).toEqual(["Product Viewed"]);
  expect(await shop.explorer.fault("schema", { event: "Nothing" })).toMatchObject({ status: 400 });
});

test("what is kept in the lake is known to the next explorer at once", async () => {
  // It waits for that no longer than a moment, which a busy machine may take for other work, but not each time.
  const next = async () => {
    const opened = await openExplorer({ lake: shop.dir });
    try {
      const { sampled } = await opened.ask("names", { kind: "userProperties" });
      return { sampled, isRead: (await opened.ask("schema", {})).schema !== null };
    } finally {
      await opened.close();
    }
  };
  await expect.poll(next).toEqual({ sampled: false, isRead: true });
});

test("status and quarantine are what the commands print", async () => {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  const { disk: _, ...found } = await shop.explorer.ask("status", {});
  const { disk: __, ...told } = plain(await status({ lake: shop.dir }));
  expect(found).toEqual(told);
  expect(await shop.explorer.ask("quarantine", {})).toEqual(plain(await quarantine({ lake: shop.dir })));
});

test("cohorts are saved, counted, used and deleted", async () => {
  const definition = { did: "Order Completed", atLeast: 1, last: "30d" } as const;
  const { users } = await shop.explorer.ask("save-cohort", { name: "buyers", definition });
  expect(users).toBeGreaterThan(0);
  const { cohorts } = await shop.explorer.ask("cohorts", {});
  expect(cohorts).toMatchObject([{ name: "buyers", definition, computed: null }]);
  const { values } = await shop.explorer.ask("values", {
    property: "amplitude_id",
    selection: { cohort: "buyers" },
  });
  expect(values.length).toBe(Math.min(users, 100));
  expect(await shop.explorer.fault("save-cohort", { name: "../x", definition })).toMatchObject({
    status: 400,
  });
  expect(await shop.explorer.fault("save-cohort", { name: "x", definition: { did: 5 } })).toMatchObject({
    status: 400,
  });
  expect(
    await shop.explorer.fault("values", { property: "app", selection: { cohort: "none" } }),
  ).toMatchObject({
    status: 400,
  });
  await shop.explorer.ask("delete-cohort", { name: "buyers" });
  expect((await shop.explorer.ask("cohorts", {})).cohorts).toEqual([]);
  expect(await shop.explorer.fault("delete-cohort", { name: "buyers" })).toMatchObject({ status: 400 });
});

test("a lake that was damaged meanwhile is told as such", async () => {
  const broken = await shopLake();
  const own = await openExplorer({ lake: broken.dir });
  try {
    rmSync(join(broken.dir, "_delta_log"), { recursive: true });
    writeFileSync(join(broken.dir, "_delta_log"), "");
    expect(await own.fault("lake", {})).toMatchObject({ status: 500 });
  } finally {
    await own.close();
    broken.remove();
  }
});
