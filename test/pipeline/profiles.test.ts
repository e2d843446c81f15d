import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { typeName } from "../../src/engine/column-type.js";
import { QueryError } from "../../src/errors/index.js";
import type { FrameOptions } from "../../src/frame/selection.js";
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

/** A profile with the hash that its content has. */
function sealed(text: string): string {
  const { sha256: _, ...kept } = JSON.parse(text);
  return JSON.stringify({ sha256: createHash("sha256").update(JSON.stringify(kept)).digest("hex"), ...kept });
}

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
  await writeFile(path, sealed(kept.replace(SECRET, "another's words!")));
  expect(JSON.stringify(await schemaOf(lake))).toContain("another's words!");
  for (const damaged of [kept.replace(SECRET, "another's words!"), kept.slice(0, -20)]) {
    await writeFile(path, damaged);
    expect(await schemaOf(lake)).toEqual(first);
  }
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

describe("types of a frame's properties", () => {
  const VALUES: readonly (readonly [string, unknown])[] = [
    ["A", { whole: 1, mixed: 1, list: [1, 2], "odd key.": true, when: "2026-01-02T03:04:05Z", none: null }],
    ["A", { whole: 2, mixed: 1.5, list: [], "odd key.": false, when: "2026-01-02T03:04:05+02:00" }],
    ["B", { whole: "three", mixed: { a: 1 }, list: "no", only: 1 }],
  ];
  const NAMES = ["whole", "mixed", "list", '"odd key."', "when", "none"];
  const at = (type: string, properties: unknown, time = "2026-11-21 01:00:00") =>
    eventAt(time, { event_type: type, event_properties: properties, user_properties: { plan: 1 } });

  async function varied(): Promise<string> {
    const lake = await newPlace();
    const events = VALUES.map(([type, properties]) => at(type, properties));
    await load({ lake, paths: [await write(join(await newFolder(), "a.json"), ndjson(events))] });
    return lake;
  }

  async function typesOf(dir: string, options: FrameOptions, properties: readonly string[] = NAMES) {
    const lake = await openLake(dir);
    try {
      const frame = await lake.frame({ columns: ["uuid"], ...options, properties }).ready();
      return frame.schema.slice(1).map(({ type }) => typeName(type));
    } finally {
      await lake.close();
    }
  }

  /** The data files made unreadable. */
  async function spoilt(dir: string): Promise<void> {
    const names = await readdir(dir, { recursive: true });
    for (const name of names.filter((name) => name.endsWith(".parquet")))
      await writeFile(join(dir, name), "");
  }

  const A = ["int64", "double", "list<int64>", "boolean", "timestamp", "text"];
  const ALL = ["text", "json", "json", "boolean", "timestamp", "text"];

  test("are those of the kept profiles, without reading the events, and the same", async () => {
    const lake = await varied();
    const asked = async () => [
      await typesOf(lake, { events: "A" }),
      await typesOf(lake, { events: ["A", "B"] }),
      await typesOf(lake, {}),
      await typesOf(lake, {}, ["user_properties.plan", "only"]),
    ];
    const read = await asked();
    expect(read).toEqual([A, ALL, ALL, ["int64", "int64"]]);
    await schemaOf(lake);
    expect(await asked()).toEqual(read);
    await expect(typesOf(lake, { events: "A" }, ["only"])).rejects.toThrow(
      'No selected event has a property "only"',
    );
    await spoilt(lake);
    expect(await asked()).toEqual(read);
    await expect(typesOf(lake, { from: "2026-11-21" })).rejects.toBeInstanceOf(QueryError);
    await expect(typesOf(lake, { users: "u" })).rejects.toBeInstanceOf(QueryError);
    await expect(typesOf(lake, { events: "A" }, ["user_properties.plan"])).rejects.toBeInstanceOf(QueryError);
  });

  test("are read from the events where profiles are not of all files, or damaged", async () => {
    const lake = await varied();
    await schemaOf(lake);
    const path = join(lake, "_ampframe/profiles/2026-11.json");
    const kept = await readFile(path, "utf8");
    await writeFile(path, kept.replaceAll('"int53"', '"text"'));
    expect(await typesOf(lake, { events: "A" })).toEqual(A);
    await writeFile(path, sealed(kept.replaceAll('"int53"', '"text"')));
    expect(await typesOf(lake, { events: "A" })).not.toEqual(A);
    await writeFile(path, kept);
    const later = [at("A", { whole: "x" }, "2026-11-22 01:00:00")];
    await load({ lake, paths: [await write(join(await newFolder(), "b.json"), ndjson(later))] });
    expect(await typesOf(lake, { events: "A" }, ["whole"])).toEqual(["text"]);
    expect(await typesOf(lake, { events: "A", to: "2026-11-21" }, ["whole"])).toEqual(["int64"]);
  });
});
