import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { FORGET } from "../../src/cli/tree/forget.js";
import { type Emulator, startEmulator } from "../../src/emulator/start-emulator.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

const time = "2026-11-16 05:00:01.000000";
const event = (uuid: string, user_id: string) =>
  JSON.stringify({ uuid, user_id, event_type: "Order", server_upload_time: time, event_time: time });

async function withLake(): Promise<string> {
  const cwd = emptyFolder();
  const lines = [event("u1", "anna"), event("u2", "boris"), event("u3", "carl"), '{"user_id":"anna",'];
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json", "--quiet"], { cwd })).toMatchObject({ status: 0 });
  return cwd;
}

const users = async (cwd: string) =>
  (await ampframe(["sql", "SELECT user_id FROM events ORDER BY 1", "--format", "csv"], { cwd })).stdout;

test("persons are forgotten by options, a file and stdin; --json has the documented keys", async () => {
  const cwd = await withLake();
  writeFileSync(join(cwd, "people.txt"), "\ufeffanna\r\nnobody\r\n");
  const ids = ["--ids", "user_id=people.txt"];
  const plan = await ampframe(["forget", ...ids, "--dry-run"], { cwd });
  expect(plan).toMatchObject({ status: 0, stderr: "" });
  expect(plan.stdout).toContain("1 event of 2 ids in 1 data file to remove");
  expect(plan.stdout).toContain("1 line in quarantine");
  expect(await users(cwd)).toBe("user_id\nanna\nboris\ncarl\n");

  const asked = await ampframe(["forget", ...ids], { cwd });
  expect(asked.status).toBe(2);
  expect(asked.stderr).toContain("--yes");
  expect(await users(cwd)).toBe("user_id\nanna\nboris\ncarl\n");

  const done = await ampframe(["forget", ...ids, "--yes", "--json"], { cwd });
  expect(done).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(done.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(FORGET.json ?? {}).sort());
  expect(report).toMatchObject({ ids: 2, rows: 1, quarantine: [{ lines: 1 }], refused: [] });
  expect(await users(cwd)).toBe("user_id\nboris\ncarl\n");

  const other = await ampframe(["forget", "--ids", "user_id=-", "--yes"], { cwd, input: "carl\n" });
  expect(other).toMatchObject({ status: 0, stdout: "" });
  expect(other.stderr).toContain("1 event of 1 id removed from ./amplitude");
  writeFileSync(
    join(cwd, "b.json"),
    `${event("u1", "anna")}\n${event("u4", "carl")}\n${event("u5", "dora")}\n`,
  );
  expect((await ampframe(["load", "b.json"], { cwd })).stderr).toContain(
    "2 events of forgotten persons left out",
  );
  expect(await users(cwd)).toBe("user_id\nboris\ndora\n");
  expect(await ampframe(["verify"], { cwd })).toMatchObject({ status: 0 });
});

test.each([
  [["forget", "--yes"], "Nobody was named"],
  [["forget"], "Nobody was named"],
  [["forget", "--ids", "people.txt", "--yes"], "does not name a field and a file"],
  [["forget", "--ids", "user_id=none.txt", "--yes"], "cannot be read"],
  [["forget", "--amplitude-id", "anna", "--yes"], "no amplitude_id"],
])("%j is wrong use", async (args, words) => {
  const ran = await ampframe(args, { cwd: await withLake() });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(words);
});

const emulators: Emulator[] = [];
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close();
});

test("--from-amplitude forgets whom Amplitude has deleted, once; --json has the documented keys and no key of the project", {
  timeout: 90_000,
}, async () => {
  const cwd = emptyFolder();
  const emulator = await startEmulator({ days: 2, eventsPerDay: 300, deletions: 9 });
  emulators.push(emulator);
  const { apiKey, secretKey, url } = emulator;
  const env = { AMPLITUDE_API_KEY: apiKey, AMPLITUDE_SECRET_KEY: secretKey };
  const options = { cwd, env };
  expect(await ampframe(["pull", "--endpoint", url, "--quiet"], options)).toMatchObject({ status: 0 });
  const ask = ["forget", "--from-amplitude", "--endpoint", url];

  const unasked = await ampframe(ask, options);
  expect(unasked.status).toBe(2);
  expect(unasked.stderr).toContain("--yes");
  expect(emulator.deletionRequests).toHaveLength(0);

  const plan = await ampframe([...ask, "--dry-run"], options);
  expect(plan).toMatchObject({ status: 0, stderr: "" });
  expect(plan.stdout).toMatch(/deletion jobs of \S+ to \S+: 1 done, 1 submitted, 1 staging\n/);
  const [, users = "", events = ""] =
    /(\d+) users in jobs that are done or submitted; 0 forgotten[\s\S]*?\n(\d+) events of \1 ids in /.exec(
      plan.stdout,
    ) ?? [];
  expect(Number(events)).toBeGreaterThan(0);

  const done = await ampframe([...ask, "--yes", "--json"], options);
  expect(done).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(done.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(FORGET.json ?? {}).sort());
  expect(report).toMatchObject({ ids: Number(users), rows: Number(events), fromAmplitude: { known: 0 } });
  expect(done.stdout).not.toContain(secretKey);

  const again = await ampframe([...ask, "--yes"], options);
  expect(again).toMatchObject({ status: 0, stdout: "" });
  expect(again.stderr).toContain(`${users} forgotten here before`);
  expect(again.stderr).toContain("Nothing to do in ./amplitude");
  expect((await ampframe([...ask, "--dry-run"], options)).stdout).toContain("Nothing to do");
  expect(await ampframe(["verify"], options)).toMatchObject({ status: 0 });

  const early = ["forget", "--from-amplitude", "2019-01-01..2019-12-31", "--endpoint", url, "--dry-run"];
  expect((await ampframe(early, options)).stdout).toMatch(/of 2019-01-01 to 2019-12-31: none\nNothing to do/);
  const wrong = { cwd, env: { ...env, AMPLITUDE_SECRET_KEY: "a-wrong-secret" } };
  const refused = await ampframe([...ask, "--yes"], wrong);
  expect(refused).toMatchObject({ status: 2, stdout: "" });
  expect(refused.stderr).toMatch(/keys were refused[\s\S]*region/);
  expect(refused.stderr).not.toContain("a-wrong-secret");
});

test.each([
  ["2026-11-01", "a range is expected"],
  ["2026-11-01..2026-11-31", "is not a day"],
])("--from-amplitude %s is wrong use", async (days, words) => {
  const env = { AMPLITUDE_API_KEY: "some-api-key", AMPLITUDE_SECRET_KEY: "some-secret-key" };
  const args = ["forget", "--from-amplitude", days, "--endpoint", "http://127.0.0.1:9", "--yes"];
  const ran = await ampframe(args, { cwd: await withLake(), env });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(words);
});
