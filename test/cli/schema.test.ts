import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVENTS, SCHEMA } from "../../src/cli/tree/schema.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

let cwd = "";

beforeAll(async () => {
  cwd = emptyFolder("keep");
  const lines = Array.from({ length: 60 }, (_, i) => {
    const at = `2026-11-16 0${i % 4}:00:00.000000`;
    const event_type = i % 3 === 0 ? "Order" : "View";
    const event_properties = i % 3 === 0 ? { price: i, plan: "pro" } : {};
    return JSON.stringify({
      ...{ uuid: `u${i}`, event_type, user_id: `p${i % 7}`, app: 1, event_properties },
      ...{ event_time: at, server_upload_time: at },
    });
  });
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const look = (...args: string[]) => ampframe(args, { cwd });

test("events and schema print tables, and --json the documented keys", async () => {
  const events = await look("events");
  expect(events).toMatchObject({ status: 0, stderr: "" });
  expect(events.stdout).toMatch(/View +40 +66\.7 +7 /);
  const keys = (text: string) => Object.keys(JSON.parse(text)).sort();
  expect(keys((await look("events", "--json")).stdout)).toEqual(Object.keys(EVENTS.json ?? {}).sort());
  expect((await look("schema", "Order")).stdout).toMatch(/price +int64 +100 +20 +0 … 57/);
  expect(keys((await look("schema", "--json")).stdout)).toEqual(Object.keys(SCHEMA.json ?? {}).sort());
  expect((await look("schema", "--ts")).stdout).toContain('"price": bigint;');
  expect((await look("schema", "--markdown")).stdout).toContain("| price | int64 |");
  expect(await look("schema", "Ordr")).toMatchObject({ status: 2, stdout: "" });
  expect(await look("schema", "--ts", "--json")).toMatchObject({ status: 2, stdout: "" });
});

test("--plan ends with status 3 where something deviates, else 0", async () => {
  const plan = (type: string) =>
    JSON.stringify({
      events: { View: {}, Order: { properties: { price: { type }, plan: { enum: ["pro"] } } } },
    });
  writeFileSync(join(cwd, "right.json"), plan("integer"));
  writeFileSync(join(cwd, "wrong.json"), plan("string"));
  expect(await look("schema", "--plan", "right.json")).toMatchObject({ status: 0, stderr: "" });
  const wrong = await look("schema", "--plan", "wrong.json", "--json");
  expect(wrong.status).toBe(3);
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    ok: false,
    deviations: [{ property: "price", events: 20 }],
  });
  expect(await look("schema", "--plan", "none.json")).toMatchObject({ status: 2, stdout: "" });
});
