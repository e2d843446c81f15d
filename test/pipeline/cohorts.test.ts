import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cohort } from "../../src/analyses/cohort.js";
import type { CohortDefinition } from "../../src/analyses/cohort-definition.js";
import { cohorts, deleteCohort, saveCohort } from "../../src/analyses/saved-cohorts.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import type { Lake } from "../../src/frame/lake.js";
import { forget, planForget } from "../../src/pipeline/forget.js";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { verify } from "../../src/pipeline/verify.js";
import { filesHolding } from "./forgetting.js";
import { eventAt, ndjson, newFolder, newPlace, write } from "./scene.js";

const ANNA = 71000000000001;
const BORIS = 71000000000002;
const CARLA = 71000000000003;
const TIMES = { from: "2026-11-20", to: "2026-11-21" };
const BUYERS: CohortDefinition = { did: "Buy", ...TIMES };

const event = (
  at: string,
  event_type: string,
  amplitude_id: number,
  device_id: string,
  user_id: string | null,
) => eventAt(at, { event_type, amplitude_id, device_id, user_id });

/** Anna and Boris buy, Carla looks; Anna and Carla share a tablet. */
async function loaded(): Promise<string> {
  const lake = await newPlace();
  const events = [
    event("2026-11-20 01:10:00", "Buy", ANNA, "phone", "anna"),
    event("2026-11-20 01:20:00", "Buy", ANNA, "tablet", "anna"),
    event("2026-11-20 01:30:00", "Buy", BORIS, "laptop", "boris"),
    event("2026-11-21 01:10:00", "Look", CARLA, "tablet", "carla"),
    event("2026-11-21 01:20:00", "Look", CARLA, "phone of Carla", "carla"),
  ];
  await load({ lake, paths: [await write(join(await newFolder(), "a.json"), ndjson(events))] });
  return lake;
}

async function opened<T>(dir: string, work: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = await openLake(dir);
  try {
    return await work(lake);
  } finally {
    await lake.close();
  }
}

const usersOf = async (lake: Lake, definition: CohortDefinition) =>
  [...(await cohort(lake, definition)).rows].map(({ amplitude_id }) => Number(amplitude_id));

test("a saved cohort is read by name, in definitions and in segments; a static one keeps its users", async () => {
  const dir = await loaded();
  await opened(dir, async (lake) => {
    await saveCohort(lake, "buyers", BUYERS, {}, () => 0);
    await saveCohort(lake, "then", BUYERS, { static: true }, () => 0);
    await saveCohort(lake, "others", { not: { cohort: "buyers" } });
    expect(await usersOf(lake, { cohort: "others" })).toEqual([CARLA]);
    expect(await cohorts(lake)).toMatchObject([
      { name: "buyers", definition: BUYERS, saved: "1970-01-01T00:00:00.000Z", computed: null },
      { name: "others", computed: null },
      { name: "then", computed: { version: 1, ids: [String(ANNA), String(BORIS)] } },
    ]);
    const more = event("2026-11-21 02:10:00", "Buy", CARLA, "tablet", "carla");
    await load({ lake: dir, paths: [await write(join(await newFolder(), "b.json"), ndjson([more]))] });
    expect(await usersOf(lake, { cohort: "buyers" })).toEqual([ANNA, BORIS, CARLA]);
    expect(await usersOf(lake, { cohort: "then" })).toEqual([ANNA, BORIS]);
    const segments = {
      buyers: { cohort: "buyers" },
      static: { cohort: "then" },
      again: { cohort: "buyers" },
    };
    // A frame of some events only: who is of a cohort is told by all.
    const found = await segmentation(lake.frame({ events: ["Look"] }), "Look", { ...TIMES, segments });
    expect([...found.totals].map(({ segment, value }) => [segment, value])).toEqual([
      ["buyers", 1],
      ["static", 0],
      ["again", 1],
    ]);
    await deleteCohort(lake, "then");
    await expect(deleteCohort(lake, "then")).rejects.toThrow('There is no cohort "then"');
    await expect(usersOf(lake, { cohort: "buyer" })).rejects.toMatchObject({
      wayOut: 'Did you mean "buyers"?',
    });
  });
  expect((await readdir(join(dir, "_ampframe/cohorts"))).sort()).toEqual(["buyers.json", "others.json"]);
  expect(await verify({ lake: dir })).toMatchObject({ faults: [] });
});

