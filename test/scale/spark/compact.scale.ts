import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type * as SparkRowsSql from "../../../src/engine/spark/spark-rows.js";
import { compact, load, planCompact, verify } from "../../../src/index.js";
import { openTable } from "../../../src/pipeline/open-table.js";
import {
  bring,
  emulated,
  eventAt,
  expectWhole,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  rowsOf,
  type Served,
  write,
} from "../../pipeline/scene.js";
import { BucketContent } from "../bucket-content.js";
import { CommandLine, randomOf } from "../command-line.js";
import { type S3Server, startS3 } from "../s3-server.js";
import { type SparkCluster, startSpark } from "./cluster.js";

/** What a cluster that goes wrong does to the rows that it writes. */
let harm:
  | ((...args: Parameters<typeof SparkRowsSql.writeOnSpark>) => Parameters<typeof SparkRowsSql.writeOnSpark>)
  | undefined;
vi.mock("../../../src/engine/spark/spark-rows.js", async (original) => {
  const right = await original<typeof SparkRowsSql>();
  const writeOnSpark: typeof right.writeOnSpark = (...args) =>
    right.writeOnSpark(...(harm?.(...args) ?? args));
  return { ...right, writeOnSpark };
});

const BUCKET = "ampframe-compact";
const clock = noon();
const now = () => clock.now;
let folder: string;
let s3: S3Server;
let cluster: SparkCluster;
let commands: CommandLine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ampframe-spark-compact-"));
  s3 = await startS3(BUCKET);
  cluster = await startSpark(2, { s3 });
  await mkdir(join(folder, "home"));
  commands = new CommandLine(join(folder, "home"), { ...s3.env, AMPFRAME_SPARK: cluster.server });
});

afterAll(async () => {
  await cluster?.stop();
  await s3?.stop();
  await rm(folder, { recursive: true, force: true });
});

const spark = () => ({ server: cluster.server });

async function loadAll(lake: string, lists: readonly (readonly Served[])[]): Promise<void> {
  const files = await newFolder();
  for (const [i, events] of lists.entries()) {
    await load({ lake, paths: [await write(join(files, `${i}.json`), ndjson(events))] });
  }
}

