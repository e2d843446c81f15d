import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

let cwd = "";

/** Ann opens and buys in a session, and is pushed something a day later; 7 is her amplitude_id, and bob's user_id is 8. */
beforeAll(async () => {
  cwd = emptyFolder("keep");
  const event = (n: number, type: string, time: string, session_id: number, more: object = {}) => ({
    ...{ uuid: String(n), event_type: type, event_time: time, server_upload_time: time, session_id, app: 1 },
    ...{
      amplitude_id: 7,
      user_id: "ann",
      platform: "iOS",
      country: "Germany",
      event_properties: {},
      ...more,
    },
  });
  const lines = [
    event(2, "Buy", "2026-11-16 23:01:05.000000", 1, { event_properties: { price: 10 } }),
    event(1, "Open", "2026-11-16 23:00:00.000000", 1),
    event(3, "Push", "2026-11-17 23:01:05.500000", -1),
    event(4, "Open", "2026-11-16 12:00:00.000000", 5, { amplitude_id: 9, user_id: "8" }),
  ];
  writeFileSync(join(cwd, "a.json"), lines.map((line) => JSON.stringify(line)).join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => ampframe(args, { cwd });

test("timeline tells what a user did, by session, in the time zone", async () => {
  const { stdout, status } = await run("timeline", "ann", "--time-zone", "Europe/Berlin");
  expect(status).toBe(0);
  expect(stdout).toBe(`Session 1  2026-11-17 00:00:00  Europe/Berlin  2 events  1 min 05 s  iOS, Germany
  00:00:00               Open
  00:01:05  +1 min 05 s  Buy  {"price":10}

Outside of sessions  2026-11-18 00:01:05  Europe/Berlin  1 event  0.0 s  iOS, Germany
  00:01:05  +24 h 00 min  Push
`);
});

test("digits are a user_id if there is one, else an amplitude_id", async () => {
  const usersOf = async (user: string) =>
    JSON.parse((await run("timeline", user, "--json")).stdout).events.map(
      ({ amplitude_id }: { amplitude_id: string }) => amplitude_id,
    );
  expect(await usersOf("8")).toEqual(["9"]);
  expect(await usersOf("7")).toEqual(["7", "7", "7"]);
});

test("--rows and --events leave events out, and say so", async () => {
  const first = await run("timeline", "ann", "--rows", "1");
  expect(first.stdout).toContain("Open");
  expect(first.stdout).not.toContain("Buy");
  expect(first.stderr).toContain("These are the first 1 event, and there are more");
  const { events, more } = JSON.parse((await run("timeline", "ann", "--events", "Push", "--json")).stdout);
  expect([more, events.length, events[0].gap]).toEqual([false, 1, null]);
});

test("an event type that no event has is told", async () => {
  const ran = await run("timeline", "ann", "--events", "Psuh");
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain('No event of type "Psuh" was found. Did you mean "Push"?');
});

test("a user who is not there ends with status 2", async () => {
  expect(await run("timeline", "carl")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("There is no event of carl in the lake."),
  });
});

test("cohort counts by the time zone and the identity that are given", async () => {
  const users = async (...more: string[]) => {
    const asked = [
      "cohort",
      "early",
      "--did",
      "Open",
      "--from",
      "2026-11-17",
      "--to",
      "2026-11-17",
      "--json",
    ];
    return JSON.parse((await run(...asked, ...more)).stdout).cohorts[0].users;
  };
  expect(await users()).toBe(0);
  expect(await users("--time-zone", "Europe/Berlin")).toBe(1);
  writeFileSync(
    join(cwd, "merges.json"),
    '{"amplitude_id":9,"merged_amplitude_id":7,"merge_server_time":1}\n',
  );
  const all = ["cohort", "all", "--did", "Open", "--from", "2026-11-16", "--json"];
  expect(JSON.parse((await run(...all)).stdout).cohorts[0].users).toBe(2);
  expect(JSON.parse((await run(...all, "--identity", "merges.json")).stdout).cohorts[0].users).toBe(1);
});
