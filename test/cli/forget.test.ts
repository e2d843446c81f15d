import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FORGET } from "../../src/cli/tree/forget.js";
import { ampframe, emptyFolder } from "./run.js";

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
