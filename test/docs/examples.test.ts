import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { execute, someonesProject } from "./run-typescript.js";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const names = readdirSync(EXAMPLES).filter((name) => name.endsWith(".ts"));
const textOf = (name: string) => readFileSync(join(EXAMPLES, name), "utf8");
const folder = someonesProject();

afterAll(() => rmSync(folder, { recursive: true }));

test("examples/README.md names every example", () => {
  const page = textOf("README.md");
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect(page).toContain(`](${name})`);
});

test.each(names)("%s runs", { timeout: 60_000 }, async (name) => {
  expect(await execute(folder, textOf(name), {})).not.toBe("");
});
