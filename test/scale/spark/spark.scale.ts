import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  load,
  openLake,
  openSparkLake,
  type RemoteLake,
  runAnalysis,
  type Schema,
  verify,
} from "../../../src/index.js";
import { eventAt, ndjson, newFolder, newPlace, write } from "../../pipeline/scene.js";
import { CommandLine } from "../command-line.js";
import { type SparkCluster, startSpark } from "./cluster.js";
import { QUESTIONS } from "./questions.js";
import { difference } from "./rows.js";

/** Takes minutes on two cores: a sum over so many numbers that a worker can be killed, or the query taken back, meanwhile. */
const LONG = "SELECT sum(CAST(pmod(xxhash64(id, 7), 1000) AS BIGINT)) AS n FROM range(0, 3000000000, 1, 24)";
const EVENTS = ["--days", "4", "--events-per-day", "1500", "--users", "150"];

// The folders of the scene go after each test.
const folder = mkdtempSync(join(tmpdir(), "ampframe-on-spark-"));
const shop = join(folder, "shop");
let cluster: SparkCluster;
let commands: CommandLine;
const opened: RemoteLake[] = [];

beforeAll(async () => {
  cluster = await startSpark(2);
  mkdirSync(join(folder, "home"));
  commands = new CommandLine(join(folder, "home"), { AMPFRAME_SPARK: cluster.server });
  const ran = await commands.run(["emulator", "--write-lake", shop, ...EVENTS]);
  expect(ran, ran.stderr).toMatchObject({ status: 0 });
});

