import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

test("docs/api.md is what the docstrings say", () => {
  const ran = spawnSync(process.execPath, ["scripts/api-page.mjs", "--check"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
});
