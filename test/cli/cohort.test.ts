import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inactiveEvents } from "../../src/analyses/inactive-events.js";
import { COHORT, INACTIVE } from "../../src/cli/tree/cohort.js";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

let cwd = "";
let emulator: Emulator;

beforeAll(async () => {
  cwd = emptyFolder("keep");
  emulator = await startEmulator({ days: 1, eventsPerDay: 100, inactive: ["Order Shipped", "session_end"] });
  const lines = Array.from({ length: 10 }, (_, i) => {
    const at = `2026-11-1${i % 3} 01:00:00.000000`;
    const event_type = i < 6 ? "Buy" : "Look";
    return JSON.stringify({
      ...{ uuid: `u${i}`, event_type, amplitude_id: 100 + (i % 4), app: 1 },
      ...{ event_time: at, server_upload_time: at },
    });
  });
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterAll(async () => {
  await emulator.close();
  rmSync(cwd, { recursive: true, force: true });
});

const call = (...args: string[]) => ampframe(args, { cwd });
const keys = (text: string) => Object.keys(JSON.parse(text)).sort();

test("a cohort is saved, listed, written out and deleted", async () => {
  expect((await call("cohort")).stderr).toContain("No cohort is saved");
  // 100 and 101 buy twice, 102 and 103 once.
  const made = await call("cohort", "buyers", "--did", "Buy", "--at-least", "2");
  expect(made).toMatchObject({ status: 0, stderr: "" });
  expect(made.stdout).toContain("buyers  2 users");
  writeFileSync(join(cwd, "others.json"), '{"not": {"cohort": "buyers"}}');
  expect(await call("cohort", "others", "--define", "others.json", "--static")).toMatchObject({ status: 0 });
  expect(await call("cohort", "others", "--export", "ids.csv")).toMatchObject({ status: 0 });
  expect(readFileSync(join(cwd, "ids.csv"), "utf8")).toBe("102\n103\n");
  expect((await call("cohort", "buyers", "--export", "-")).stdout).toBe("100\n101\n");
  const { stdout } = await call("cohort", "--json");
  expect(keys(stdout)).toEqual(Object.keys(COHORT.json ?? {}).sort());
  expect(JSON.parse(stdout)).toMatchObject({
    cohorts: [
      { name: "buyers", static: false, users: null, definition: { did: "Buy", atLeast: 2 } },
      { name: "others", static: true, users: 2 },
    ],
  });
  expect(await call("cohort", "buyers", "--delete")).toMatchObject({ status: 0, stdout: "" });
  expect(await call("cohort", "buyers")).toMatchObject({ status: 2, stdout: "" });
});

test.each([
  ["--did", "Buy"],
  ["x", "--at-least", "2"],
  ["x", "--last", "7d"],
  ["x", "--static"],
  ["x", "--did", "Buy", "--delete"],
  ["x", "--define", "none.json"],
  ["../x", "--did", "Buy"],
])("cohort %s %s is wrong use", async (...args) => {
  expect(await call("cohort", ...args)).toMatchObject({ status: 2, stdout: "" });
});

test("inactive prints what Amplitude has marked; analyses read either form", async () => {
  const env = { AMPLITUDE_API_KEY: emulator.apiKey, AMPLITUDE_SECRET_KEY: emulator.secretKey };
  const asked = (...args: string[]) =>
    ampframe(["inactive", "--endpoint", emulator.url, ...args], { cwd, env });
  expect(await asked()).toMatchObject({ status: 0, stdout: "Order Shipped\nsession_end\n" });
  const json = await asked("--json");
  expect(keys(json.stdout)).toEqual(Object.keys(INACTIVE.json ?? {}).sort());
  const [text, file] = [join(cwd, "inactive.txt"), join(cwd, "inactive.json")];
  expect(await asked("-o", text)).toMatchObject({ status: 0, stdout: "" });
  writeFileSync(file, json.stdout);
  for (const path of [text, file]) {
    expect(await inactiveEvents(path)).toEqual(["Order Shipped", "session_end"]);
  }
  const wrong = { ...env, AMPLITUDE_SECRET_KEY: "another" };
  expect(await ampframe(["inactive", "--endpoint", emulator.url], { cwd, env: wrong })).toMatchObject({
    status: 2,
    stdout: "",
  });
});