/** What the log and its account say of the table, but for names, sizes and times. */
async function accountsOf(lake: string) {
  const table = await openTable(lake);
  const summaries = await table.summaries();
  const files: unknown[] = [];
  for await (const { account } of table.accounts()) {
    if (account.operation !== "compact") continue;
    for (const { path: _, bytes: __, sha256: ___, hours, ...figures } of account.files) {
      files.push({ ...figures, hours: Object.entries(hours).sort() });
    }
  }
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}` : each));
  return {
    hours: summaries
      .filter(({ operation }) => operation === "compact")
      .map(({ hours }) => text(hours))
      .sort(),
    files: files.map(text).sort(),
  };
}

/** Rows that stand in their file after one that should come later. */
async function misplaced(lake: string): Promise<unknown> {
  const table = await openTable(lake);
  const files = [...table.snapshot.files.keys()].map((path) => `'${table.filePath(path)}'`).join(", ");
  const key = "(amplitude_id IS NULL, amplitude_id, event_time IS NULL, event_time)";
  const [[wrong] = []] = await rowsOf(
    lake,
    `(SELECT count(*) FROM (SELECT ${key} < lag(${key}) OVER (PARTITION BY filename ORDER BY file_row_number) AS wrong
      FROM read_parquet([${files}], filename = true, file_row_number = true, hive_partitioning = false)) WHERE wrong)`,
    "LIMIT 1",
  );
  return wrong;
}

/** Hours that were pulled and files by hand in the same days, copies far apart, and values at the edges of their types. */
async function mixedLake(): Promise<string> {
  const lake = await newPlace();
  const shop = await emulated(clock, { days: 3, eventsPerDay: 300, users: 40, duplicateRate: 0.05 });
  await bring(shop, clock, lake, { from: "2026-11-20", to: "2026-11-22" });
  const old = [1, 2, 3].map((hour) => eventAt(`2026-10-01 0${hour}:00:00`));
  const again = old.map((event, i) => ({
    ...event,
    server_upload_time: `2026-11-0${i + 1} 05:00:00.000000`,
  }));
  const odd = [
    { amplitude_id: null, location_lat: -0, location_lng: 0.1, city: "", user_id: "Zoë \u0000 𝄞" },
    { amplitude_id: "9223372036854775807", location_lat: 5e-324, location_lng: 1.7976931348623157e308 },
    { amplitude_id: "-9223372036854775808", event_time: "0001-01-01 00:00:00.000000" },
    { client_event_time: "9999-12-31 23:59:59.999999", event_time: null, paying: false },
    { event_time: "1582-10-10 12:00:00.123456", user_properties: { a: 1.5, ключ: [null, "\ud83d\ude00"] } },
    { nobody_knows: { deep: [1, 2, 3] }, session_id: -1, idfa: "b", adid: null },
    { idfa: null, adid: "b" },
  ].map((more, i) => eventAt(`2026-11-20 0${i}:10:00`, more));
  await loadAll(lake, [old, again, odd.slice(0, 4), odd.slice(4), [eventAt("2026-11-20 09:00:00.999999")]]);
  return lake;
}

test("a cluster merges what this machine would: the same rows in the same order, and the same account", async () => {
  const lake = await mixedLake();
  const local = `${lake}-local`;
  await cp(lake, local, { recursive: true });
  const uuids = (await rowsOf(lake, "count(DISTINCT uuid)", ""))[0];
  const plans = await Promise.all([
    planCompact({ lake, spark: spark() }, now),
    planCompact({ lake: local }, now),
  ]);
  expect(plans[0].days).toEqual(plans[1].days);
  const there = await compact({ lake, spark: spark() }, now);
  const here = await compact({ lake: local }, now);
  const { days, rows, duplicates, refused, before } = here;
  expect(there).toMatchObject({
    days,
    rows,
    duplicates,
    refused,
    before,
    after: { files: here.after.files },
  });
  expect(duplicates).toBe(3);
  expect(await rowsOf(lake, "*")).toEqual(await rowsOf(local, "*"));
  expect(await accountsOf(lake)).toEqual(await accountsOf(local));
  expect(await rowsOf(lake, "count(*), count(DISTINCT uuid)", "")).toEqual([[uuids?.[0], uuids?.[0]]]);
  expect(await misplaced(lake)).toBe(0n);
  await expectWhole(lake, clock);
  expect((await verify({ lake, deep: true })).faults).toEqual([]);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  expect(await compact({ lake, spark: spark() }, now)).toMatchObject({ days: 0, refused: [] });
});

test("a day that is too large for one file becomes several, and no user is in two of them", async () => {
  const lake = await newPlace();
  const noise = randomOf(7);
  const events = Array.from({ length: 4_000 }, (_, n) =>
    eventAt(`2026-11-20 05:00:00.${String(n).padStart(6, "0")}`, {
      amplitude_id: n % 7 === 0 ? null : 1000 + (n % 300),
      event_properties: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, noise()])),
    }),
  );
  await loadAll(lake, [events.slice(0, 1000), events.slice(1000)]);
  const rows = await rowsOf(lake, "*");
  const report = await compact({ lake, spark: spark(), fileBytes: 1_000_000 }, now);
  expect(report).toMatchObject({ days: 1, refused: [] });
  expect(report.after.files).toBeGreaterThan(1);
  expect(await rowsOf(lake, "*")).toEqual(rows);
  expect(await misplaced(lake)).toBe(0n);
  const table = await openTable(lake);
  const files = [...table.snapshot.files.keys()].map((path) => `'${table.filePath(path)}'`).join(", ");
  const split = `(SELECT count(*) FROM (SELECT amplitude_id FROM read_parquet([${files}], filename = true, hive_partitioning = false)
    GROUP BY 1 HAVING count(DISTINCT filename) > 1))`;
  expect(await rowsOf(lake, split, "LIMIT 1")).toEqual([[0n]]);
  await expectWhole(lake, clock);
});

test.each([
  [
    "loses an hour",
    (pieces: readonly SparkRowsSql.SparkPiece[]) =>
      pieces.map((piece) => ({ ...piece, hours: [Date.parse("2026-11-20T01:00Z")] })),
  ],
  [
    "loses a row",
    (pieces: readonly SparkRowsSql.SparkPiece[]) => pieces.map((piece) => ({ ...piece, without: [0] })),
  ],
  [
    "writes a file twice",
    (pieces: readonly SparkRowsSql.SparkPiece[]) => [
      ...pieces,
      { path: pieces[0]?.path.replace("/part", "//part") ?? "" },
    ],
  ],
] as const)("a cluster that %s is found out, and nothing is changed", async (_, wrong) => {
  const lake = await newPlace();
  await loadAll(lake, [
    [eventAt("2026-11-20 01:00:00")],
    [eventAt("2026-11-20 02:00:00"), eventAt("2026-11-20 02:30:00")],
  ]);
  const rows = await rowsOf(lake, "*");
  const { version } = await expectWhole(lake, clock);
  harm = (files, pieces, ...rest) => [files, wrong(pieces), ...rest];
  const report = await compact({ lake, spark: spark() }, now).finally(() => {
    harm = undefined;
  });
  expect(report).toMatchObject({ days: 0, version });
  expect(report.refused).toMatchObject([
    { reason: expect.stringMatching(/would have changed its rows.* of uuid 0000/) },
  ]);
  expect(await rowsOf(lake, "*")).toEqual(rows);
  await expectWhole(lake, clock);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
});

test("a cluster and this machine at once, beside hours that are brought again: each day once, no row lost or doubled", async () => {
  const lake = await newPlace();
  const days = ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"];
  const events = days.flatMap((day) => [1, 2, 3].map((hour) => [eventAt(`${day} 0${hour}:00:00`)]));
  await loadAll(lake, events);
  const pulled = [eventAt("2026-11-20 05:00:00"), eventAt("2026-11-20 06:00:00")];
  const range = { from: "2026-11-20", to: "2026-11-20" };
  await bring(await replayed(clock, pulled), clock, lake, range);
  const changed = pulled.map((event) => ({ ...event, city: "elsewhere" }));
  const second = await replayed(clock, changed);
  const [there, here] = await Promise.all([
    compact({ lake, spark: spark() }, now),
    sleep(1_500).then(() => compact({ lake }, now)),
    sleep(2_500).then(() => bring(second, clock, lake, { refresh: range })),
  ]);
  expect([...there.refused, ...here.refused]).toEqual([]);
  const uuids = [...events.flat(), ...pulled].map(({ uuid }) => [uuid]).sort();
  expect(await rowsOf(lake, "uuid")).toEqual(uuids);
  await expectWhole(lake, clock);
});

test("a compaction that is taken back leaves the lake as it was, or with whole days", async () => {
  const lake = await newPlace();
  await loadAll(lake, [[eventAt("2026-11-20 01:00:00")], [eventAt("2026-11-20 02:00:00")]]);
  const taken = new AbortController();
  const outcome = compact({ lake, spark: spark(), signal: taken.signal }, now);
  await sleep(2_000);
  taken.abort();
  await expect(outcome).rejects.toThrow(/cancelled/);
  await expectWhole(lake, clock);
});

test("what is wrong with the cluster is told in words, and nothing is changed", async () => {
  const [lake, other] = [await newPlace(), await newPlace()];
  await loadAll(lake, [[eventAt("2026-11-20 01:00:00")]]);
  await loadAll(other, [[eventAt("2026-11-20 01:00:00")]]);
  await expect(compact({ lake, spark: { ...spark(), path: other } }, now)).rejects.toThrow(
    /finds at .* is not the lake .*: their ids are/,
  );
  await expect(compact({ lake, spark: { server: "sc://127.0.0.1:1" } }, now)).rejects.toThrow(
    /No Spark Connect server answers at 127\.0\.0\.1:1/,
  );
  const none = await commands.run([
    "compact",
    "--lake",
    lake,
    "--engine",
    "spark",
    "--spark-lake",
    "/nowhere",
  ]);
  expect(none).toMatchObject({ status: 1, stdout: "" });
  expect(none.stderr).toMatch(/--spark-lake/);
  expect(none.stderr).not.toMatch(/\n\s+at /);
  await expectWhole(lake, clock);
});

test("in a bucket, killed again and again: old or new days, nothing lost, and in the end nothing left beside", async () => {
  const lake = `s3://${BUCKET}/lake`;
  await commands.json(
    "emulator",
    "--write-lake",
    lake,
    "--days",
    "6",
    "--events-per-day",
    "400",
    "--users",
    "60",
  );
  const files = await newFolder();
  await write(join(files, "more.json"), ndjson([eventAt("2026-11-20 05:00:00")]));
  await commands.json("load", join(files, "more.json"), "--lake", lake);
  const sums =
    "SELECT count(*) AS n, count(DISTINCT uuid) AS uuids, sum(hash(COLUMNS(*)))::VARCHAR AS sums FROM events";
  const before = await commands.rows(lake, sums);
  const random = randomOf(11);
  const asked = ["compact", "--lake", lake, "--engine", "spark", "--grace", "1h"];
  for (let run = 0; run < 6; run += 1) {
    await commands.run(asked, (child) => {
      setTimeout(() => child.kill("SIGKILL"), 1_500 + random() * 9_000);
    });
    expect((await commands.json("verify", "--lake", lake)).faults).toEqual([]);
  }
  const report = await commands.json(...asked);
  expect(report.refused).toEqual([]);
  expect(await commands.rows(lake, sums)).toEqual(before);
  expect((await commands.json("verify", "--deep", "--lake", lake)).faults).toEqual([]);
  const content = new BucketContent(s3, BUCKET);
  const { there, named } = await content.dataFiles("lake");
  expect(there.filter((path) => !named.has(path))).toEqual([]);
  const left = await content.keys("lake/_ampframe/staging/");
  // What Spark was still writing when its client was killed has no owner; it goes when it is a day old.
  expect(left.filter((key) => key.endsWith("owner.json"))).toEqual([]);
  expect(await commands.json(...asked)).toMatchObject({ days: 0 });
});
