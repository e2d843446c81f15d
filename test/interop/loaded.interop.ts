import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load, writeMembers } from "../../src/index.js";
import { deltaRs, prepareDeltaRs } from "./python.js";

let room: string;

beforeAll(async () => {
  await prepareDeltaRs();
  room = await mkdtemp(join(tmpdir(), "interop-"));
});

afterAll(() => rm(room, { recursive: true, force: true }));

/** The events of member files by JSON.parse, the first of each uuid. */
function eventsIn(folder: string): Record<string, unknown>[] {
  const events = new Map<string, Record<string, unknown>>();
  for (const name of readdirSync(folder)) {
    for (const line of gunzipSync(readFileSync(join(folder, name)))
      .toString("utf8")
      .split("\n")) {
      if (line === "") continue;
      const event = JSON.parse(line);
      if (!events.has(event.uuid)) events.set(event.uuid, event);
    }
  }
  return [...events.values()];
}

const micros = (time: string) =>
  BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20).padEnd(6, "0"));
const edge = (times: readonly unknown[], pick: "min" | "max") =>
  String(
    times
      .filter((time) => typeof time === "string")
      .map(micros)
      .reduce((a, b) => ((pick === "min" ? a < b : a > b) ? a : b)),
  );

test("delta-rs finds in a loaded lake what the files hold", async () => {
  const members = join(room, "members");
  const lake = join(room, "lake");
  await writeMembers({ dir: members, days: 2, eventsPerDay: 3_000, duplicateRate: 0.01 });
  const report = await load({ lake, paths: [members] });
  const events = eventsIn(members);
  expect(report.duplicates).toBeGreaterThan(0);
  const facts = await deltaRs<Record<string, unknown>>("facts", lake);
  const timesOf = (name: string) => events.map((event) => event[name]);
  expect(facts).toMatchObject({
    rows: events.length,
    uuids: events.length,
    stats: events.length,
    amplitudeIds: String(events.reduce((sum, event) => sum + BigInt(Number(event.amplitude_id)), 0n)),
  });
  for (const name of ["event_time", "server_upload_time", "processed_time"]) {
    const times = timesOf(name);
    expect((facts.times as Record<string, unknown>)[name]).toEqual([edge(times, "min"), edge(times, "max")]);
  }
});
