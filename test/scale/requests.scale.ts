import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../dist/index.js";
import { CommandLine } from "./command-line.js";
import { inWords, type S3Proxy, startS3Proxy } from "./s3-proxy.js";
import { type S3Server, startS3 } from "./s3-server.js";

const BUCKET = "ampframe-requests";
const LAKE = `s3://${BUCKET}/lake`;
const DAYS = 4;

let s3: S3Server;
let proxy: S3Proxy;
let emulator: Emulator;
let home: string;
let commands: CommandLine;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ampframe-requests-"));
  s3 = await startS3(BUCKET);
  proxy = await startS3Proxy(s3.endpoint);
  const keys = { AMPLITUDE_API_KEY: "key", AMPLITUDE_SECRET_KEY: "secret" };
  emulator = await startEmulator({ days: DAYS, eventsPerDay: 2_000, apiKey: "key", secretKey: "secret" });
  commands = new CommandLine(home, { ...keys, ...s3.env, AWS_ENDPOINT_URL_S3: proxy.endpoint });
});

afterAll(async () => {
  await emulator?.close();
  await proxy?.stop();
  await s3?.stop();
  await rm(home, { recursive: true, force: true });
});

beforeEach(() => proxy.reset());

const isData = (key: string) => /\/app=[^/]*\/upload_date=[^/]*\/part-/.test(key);
const dataRead = () => proxy.read.filter(isData);

/** Runs a command that must succeed, and prints what it asked of the store. */
async function counted(what: string, args: readonly string[]): Promise<Map<string, number>> {
  proxy.reset();
  const ran = await commands.run(args);
  expect(ran, ran.stderr).toMatchObject({ status: 0 });
  const { sent, received } = proxy.bytes;
  const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
  console.log(`${what}: ${inWords(proxy.counts)}; ${kilobytes(sent)} up, ${kilobytes(received)} down`);
  return new Map(proxy.counts);
}

const sql = (statement: string) => ["sql", "--lake", LAKE, "--format", "json", statement];
const rows = async (statement: string) => JSON.parse((await commands.run(sql(statement))).stdout);

test("what commands ask of the store", async () => {
  const { from, to } = emulator.truth();
  const day = from.slice(0, 10);
  const pull = ["pull", "--lake", LAKE, "--endpoint", emulator.url, "--json"];
  await counted("pull, the first day, into a new lake", [...pull, "--from", day, "--to", day]);
  await counted(`pull, ${DAYS - 1} further days`, [...pull, "--from", from, "--to", to]);
  const idle = await counted("pull, nothing missing", [...pull, "--from", from, "--to", to]);
  expect([...idle.keys()].filter((kind) => kind.startsWith("PUT"))).toEqual([]);
  await counted("status", ["status", "--lake", LAKE]);
  await counted("verify", ["verify", "--lake", LAKE]);
  await counted("compact", ["compact", "--lake", LAKE]);
  await rm(join(home, "cache"), { recursive: true, force: true });
  const { files } = await commands.json("status", "--lake", LAKE);
  await counted(`sql over all ${files} files, first time`, sql("SELECT count(*) FROM events"));
  expect(dataRead().length).toBe(files);
  await counted("the same again", sql("SELECT count(*) FROM events"));
  expect(dataRead()).toEqual([]);
  await counted("segmentation", ["segmentation", "Order Completed", "--lake", LAKE, "--json"]);
  await counted("schema, first time", ["schema", "--lake", LAKE, "--json"]);
  await counted("schema, again", ["schema", "--lake", LAKE, "--json"]);
});

test("SQL fetches the files that its condition leaves, and no other", async () => {
  await rm(join(home, "cache"), { recursive: true, force: true });
  const days = await rows("SELECT DISTINCT upload_date::VARCHAR AS day FROM events ORDER BY 1");
  expect(days.length).toBeGreaterThanOrEqual(DAYS);
  for (const { day } of days) {
    await rm(join(home, "cache"), { recursive: true, force: true });
    proxy.reset();
    const [{ n }] = await rows(`SELECT count(*) AS n FROM events WHERE upload_date = '${day}'`);
    expect(Number(n)).toBeGreaterThan(0);
    expect(dataRead().length).toBeGreaterThan(0);
    expect(dataRead().filter((key) => !key.includes(`upload_date=${day}/`))).toEqual([]);
  }
  proxy.reset();
  expect(await rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(dataRead()).toEqual([]);
});