test("a cohort that is made of itself, or whose name is none, is not saved", async () => {
  await opened(await loaded(), async (lake) => {
    await saveCohort(lake, "a", BUYERS);
    await saveCohort(lake, "b", { any: [{ cohort: "a" }, { new: true }] });
    await expect(saveCohort(lake, "a", { not: { cohort: "b" } })).rejects.toThrow("a → b → a");
    for (const name of ["", "../a", "a/b", "a.b", "con", "é", "x".repeat(65)]) {
      await expect(saveCohort(lake, name, BUYERS)).rejects.toThrow("cannot be the name of a cohort");
    }
    expect((await cohorts(lake)).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

test("a damaged cohort is told, and can be saved anew", async () => {
  const dir = await loaded();
  await opened(dir, async (lake) => {
    await saveCohort(lake, "buyers", BUYERS);
    const path = join(dir, "_ampframe/cohorts/buyers.json");
    await writeFile(path, (await readFile(path, "utf8")).slice(0, -9));
    await expect(cohorts(lake)).rejects.toMatchObject({ name: "LakeError" });
    await saveCohort(lake, "buyers", BUYERS);
    expect(await cohorts(lake)).toHaveLength(1);
  });
});

test("whom the lake forgets no cohort lists", async () => {
  const dir = await loaded();
  await opened(dir, async (lake) => {
    await saveCohort(lake, "static", BUYERS, { static: true });
    await saveCohort(lake, "listed", { any: [{ ids: [ANNA, String(CARLA)] }, { not: { ids: [ANNA] } }] });
    await saveCohort(lake, "looked", { did: "Look", ...TIMES }, { static: true });
  });
  const left = join(dir, "_ampframe/cohorts/static.json.a-killed-run");
  await writeFile(left, String(ANNA));
  const holding = async () =>
    (await filesHolding(dir, [String(ANNA)])).filter((name) => name.includes("cohorts"));
  expect(await holding()).toHaveLength(3);
  expect(await planForget({ lake: dir, userIds: ["anna"] })).toMatchObject({ cohorts: ["listed", "static"] });
  expect(await holding()).toHaveLength(3);
  const report = await forget({ lake: dir, userIds: ["anna"] });
  expect(report).toMatchObject({ rows: 2, cohorts: ["listed", "static"], refused: [] });
  expect(await filesHolding(dir, [String(ANNA)])).toEqual([]);
  await opened(dir, async (lake) => {
    expect(await cohorts(lake)).toMatchObject([
      { definition: { any: [{ ids: [String(CARLA)] }, { not: { ids: [] } }] } },
      { computed: { ids: [String(CARLA)] } },
      { computed: { ids: [String(BORIS)] } },
    ]);
  });
  expect(await forget({ lake: dir, userIds: ["anna"] })).toMatchObject({ cohorts: [] });
});

test("who has other events stays in cohorts when a shared device is forgotten; an id that is named goes", async () => {
  const dir = await loaded();
  await opened(dir, (lake) => saveCohort(lake, "all", { did: "_all", ...TIMES }, { static: true }));
  expect(await forget({ lake: dir, deviceIds: ["tablet"] })).toMatchObject({ rows: 2, cohorts: [] });
  expect(await forget({ lake: dir, amplitudeIds: [CARLA] })).toMatchObject({ rows: 1, cohorts: ["all"] });
  await opened(dir, async (lake) => {
    expect(await cohorts(lake)).toMatchObject([{ computed: { ids: [String(ANNA), String(BORIS)] } }]);
  });
});

test("a cohort whose condition names a forgotten person is told, and stays as it is", async () => {
  const dir = await loaded();
  const definition: CohortDefinition = { had: { property: "user_id", value: ["anna", "boris"] }, ...TIMES };
  await opened(dir, (lake) => saveCohort(lake, "some", definition));
  const what = "The cohort some";
  expect(await planForget({ lake: dir, userIds: ["anna"] })).toMatchObject({ refused: [{ what }] });
  expect(await forget({ lake: dir, userIds: ["anna"] })).toMatchObject({ cohorts: [], refused: [{ what }] });
  await opened(dir, async (lake) => expect(await cohorts(lake)).toMatchObject([{ definition }]));
});

test("a static cohort that was counted while its person was forgotten is counted again", async () => {
  const dir = await loaded();
  await opened(dir, async (lake) => {
    let rounds = 0;
    const frame = lake.frame.bind(lake);
    const slow = {
      frame() {
        const selected = frame();
        const { cohorts: store } = selected;
        const write = async (name: string, text: string): Promise<void> => {
          if (rounds++ === 0) await forget({ lake: dir, userIds: ["anna"] });
          await store!.write(name, text);
        };
        return Object.defineProperty(selected, "cohorts", { value: { ...store!, write } });
      },
    };
    const saved = await saveCohort(slow, "buyers", BUYERS, { static: true });
    expect(rounds).toBe(2);
    expect(saved.computed?.ids).toEqual([String(BORIS)]);
  });
  expect(await filesHolding(dir, [String(ANNA)])).toEqual([]);
});