afterAll(async () => {
  for (const lake of opened) await lake.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function onSpark(dir: string, onProgress?: () => void): Promise<RemoteLake> {
  const lake = await openSparkLake(dir, { server: cluster.server, onProgress });
  opened.push(lake);
  return lake;
}

describe("every analysis gives the rows that it gives here", () => {
  test.each(QUESTIONS.map((question, i) => [i, question.analysis, question] as const))(
    "question %i, %s",
    async (_, __, question) => {
      const [here, there] = [await openLake(shop), await onSpark(shop)];
      const ours = await runAnalysis(here, question);
      const theirs = await runAnalysis(there, question);
      expect(difference([...theirs.rows], [...ours.rows])).toBeUndefined();
      expect(difference([...(theirs.totals ?? [])], [...(ours.totals ?? [])])).toBeUndefined();
      await here.close();
    },
  );
});

test("a file of merged ids on this machine tells who is one user there, too", async () => {
  const [here, there] = [await openLake(shop), await onSpark(shop)];
  const ids = await here.query<{ id: bigint }>(
    "SELECT DISTINCT amplitude_id AS id FROM events ORDER BY 1 LIMIT 40",
  );
  const [first, ...others] = (await ids.toArray()).map(({ id }) => id);
  const merges = join(folder, "merged_ids.csv");
  const lines = others.map((id) => `${id},${first}`);
  writeFileSync(merges, ["amplitude_id,merged_amplitude_id", ...lines].join("\n"));
  const question = { analysis: "segmentation", events: ["_active"], measure: "uniques" } as const;
  const merged = { ...question, identity: { merges } };
  const [raw, ours, theirs] = [
    await runAnalysis(here, question),
    await runAnalysis(here, merged),
    await runAnalysis(there, merged),
  ];
  expect(difference([...theirs.rows], [...ours.rows])).toBeUndefined();
  expect(difference([...raw.rows], [...ours.rows])).toBeDefined();
  await here.close();
});

const corpus = process.env.AMPFRAME_CORPUS;
test.skipIf(corpus === undefined)("so it does on real exports", async () => {
  const exports = join(corpus ?? "", "exports");
  for (const name of readdirSync(exports)) {
    const lake = await newPlace();
    await load({ lake, paths: [join(exports, name)] }).catch(() => undefined);
    if (!existsSync(join(lake, "_delta_log"))) continue;
    const [here, there] = [await openLake(lake), await onSpark(lake)];
    if ((await here.extent()).events === 0) continue;
    for (const question of [
      { analysis: "segmentation", events: ["_all"], measure: "uniques", groupBy: ["event_type", "country"] },
      { analysis: "retention", start: "_new", return: "_active", intervals: 3 },
      { analysis: "sessions", interval: "month" },
      { analysis: "composition", property: "user_properties.utm_source" },
    ] as const) {
      const [ours, theirs] = [await runAnalysis(here, question), await runAnalysis(there, question)];
      expect(difference([...theirs.rows], [...ours.rows]), `${name} ${question.analysis}`).toBeUndefined();
    }
    const found = JSON.stringify(await there.schema());
    rmSync(join(lake, "_ampframe", "profiles"), { recursive: true });
    expect(JSON.stringify(await here.schema()), name).toBe(found);
    await here.close();
  }
});

describe("the schema is the one that is found here", () => {
  const plain = (schema: Schema) => JSON.parse(JSON.stringify(schema));
  const forget = (dir: string) =>
    rmSync(join(dir, "_ampframe", "profiles"), { recursive: true, force: true });

  test("of all events, by the command", async () => {
    forget(shop);
    const there = await commands.json("schema", "--lake", shop, "--engine", "spark");
    forget(shop);
    expect(await commands.json("schema", "--lake", shop)).toEqual(there);
    expect(Number(there.count)).toBeGreaterThan(5_000);
  });

  test("of some, and where part of a day was profiled here before", async () => {
    const [lake, folder] = [await newPlace(), await newFolder()];
    const [here, there] = [await openLakeOf(0), await onSpark(lake)];
    const day = { from: "2026-11-20", to: "2026-11-20T05", events: "Search" };
    const own = plain(await here.schema());
    await openLakeOf(1);
    const more = plain(await there.schema());
    expect(more.count).toBe(2 * own.count);
    const some = plain(await there.schema(day));
    forget(lake);
    expect(plain(await here.schema())).toEqual(more);
    expect(plain(await here.schema(day))).toEqual(some);
    expect(some.count).toBeGreaterThan(0);
    await here.close();

    async function openLakeOf(hour: number) {
      const events = Array.from({ length: 40 }, (_, n) => ({
        ...eventAt(`2026-11-20 0${5 + hour}:00:00.${String(n).padStart(6, "0")}`),
        event_type: n % 3 === 0 ? "Search" : "Open",
        event_properties: {
          n: n * (hour === 0 ? 1 : 1e18),
          mixed: n % 2 === 0 ? String(n) : [n, null, { n }],
        },
      }));
      await load({ lake, paths: [await write(join(folder, `${hour}.json`), ndjson(events))] });
      return openLake(lake);
    }
  });
});

test("a name that no event has is told as here, from the profiles that schema keeps", async () => {
  const [here, there] = [await openLake(shop), await onSpark(shop)];
  await there.schema();
  const known = await there.frame().names({});
  expect(known?.events.length).toBeGreaterThan(5);
  expect(known).toEqual(await here.frame().names({}));
  const question = { analysis: "segmentation", events: ["Product Vewed"] } as const;
  const [ours, theirs] = [await runAnalysis(here, question), await runAnalysis(there, question)];
  expect(theirs.warnings).toEqual(ours.warnings);
  expect(theirs.warnings).toMatchObject([{ nearest: "Product Viewed" }]);
  await here.close();
});

test("sql reads the same events, and writes them in every form", async () => {
  const sums = "count(*) AS n, count(DISTINCT uuid) AS uuids, sum(event_id) AS ids, max(event_type) AS last";
  const here = await commands.json("sql", "--lake", shop, `SELECT ${sums} FROM events`);
  const there = await commands.json("sql", "--lake", shop, "--engine", "spark", `SELECT ${sums} FROM events`);
  expect(there).toEqual(here);
  const csv = await commands.run([
    ...["sql", "--lake", shop, "--engine", "spark", "--format", "csv"],
    "SELECT 'a' AS a, 9007199254740993 AS big, TIMESTAMP '2026-11-23 05:06:07.123456Z' AS t, array(1.5D, NULL) AS l",
  ]);
  expect(csv.stdout).toBe('a,big,t,l\na,9007199254740993,2026-11-23 05:06:07.123456,"[1.5,null]"\n');
});

test("a fault is told as here: what was found, and the way out, without a stack", async () => {
  const wrong = await commands.run(["sql", "--lake", shop, "--engine", "spark", "SELECT nope FROM events"]);
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toMatch(/`nope` cannot be resolved/);
  expect(wrong.stderr).toMatch(/DESCRIBE events/);
  expect(wrong.stderr).not.toMatch(/\n\s+at /);
  const nobody = await commands.run([
    ...["sql", "--lake", shop, "--engine", "spark", "--spark", "sc://127.0.0.1:1", "SELECT 1"],
  ]);
  expect(nobody.stderr).toMatch(/No Spark Connect server answers at 127\.0\.0\.1:1: connect ECONNREFUSED/);
});

test("a query that is taken back ends at once, and the session goes on", async () => {
  let begun = false;
  const lake = await onSpark(shop, () => {
    begun = true;
  });
  const taken = new AbortController();
  const answer = lake.query(LONG, undefined, { signal: taken.signal });
  answer.catch(() => {});
  await expect.poll(() => begun, { timeout: 120_000 }).toBe(true);
  const at = Date.now();
  taken.abort();
  await expect(answer).rejects.toThrow("The query was cancelled.");
  expect(Date.now() - at).toBeLessThan(30_000);
  const next = await lake.query("SELECT 1 AS one");
  expect(await next.toArray()).toEqual([{ one: 1 }]);
});

test("a table that Spark compacted is read, verified and extended", async () => {
  const lake = await newPlace();
  const hours = ["2026-11-20 05:00:00", "2026-11-20 06:00:00", "2026-11-20 07:00:00"];
  const folder = await newFolder();
  for (const [i, hour] of hours.entries()) {
    const events = Array.from({ length: 50 }, (_, n) => eventAt(`${hour}.${String(n).padStart(6, "0")}`));
    await load({ lake, paths: [await write(join(folder, `${i}.json`), ndjson(events))] });
  }
  const there = await onSpark(lake);
  await there.query(`OPTIMIZE delta.\`${lake}\``);
  const proof = await verify({ lake });
  expect(proof.faults).toEqual([]);
  const here = await openLake(lake);
  expect(await here.frame().count()).toBe(150);
  await load({
    lake,
    paths: [await write(join(folder, "more.json"), ndjson([eventAt("2026-11-20 08:00:00")]))],
  });
  expect(await here.frame().count()).toBe(151);
  const [row] = await (await there.query<{ n: bigint }>("SELECT count(*) AS n FROM events")).toArray();
  expect(row?.n).toBe(151n);
  await here.close();
});

test("a worker is killed in mid-query, and the answer still comes", async () => {
  let begun = false;
  const lake = await onSpark(shop, () => {
    begun = true;
  });
  const answer = lake.query<{ n: bigint }>(LONG.replace("3000000000", "300000000"));
  await expect.poll(() => begun, { timeout: 120_000 }).toBe(true);
  cluster.killWorker();
  const [row] = await (await answer).toArray();
  expect(Number(row?.n)).toBeGreaterThan(149_000_000_000);
  expect(Number(row?.n)).toBeLessThan(151_000_000_000);
});
