import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CommandLine } from "../command-line.js";
import { type S3Server, startS3 } from "../s3-server.js";
import { type SparkCluster, startSpark } from "./cluster.js";

const BUCKET = "ampframe-spark";
const LAKE = `s3://${BUCKET}/lake`;

const folder = mkdtempSync(join(tmpdir(), "ampframe-spark-bucket-"));
let s3: S3Server;
let cluster: SparkCluster;
let commands: CommandLine;

beforeAll(async () => {
  s3 = await startS3(BUCKET);
  cluster = await startSpark(2, { s3 });
  mkdirSync(join(folder, "home"));
  commands = new CommandLine(join(folder, "home"), { ...s3.env, AMPFRAME_SPARK: cluster.server });
  const events = ["--days", "3", "--events-per-day", "1000", "--users", "100"];
  await commands.json("emulator", "--write-lake", LAKE, ...events);
});

afterAll(async () => {
  await cluster?.stop();
  await s3?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The answer but for the statement, which is in the engine's dialect. */
const withoutSql = (answer: object) =>
  JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === "sql" ? undefined : value)));

const SUMS =
  "SELECT count(*) AS n, count(DISTINCT uuid) AS uuids, sum(event_id) AS ids, max(event_type) AS last FROM events";

test.each([
  [["sql", SUMS]],
  [["segmentation", "Product Viewed", "--measure", "uniques", "--group-by", "platform"]],
  [["funnel", "Product Viewed", "Product Added", "Order Completed"]],
  [["retention"]],
  [["sessions"]],
  [["schema", "--from", "2020-01-01"]],
])("a lake in a bucket answers on the cluster as it does here: %s", async (question) => {
  const asked = [...question, "--lake", LAKE];
  const there = await commands.json(...asked, "--engine", "spark");
  const here = await commands.json(...asked);
  expect(withoutSql(there)).toEqual(withoutSql(here));
  expect(JSON.stringify(here).length).toBeGreaterThan(50);
});

test("what was committed since is seen, and what compaction has merged", async () => {
  await commands.json(
    "emulator",
    "--days",
    "2",
    "--events-per-day",
    "500",
    "--seed",
    "5",
    "--write-members",
    "more",
  );
  await commands.json("load", "more", "--lake", LAKE);
  await commands.json("compact", "--lake", LAKE);
  const there = await commands.json("sql", SUMS, "--lake", LAKE, "--engine", "spark");
  expect(there).toEqual(await commands.json("sql", SUMS, "--lake", LAKE));
});
