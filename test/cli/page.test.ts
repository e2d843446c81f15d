import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

test("docs/cli.md is what the tree of commands says", () => {
  const ran = spawnSync(process.execPath, ["scripts/cli-page.mjs", "--check"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
});

test("loading the library or the command line loads no native module", () => {
  const script = `
    await import("./dist/index.js");
    await import("./build/cli/run.js");
    const { sharedObjects } = process.report.getReport();
    console.log(sharedObjects.filter((path) => path.endsWith(".node")).join());`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(ran).toMatchObject({ status: 0, stdout: "\n", stderr: "" });
});
