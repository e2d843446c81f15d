import { join } from "node:path";
import { expect, test } from "vitest";
import { DEMO } from "../../src/cli/tree/bring.js";
import { ampframe, emptyFolder } from "./run.js";

test("demo shows a week without keys, and again on the lake that it left", async () => {
  const cwd = emptyFolder();
  const first = await ampframe(["demo"], { cwd });
  expect(first.status).toBe(0);
  expect(first.stdout).toMatch(/1\d\d,\d{3} rows × 56 columns/);
  expect(first.stdout).toMatch(/Most frequent events\n {2}\S.* +[\d,]+ {2}█/);
  // Until some hours after midnight UTC no hour of today is final.
  expect(first.stdout).toMatch(/Users a day.*\n( {2}\w{3} \d{4}-\d\d-\d\d +[\d,]+ {2}.*\n){7,8}/);
  expect(first.stdout).toMatch(
    /Users from step to step.*\n.* → Order Completed\n(.*\n)+4 {2}Order Completed +\d/,
  );
  expect(first.stderr).toMatch(/✓ 168 upload hours in \.\/amplitude-demo/);
  for (const line of [...first.stderr.matchAll(/^ {2}(ampframe (?:status|verify).*)$/gm)]) {
    const args = (line[1] ?? "").split(" ").slice(1);
    expect(await ampframe(args, { cwd })).toMatchObject({ status: 0 });
  }
  const again = await ampframe(["demo", "--json"], { cwd });
  expect(again).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(again.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(DEMO.json ?? {}).sort());
  expect(report.hours).toBeLessThanOrEqual(1);
  expect(report.events).toBeGreaterThan(100_000);
}, 60_000);

test("demo does not mix its events into a lake of another project", async () => {
  const cwd = emptyFolder();
  const { writeFileSync } = await import("node:fs");
  const at = "2026-11-16 05:00:00.000000";
  const event = { uuid: "u", event_type: "Order", app: 1, event_time: at, server_upload_time: at };
  writeFileSync(join(cwd, "a.json"), JSON.stringify(event));
  await ampframe(["load", "a.json", "--lake", "real", "--project", "shop"], { cwd });
  const ran = await ampframe(["demo", "--lake", "real"], { cwd });
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain("holds shop");
});
