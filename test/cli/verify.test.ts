import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VERIFY } from "../../src/cli/tree/look.js";
import { type Emulator, parseFault, startEmulator } from "../../src/index.js";
import { ampframe, emptyFolder } from "./run.js";

const env = { AMPLITUDE_API_KEY: "canary-api-7f3a91", AMPLITUDE_SECRET_KEY: "canary-secret-b20c44" };
const keys = { apiKey: env.AMPLITUDE_API_KEY, secretKey: env.AMPLITUDE_SECRET_KEY };
let emulator: Emulator;
let cwd = "";

beforeAll(async () => {
  emulator = await startEmulator({ eventsPerDay: 300, days: 2, ...keys });
  cwd = emptyFolder("keep");
  const pulled = await ampframe(["pull", "--last", "24h", "--keep-archives", "--endpoint", emulator.url], {
    cwd,
    env,
  });
  expect(pulled).toMatchObject({ status: 0 });
});
afterAll(() => emulator.close());

const verify = (...args: string[]) => ampframe(["verify", ...args], { cwd, env });

test("--deep and --against print what they have read, and --json the documented keys", async () => {
  const ran = await verify("--deep", "--against", emulator.url, "--sample", "2", "--seed", "5");
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  expect(ran.stdout).toMatch(/^✓ \.\/amplitude is as its accounts say.*1 kept archive|2 kept archives/);
  expect(ran.stdout).toMatch(
    /\n {2}deep: \d+ different uuids, fingerprint [0-9a-f]{16}; \d+ rows compared with kept archives\n/,
  );
  expect(ran.stdout).toMatch(
    /\n {2}against: 2 hours exported again, \d+ rows? compared, seed 5\n {4}\S+T\d\d \S+T\d\d\n$/,
  );
  const json = await verify("--deep", "--against", emulator.url, "--sample", "2", "--seed", "5", "--json");
  const report = JSON.parse(json.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(VERIFY.json ?? {}).sort());
  expect(ran.stdout).toContain(report.against.hours.join(" "));
  for (const secret of Object.values(env)) expect(ran.stdout + json.stdout).not.toContain(secret);
});

test("an hour that cannot be had again is told, and the exit status is 1", async () => {
  const refusing = await startEmulator({
    eventsPerDay: 300,
    days: 2,
    ...keys,
    faults: [parseFault("too-large:times=forever")],
  });
  try {
    const ran = await verify("--against", refusing.url, "--sample", "1");
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/could not be had again/);
  } finally {
    await refusing.close();
  }
});

test("faults come as a table, with the hours to bring again", async () => {
  const lake = join(cwd, "amplitude");
  const parts = readdirSync(lake, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".parquet"),
  );
  const [one = "", two = ""] = parts.sort();
  copyFileSync(join(lake, one), join(cwd, "one"));
  copyFileSync(join(lake, two), join(lake, one));
  const ran = await verify();
  copyFileSync(join(cwd, "one"), join(lake, one));
  expect(ran).toMatchObject({ status: 3, stderr: "" });
  expect(ran.stdout).toMatch(/^✗ \d+ faults in \.\/amplitude .*\n {2}what +found +expected\n/);
  expect(ran.stdout).toMatch(/\n {4}ampframe pull --refresh \S+T\d\d\.\.\S+T\d\d\n/);
});

test.each([[["--seed", "1"]], [["--sample", "0", "--against"]]])("wrong use: %j", async (args) => {
  expect(await verify(...args)).toMatchObject({ status: 2, stdout: "" });
});
