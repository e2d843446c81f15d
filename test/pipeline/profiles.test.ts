import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forget } from "../../src/pipeline/forget.js";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { verify } from "../../src/pipeline/verify.js";
import { filesHolding } from "./forgetting.js";
import { eventAt, ndjson, newFolder, newPlace, write } from "./scene.js";

async function schemaOf(dir: string) {
  const lake = await openLake(dir);
  try {
    return await lake.schema();
  } finally {
    await lake.close();
  }
}

const profilesIn = (lake: string) => readdir(join(lake, "_ampframe/profiles")).catch(() => []);

const SECRET = "anna's own words";
const event = (at: string, user: string, note: string) =>
  eventAt(at, { user_id: user, event_properties: { note }, user_properties: { motto: note } });

/** A lake with events of two persons in two upload months, and its profiles. */
async function profiled(): Promise<string> {
  const lake = await newPlace();
  const events = [
    event("2026-10-30 01:10:00", "anna", SECRET),
    event("2026-10-30 01:20:00", "boris", "boris' words"),
    event("2026-11-21 01:10:00", "boris", "boris' words"),
  ];
  await load({ lake, paths: [await write(join(await newFolder(), "a.json"), ndjson(events))] });
  const schema = await schemaOf(lake);
  expect(schema.properties.find(({ name }) => name === "note")?.values).toContainEqual({
    value: SECRET,
    count: 1,
  });
  return lake;
}

test("profiles are kept by month, used again, and made anew where one is damaged or missing", async () => {
  const lake = await profiled();
  expect((await profilesIn(lake)).sort()).toEqual(["2026-10.json", "2026-11.json"]);
  const first = await schemaOf(lake);
  const path = join(lake, "_ampframe/profiles/2026-10.json");
  const kept = await readFile(path, "utf8");
  await writeFile(path, kept.replace(SECRET, "another's words!"));
  expect(JSON.stringify(await schemaOf(lake))).toContain("another's words!");
  await writeFile(path, kept.slice(0, -20));
  expect(await schemaOf(lake)).toEqual(first);
  expect(await readFile(path, "utf8")).toHaveLength(kept.length);
  expect(await verify({ lake })).toMatchObject({ faults: [] });
});

test("events that come later are added to what is known", async () => {
  const lake = await profiled();
  const more = [
    event("2026-11-21 05:10:00", "carla", "boris' words"),
    event("2026-12-01 01:10:00", "carla", "new"),
  ];
  await load({ lake, paths: [await write(join(await newFolder(), "b.json"), ndjson(more))] });
  const schema = await schemaOf(lake);
  expect(schema.count).toBe(5);
  expect(schema.properties.find(({ name }) => name === "note")?.values?.[0]).toEqual({
    value: "boris' words",
    count: 3,
  });
  expect((await profilesIn(lake)).sort()).toEqual(["2026-10.json", "2026-11.json", "2026-12.json"]);
});

test("whom the lake forgets no profile remembers", async () => {
  const lake = await profiled();
  expect((await filesHolding(lake, [SECRET])).some((name) => name.includes("profiles"))).toBe(true);
  await forget({ lake, userIds: ["anna"] });
  expect(await filesHolding(lake, [SECRET])).toEqual([]);
  expect(await profilesIn(lake)).toEqual(["2026-11.json"]);
  expect(JSON.stringify(await schemaOf(lake))).not.toContain(SECRET);
  expect(await filesHolding(lake, [SECRET])).toEqual([]);
});

test("a profile of files that have left the lake meanwhile does not stay", async () => {
  const lake = await profiled();
  const table = await openTable(lake);
  const kept = (await table.profile("2026-10")) ?? "";
  const { files } = JSON.parse(kept);
  await forget({ lake, userIds: ["anna"] });
  await table.keepProfile("2026-10", kept, files);
  expect(await profilesIn(lake)).toEqual(["2026-11.json"]);
});
