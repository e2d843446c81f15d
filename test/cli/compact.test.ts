import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMPACT } from "../../src/cli/tree/keep.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

/** A folder with a lake of a day in two files, and a second day whose one event is a copy of one of the first. */
async function withLake(): Promise<string> {
  const cwd = emptyFolder();
  const files = [
    ["u1", "2026-11-01 01:00:00.000000"],
    ["u2", "2026-11-01 02:00:00.000000"],
    ["u1", "2026-11-16 02:00:00.000000"],
  ];
  for (const [i, [uuid, at]] of files.entries()) {
    const event = { uuid, event_type: "Order", app: 1, event_time: at, server_upload_time: at };
    writeFileSync(join(cwd, `${i}.json`), JSON.stringify(event));
    expect(await ampframe(["load", `${i}.json`, "--quiet"], { cwd })).toMatchObject({ status: 0 });
  }
  return cwd;
}

test("--dry-run tells, compact does, and a second run has nothing to do", async () => {
  const cwd = await withLake();
  const plan = await ampframe(["compact", "--dry-run"], { cwd });
  expect(plan).toMatchObject({ status: 0, stderr: "" });
  expect(plan.stdout).toMatch(/^2 days to merge\n {2}2026-11-01 {2}files {2}2 files, .*, 2 events\n/);
  expect(plan.stdout).toMatch(/2026-11-16 .*1 event, 1 duplicate to leave out\n0 replaced files to delete/);
  const planned = JSON.parse((await ampframe(["compact", "--dry-run", "--json"], { cwd })).stdout);
  expect(Object.keys(planned)).toEqual(["lake", "days", "expired", "waiting"]);
  expect(await ampframe(["verify", "--quiet"], { cwd })).toMatchObject({ status: 3 });

  const ran = await ampframe(["compact"], { cwd });
  expect(ran).toMatchObject({ status: 0, stdout: "" });
  expect(ran.stderr).toMatch(
    /^✓ 2 days merged in \.\/amplitude: 3 files, .* → 1 file, .*1 duplicate left out/,
  );
  expect(await ampframe(["verify", "--quiet"], { cwd })).toMatchObject({ status: 0 });

  const again = await ampframe(["compact", "--json"], { cwd });
  expect(again).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(again.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(COMPACT.json ?? {}).sort());
  expect(report).toMatchObject({ days: 0, waiting: { files: 3 }, freed: { files: 0 } });
  expect((await ampframe(["compact"], { cwd })).stderr).toMatch(/^✓ No closed day was to be merged/);
});

test.each([
  [["compact", "--grace", "30m"], 2, "too short"],
  [["compact", "--lake", "none"], 1, "no lake"],
])("%j ends with status %i and says %s", async (args, status, words) => {
  const ran = await ampframe(args);
  expect(ran).toMatchObject({ status, stdout: "" });
  expect(ran.stderr).toContain(words);
});
