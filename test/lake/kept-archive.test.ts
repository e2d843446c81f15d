import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LakeTable } from "../../src/lake/table.js";
import { failingFiles } from "./failing-files.js";
import { checkpoints, newLake } from "./making.js";

test("an archive is on the disk before it has its name among those that are kept, and the name before the end", async () => {
  const { dir } = await newLake();
  const { files, log } = failingFiles(0, "once", checkpoints);
  const table = await LakeTable.open(dir, { files, checkpoints });
  const came = join(await table.stagingDir(), randomUUID());
  await writeFile(came, "PK");
  const before = log.length;
  await table.keepArchive(came, "us-1", "a.zip");
  const kept = table.filePath("_ampframe/archives/us-1");
  expect(await readFile(join(kept, "a.zip"), "utf8")).toBe("PK");
  const steps = log.slice(before);
  expect(steps[0]).toBe(`sync ${came}`);
  expect(steps.slice(-2)).toEqual([`rename ${join(kept, "a.zip")}`, `syncFolder ${kept}`]);
});
