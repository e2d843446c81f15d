import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../dist/index.js";
import { BucketContent } from "./bucket-content.js";
import { CommandLine, type Ran, randomOf } from "./command-line.js";
import { type Harm, inWords, type S3Proxy, startS3Proxy } from "./s3-proxy.js";
import { type S3Server, startS3 } from "./s3-server.js";

const BUCKET = "ampframe-scale";
const DAYS = 8;
/** The last upload hour, a week ago: the emulator's data would else go on with the clock while the test runs. */
const END = `${new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10)}T23`;
const EXPORTERS = 8;
/** So often one of the exporters is killed before they are let finish. */
const KILLS = 24;
/** The share of requests that are harmed: of those that commit, and of all others. */
const HARMED = { commits: 0.4, others: 0.04 };
/** Requests that are never answered; each costs its exporter a minute. */
const HANGS = 2;
const SEED = Number(process.env.AMPFRAME_SEED ?? 7);

const KEYS = { AMPLITUDE_API_KEY: "key", AMPLITUDE_SECRET_KEY: "secret" };

let s3: S3Server;
let proxy: S3Proxy;
let emulator: Emulator;
let home: string;
let bucket: BucketContent;
/** What reaches the store as it is, and what goes through the proxy. */
let direct: CommandLine;
let harmed: CommandLine;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ampframe-scale-"));
  s3 = await startS3(BUCKET);
  bucket = new BucketContent(s3, BUCKET);
  proxy = await startS3Proxy(s3.endpoint);
  emulator = await startEmulator({
    ...{ days: DAYS, end: END, eventsPerDay: 1_500, duplicateRate: 0.05 },
    ...{ apiKey: "key", secretKey: "secret" },
  });
  direct = new CommandLine(home, { ...KEYS, ...s3.env });
  harmed = new CommandLine(home, { ...KEYS, ...s3.env, AWS_ENDPOINT_URL_S3: proxy.endpoint });
});

afterAll(async () => {
  await emulator?.close();
  await proxy?.stop();
  await s3?.stop();
  await rm(home, { recursive: true, force: true });
});

beforeEach(() => {
  proxy.reset();
  proxy.harm = () => undefined;
});

const pullInto = (lake: string) => {
  const { from, to } = emulator.truth();
  return ["pull", "--lake", lake, "--endpoint", emulator.url, "--from", from, "--to", to, "--json"];
};

/** Holds what the log says, commit by commit, against all hours of the range: each is there, and none twice. */
function expectEachHourOnce(hours: readonly string[]): void {
  const { from } = emulator.truth();
  const start = Date.parse(`${from}:00:00Z`);
  const all = Array.from({ length: DAYS * 24 }, (_, i) => new Date(start + i * 3_600_000).toISOString());
  expect([...hours].sort()).toEqual(all.map((hour) => hour.slice(0, 13)));
}

/** Chooses harms: of each kind that can happen to a request, before it takes effect and after. */
function harmsOf(random: () => number): S3Proxy["harm"] {
  let hangs = 0;
  const commits: Harm["answer"][] = [409, 412, 500, 503, "cut"];
  return ({ kind }) => {
    const isCommit = kind === "PUT if-absent";
    if (random() >= (isCommit ? HARMED.commits : HARMED.others)) return undefined;
    const after = random() < 0.6;
    if (!isCommit) {
      const answer = random() < 0.5 ? 503 : "cut";
      return { answer, after: after && kind !== "GET" && kind !== "LIST" };
    }
    if (hangs < HANGS && random() < 0.1) {
      hangs += 1;
      return { answer: "hang", after };
    }
    const answer = commits[Math.floor(random() * commits.length)] ?? 500;
    // A store says 412 only of what is there.
    return { answer, after: after || answer === 412 };
  };
}

