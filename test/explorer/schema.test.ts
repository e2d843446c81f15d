import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampledProperties } from "../../src/explorer/questions/sampled-properties.js";
import { openLake, quarantine, status } from "../../src/index.js";
import { type Opened, openExplorer, shopLake } from "./start.js";

let lake: Awaited<ReturnType<typeof shopLake>>;
let explorer: Opened;
beforeAll(async () => {
  lake = await shopLake();
  explorer = await openExplorer({ lake: lake.dir });
});
afterAll(async () => {
  await explorer?.close();
  lake?.remove();
});

const names = (kind: "eventProperties" | "userProperties" | "groupProperties", event?: string) =>
  explorer.ask("names", { kind, event });

test("properties named from some events are those of the schema, where there are few events", async () => {
  let answer = await explorer.ask("schema", {});
  for (let i = 0; i < 200 && answer.schema === null; i++) {
    await setTimeout(50);
    answer = await explorer.ask("schema", {});
  }
  const opened = await openLake(lake.dir);
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
  const { schema } = await explorer.ask("schema", { event: "Product Viewed" });
  expect(schema?.events.map(({ name }) => name)).toEqual(["Product Viewed"]);
  expect(await explorer.fault("schema", { event: "Nothing" })).toMatchObject({ status: 400 });
});

test("what is kept in the lake is known to the next explorer at once", async () => {
  const next = await openExplorer({ lake: lake.dir });
  try {
    expect((await next.ask("names", { kind: "userProperties" })).sampled).toBe(false);
    expect((await next.ask("schema", {})).schema).not.toBeNull();
  } finally {
    await next.close();
  }
});

test("status and quarantine are what the commands print", async () => {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  const { disk: _, ...found } = await explorer.ask("status", {});
  const { disk: __, ...told } = plain(await status({ lake: lake.dir }));
  expect(found).toEqual(told);
  expect(await explorer.ask("quarantine", {})).toEqual(plain(await quarantine({ lake: lake.dir })));
});

test("cohorts are saved, counted, used and deleted", async () => {
  const definition = { did: "Order Completed", atLeast: 1, last: "30d" } as const;
  const { users } = await explorer.ask("save-cohort", { name: "buyers", definition });
  expect(users).toBeGreaterThan(0);
  const { cohorts } = await explorer.ask("cohorts", {});
  expect(cohorts).toMatchObject([{ name: "buyers", definition, computed: null }]);
  const { values } = await explorer.ask("values", {
    property: "amplitude_id",
    selection: { cohort: "buyers" },
  });
  expect(values.length).toBe(Math.min(users, 100));
  expect(await explorer.fault("save-cohort", { name: "../x", definition })).toMatchObject({ status: 400 });
  expect(await explorer.fault("save-cohort", { name: "x", definition: { did: 5 } })).toMatchObject({
    status: 400,
  });
  expect(await explorer.fault("values", { property: "app", selection: { cohort: "none" } })).toMatchObject({
    status: 400,
  });
  await explorer.ask("delete-cohort", { name: "buyers" });
  expect((await explorer.ask("cohorts", {})).cohorts).toEqual([]);
  expect(await explorer.fault("delete-cohort", { name: "buyers" })).toMatchObject({ status: 400 });
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
