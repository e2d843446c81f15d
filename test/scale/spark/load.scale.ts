import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeMembers } from "../../../dist/index.js";
import type { Account } from "../../../src/lake/account.js";
import { BucketContent } from "../bucket-content.js";
import { CommandLine } from "../command-line.js";
import { type S3Server, startS3 } from "../s3-server.js";
import { type SparkCluster, startSpark } from "./cluster.js";

const BUCKET = "ampframe-spark-load";
const EXPORTS = `s3://${BUCKET}/exports/`;
const HERE = `s3://${BUCKET}/here`;
const THERE = `s3://${BUCKET}/there`;
const MAIN = join(import.meta.dirname, "../../../dist/main.js");

const folder = mkdtempSync(join(tmpdir(), "ampframe-spark-load-"));
let s3: S3Server;
let cluster: SparkCluster;
let commands: CommandLine;
let bucket: BucketContent;

beforeAll(async () => {
  s3 = await startS3(BUCKET);
  bucket = new BucketContent(s3, BUCKET);
  cluster = await startSpark(2, { s3 });
  mkdirSync(join(folder, "home"));
  commands = new CommandLine(join(folder, "home"), {
    ...s3.env,
    AMPFRAME_SPARK: cluster.server,
    AMPFRAME_SPARK_COMMAND: `"${process.execPath}" "${MAIN}"`,
  });
  const members = join(folder, "members");
  mkdirSync(members);
  // Of copies in several files the one that is loaded first stays, which on a cluster may be any.
  await writeMembers({ dir: members, days: 2, eventsPerDay: 40_000, users: 3_000, duplicateRate: 0 });
  const files = readdirSync(members, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  for (const { name, parentPath } of files)
    await bucket.put(`exports/${name}`, readFileSync(join(parentPath, name)));
  const first = readFileSync(join(files[0]!.parentPath, files[0]!.name));
  await bucket.put("exports/again_2026-11-01_0#0.json.gz", first);
  await bucket.put("exports/cut_2026-11-01_1#0.json.gz", first.subarray(0, first.length - 9));
  const odd = ['{"uuid":1}', "", '{"a":', ...Array(3).fill(ODD_EVENT)].join("\n");
  await bucket.put("exports/odd_2026-11-01_2#0.json.gz", gzipSync(odd));
  await bucket.put("exports/twin_2026-11-01_2#1.json.gz", gzipSync(ODD_EVENT));
  await bucket.put("exports/_SUCCESS", "");
});

const ODD_EVENT = JSON.stringify({
  ...{ uuid: "0b0fd4a2-0000-4000-8000-00000000000a", event_type: "odd", app: "12", new_key: [1.5] },
  server_upload_time: "2026-11-01 02:00:00.000001",
}).replace("1.5", "1.50");

afterAll(async () => {
  await cluster?.stop();
  await s3?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every line of a commit's account that says what came in and how it was counted, of all commits, in no order of theirs. */
async function accountsOf(prefix: string): Promise<{ inputs: string[]; hours: Record<string, number[]> }> {
  const inputs: string[] = [];
  const hours: Record<string, number[]> = {};
  for (const key of await bucket.keys(`${prefix}/_ampframe/accounts/`)) {
    const account: Pick<Account, "inputs" | "hours"> = JSON.parse(await bucket.text(key));
    for (const { sha256, bytes, members } of account.inputs)
      inputs.push(JSON.stringify([sha256, bytes, members.map(({ name: _, ...figures }) => figures)]));
    for (const { hour, loaded, duplicates, rows } of account.hours) {
      const sums = hours[hour] ?? [0, 0, 0];
      hours[hour] = [loaded, duplicates, rows].map((figure, i) => figure + sums[i]!);
    }
  }
  return { inputs: inputs.sort(), hours };
}

const CONTENT =
  "SELECT count(*) AS n, count(DISTINCT uuid) AS uuids, bit_xor(hash(e)) AS fingerprint FROM events AS e";
const ODD = "SELECT app, extra FROM events WHERE event_type = 'odd'";

async function expectSame(prefix: string): Promise<void> {
  for (const sql of [CONTENT, ODD])
    expect(await commands.rows(`s3://${BUCKET}/${prefix}`, sql)).toEqual(await commands.rows(HERE, sql));
  expect(await accountsOf(prefix)).toEqual(await accountsOf("here"));
  expect(await commands.json("verify", "--lake", `s3://${BUCKET}/${prefix}`, "--deep")).toMatchObject({
    ok: true,
  });
}

const byWhat = (refused: { what: string }[]) => refused.map(({ what }) => what).sort();

test("the workers of a cluster load what this machine does, with the same account", async () => {
  const here = await commands.run(["load", EXPORTS, "--lake", HERE, "--json"]);
  const there = await commands.run(["load", EXPORTS, "--lake", THERE, "--json", "--engine", "spark"]);
  expect(there, there.stderr).toMatchObject({ status: 3 });
  const [expected, found] = [JSON.parse(here.stdout), JSON.parse(there.stdout)];
  expect(expected).toMatchObject({
    quarantined: 2,
    blank: 1,
    duplicates: 3,
    refused: [{}],
    alreadyLoaded: [expect.any(String)],
  });
  for (const name of ["hours", "members", "lines", "loaded", "quarantined", "blank", "duplicates", "bytes"])
    expect([name, found[name]]).toEqual([name, expected[name]]);
  expect(byWhat(found.refused)).toEqual(byWhat(expected.refused));
  expect(found.skipped).toEqual(expected.skipped);
  expect(found.alreadyLoaded).toHaveLength(1);
  await expectSame("there");
});

test("what the lake holds is not loaded again, and an hour is complete once it is promised", async () => {
  const again = await commands.json(
    "load",
    `${EXPORTS}odd_2026-11-01_2#0.json.gz`,
    "--lake",
    THERE,
    "--engine",
    "spark",
    "--complete",
    "2026-11-01T02..2026-11-01T02",
  );
  expect(again).toMatchObject({ loaded: 0, alreadyLoaded: [expect.stringContaining("odd_")] });
  const { sources } = (await commands.json("status", "--lake", THERE)) as {
    sources: { hours: { hour: string; state: string }[] }[];
  };
  expect(sources[0]?.hours.find(({ hour }) => hour === "2026-11-01T02")).toMatchObject({ state: "held" });
});

test("a worker that dies in the middle costs time only", async () => {
  const lake = `s3://${BUCKET}/killed`;
  const loading = commands.run(["load", EXPORTS, "--lake", lake, "--json", "--engine", "spark"]);
  while ((await bucket.keys("killed/_delta_log/")).length < 2)
    await new Promise((later) => setTimeout(later, 100));
  cluster.killWorker();
  const ran = await loading;
  expect(ran, ran.stderr).toMatchObject({ status: 3 });
  await expectSame("killed");
});

test.each([
  ["nonesuch", 2, "nonesuch: ", "--spark-command"],
  ["echo", 2, "ampframe there is --version", "same version"],
])("a cluster that cannot run %s is told of in words", async (command, status, found, wayOut) => {
  const ran = await commands.run([
    "load",
    EXPORTS,
    "--lake",
    THERE,
    "--engine",
    "spark",
    "--spark-command",
    command,
  ]);
  expect(ran).toMatchObject({ status, stderr: expect.stringContaining(found) });
  expect(ran.stderr).toContain(wayOut);
  expect(ran.stderr).not.toContain("    at ");
});
