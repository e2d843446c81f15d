import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareDeltaRs, runPython } from "../interop/python.js";
import { CommandLine } from "./command-line.js";
import { type S3Server, startS3 } from "./s3-server.js";

const BUCKET = "ampframe-readers";
const LAKE = `s3://${BUCKET}/lake`;

let s3: S3Server;
let home: string;
let commands: CommandLine;

beforeAll(async () => {
  await prepareDeltaRs();
  home = await mkdtemp(join(tmpdir(), "ampframe-readers-"));
  s3 = await startS3(BUCKET);
  commands = new CommandLine(home, s3.env);
  const made = ["emulator", "--days", "4", "--events-per-day", "2000", "--seed"];
  await commands.json(...made, "1", "--write-lake", LAKE);
  await commands.json(...made, "2", "--write-members", "members");
});

afterAll(async () => {
  await s3?.stop();
  await rm(home, { recursive: true, force: true });
});

/** What a reader finds; sums are texts, for they pass what a double holds. */
interface Found {
  readonly rows: number;
  readonly uuids: number;
  readonly ids: string;
  readonly sessions: string;
}

const FIGURES = {
  rows: "count(*)",
  uuids: "count(DISTINCT uuid)",
  ids: "CAST(sum(amplitude_id) AS VARCHAR)",
  sessions: "CAST(sum(session_id) AS VARCHAR)",
};
const select = (figures: Readonly<Record<string, string>>) =>
  `SELECT ${Object.entries(figures)
    .map(([name, figure]) => `${figure} AS ${name}`)
    .join(", ")}`;

async function ours(): Promise<Found> {
  const [found] = await commands.rows(LAKE, `${select(FIGURES)} FROM events`);
  return { ...found, rows: Number(found?.rows), uuids: Number(found?.uuids) } as Found;
}

function storageOptions(): string {
  const options = {
    ...{ ...s3.env, AWS_ENDPOINT_URL: s3.endpoint, AWS_ALLOW_HTTP: "true" },
    ...{ aws_conditional_put: "etag", AWS_VIRTUAL_HOSTED_STYLE_REQUEST: "false" },
  };
  return JSON.stringify(options);
}

/** A program of delta-rs, which has the table as `table` and prints what it makes of it. */
async function deltaRs(program: string): Promise<string> {
  const opened = `from deltalake import DeltaTable, QueryBuilder\nimport json, pyarrow as pa\ntable = DeltaTable("${LAKE}", storage_options=${storageOptions()})\n`;
  return (await runPython(`${opened}${program}`, home)).trim();
}

async function byDeltaRs(): Promise<Found> {
  const printed = await deltaRs(
    `rows = table.to_pyarrow_table(columns=["uuid", "amplitude_id", "session_id"])\n` +
      `total = lambda name: str(sum(v for v in rows[name].to_pylist() if v is not None))\n` +
      `print(json.dumps({"rows": rows.num_rows, "uuids": len(rows["uuid"].unique()), "ids": total("amplitude_id"), "sessions": total("session_id")}))`,
  );
  return JSON.parse(printed);
}

async function byClickHouse(): Promise<Found> {
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = s3.env;
  const figures = {
    ...{ rows: "toUInt32(count())", uuids: "toUInt32(uniqExact(uuid))" },
    ...{ ids: "toString(sum(toInt128(amplitude_id)))", sessions: "toString(sum(toInt128(session_id)))" },
  };
  const sql = `${select(figures)} FROM deltaLake('${s3.endpoint}/${BUCKET}/lake/', '${id}', '${secret}')`;
  const printed = await runPython(
    `import chdb\nprint(chdb.query(${JSON.stringify(sql)}, 'JSONEachRow'))`,
    home,
  );
  return JSON.parse(printed);
}

test("delta-rs and ClickHouse read the lake from the bucket: the same counts and sums", async () => {
  const found = await ours();
  expect(found.rows).toBeGreaterThan(5_000);
  expect(await byDeltaRs()).toEqual(found);
  expect(await byClickHouse()).toEqual(found);
});

test("a table that delta-rs has compacted in the bucket is read, verified, extended and read by others", async () => {
  const before = await ours();
  // Two files in one partition, so that there is something to compact.
  await commands.json("load", "members", "--lake", LAKE);
  const loaded = await ours();
  expect(loaded.rows).toBeGreaterThan(before.rows);
  const metrics = JSON.parse(await deltaRs("print(json.dumps(table.optimize.compact(), default=str))"));
  expect(metrics.numFilesRemoved).toBeGreaterThan(1);
  expect(await ours()).toEqual(loaded);
  const proof = await commands.run(["verify", "--lake", LAKE, "--json"]);
  expect(proof.stderr).toBe("");
  expect(JSON.parse(proof.stdout)).toMatchObject({ ok: true, rows: loaded.rows });
  await commands.json(
    "emulator",
    "--days",
    "4",
    "--events-per-day",
    "500",
    "--seed",
    "3",
    "--write-members",
    "more",
  );
  await commands.json("load", "more", "--lake", LAKE);
  const extended = await ours();
  expect(extended.rows).toBeGreaterThan(loaded.rows);
  expect(extended.uuids).toBe(extended.rows);
  expect(await commands.json("verify", "--lake", LAKE)).toMatchObject({ ok: true, rows: extended.rows });
  expect(await byDeltaRs()).toEqual(extended);
  expect(await byClickHouse()).toEqual(extended);
});