test("eight exporters, killed at random, over a store that answers wrongly: nothing is lost or doubled", async () => {
  const lake = `s3://${BUCKET}/exporters`;
  const random = randomOf(SEED);
  proxy.harm = harmsOf(random);
  let [kills, failures] = [0, 0];
  const exporter = async (): Promise<Ran> => {
    for (;;) {
      const mayKill = kills < KILLS;
      if (mayKill) kills += 1;
      let timer: NodeJS.Timeout | undefined;
      const ran = await harmed.run(pullInto(lake), (child) => {
        if (mayKill) timer = setTimeout(() => child.kill("SIGKILL"), 300 + 6_000 * random());
      });
      clearTimeout(timer);
      // What a store never confirmed is told as such, and the next run goes on.
      if (ran.status === 0 || failures >= EXPORTERS) return ran;
      if (ran.status !== null) failures += 1;
    }
  };
  const ended = await Promise.all(Array.from({ length: EXPORTERS }, exporter));
  expect(ended.map(({ status, stderr }) => (status === 0 ? "" : stderr)).join("")).toBe("");
  expect(kills).toBe(KILLS);
  const [asked, harms] = [inWords(proxy.counts), inWords(proxy.harms)];
  const harmedCommits = [...proxy.harms].filter(([name]) => / (409|412|500|503|cut|hang) after$/.test(name));
  expect(harmedCommits.length).toBeGreaterThan(3);
  proxy.harm = () => undefined;

  const truth = emulator.truth();
  expect(await direct.json("verify", "--lake", lake)).toMatchObject({ ok: true, rows: truth.events });
  const [{ n, uuids } = {}] = await direct.rows(
    lake,
    "SELECT count(*) n, count(DISTINCT uuid) uuids FROM events",
  );
  expect([Number(n), Number(uuids)]).toEqual([truth.events, truth.events]);
  expectEachHourOnce(await bucket.hoursOf("exporters", "ampframe pull"));
  // Each further run occupies a version, after which what the killed ones had uploaded can go.
  await direct.json("compact", "--lake", lake);
  const status = await direct.json("status", "--lake", lake);
  expect(status).toMatchObject({ rows: truth.events, disk: { staging: 0 } });
  const { there, named } = await bucket.dataFiles("exporters");
  expect(there.filter((path) => !named.has(path))).toEqual([]);
  console.log(
    `${EXPORTERS} exporters, ${kills} killed, ${failures} gave up once: ${truth.events} events, version ${status.version}\n` +
      `  requests: ${asked}\n  harmed: ${harms}`,
  );
});

test("four exporters share a range without a coordinator: each hour is brought once", async () => {
  const lake = `s3://${BUCKET}/shared`;
  const before = emulator.requests.length;
  const [, ...range] = pullInto(lake);
  const reports = await Promise.all(
    Array.from({ length: 4 }, () => direct.json("pull", ...range.slice(0, -1))),
  );
  const truth = emulator.truth();
  const sum = (key: string) => reports.reduce((all, report) => all + Number(report[key]), 0);
  // Whoever was second with an hour did not count it.
  expect(sum("loaded") - sum("duplicates")).toBe(truth.events);
  expect(sum("hours")).toBe(DAYS * 24);
  expectEachHourOnce(await bucket.hoursOf("shared", "ampframe pull"));
  expect(await direct.json("verify", "--lake", lake)).toMatchObject({ ok: true, rows: truth.events });
  const { there, named } = await bucket.dataFiles("shared");
  expect(there.filter((path) => !named.has(path))).toEqual([]);
  expect(await bucket.keys("shared/_ampframe/staging")).toEqual([]);
  const requests = emulator.requests.length - before;
  const shares = reports.map(({ hours }) => hours).join(" + ");
  console.log(
    `4 exporters, ${shares} hours; ${requests} requests to Amplitude, where one alone makes ${DAYS}`,
  );
});

test("three compactions at once share the days, and what is left is whole", async () => {
  const lake = `s3://${BUCKET}/shared`;
  const reports = await Promise.all(Array.from({ length: 3 }, () => direct.json("compact", "--lake", lake)));
  const { events } = emulator.truth();
  expect(reports.flatMap(({ refused }) => refused)).toEqual([]);
  const days = reports.map((report) => Number(report.days));
  expect(days.reduce((sum, each) => sum + each, 0)).toBe(DAYS);
  expect(await direct.json("compact", "--lake", lake)).toMatchObject({ days: 0 });
  expect(await direct.json("verify", "--lake", lake)).toMatchObject({ ok: true, rows: events });
  console.log(`3 compactions, ${days.join(" + ")} days`);
});

test("a lake goes from the bucket to a folder and back, and stays whole", async () => {
  const [lake, folder, again] = [`s3://${BUCKET}/exporters`, join(home, "lake"), `s3://${BUCKET}/again`];
  const there = await direct.json("copy", lake, folder);
  expect(there).toMatchObject({ copied: there.files });
  expect(await direct.json("verify", "--lake", folder)).toMatchObject({ ok: true });
  expect(await direct.json("copy", folder, again)).toMatchObject({ files: there.files, copied: there.files });
  expect(await direct.json("verify", "--lake", again)).toMatchObject({ ok: true });
  expect(await direct.json("copy", folder, again)).toMatchObject({ copied: 0 });
});
