import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnalysisDefinition } from "../../src/analyses/definition.js";
import { runAnalysis } from "../../src/analyses/run-analysis.js";
import type { Lake } from "../../src/frame/lake.js";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";

const folder = mkdtempSync(join(tmpdir(), "ampframe-no-events-"));
let lake: Lake;
beforeAll(async () => {
  writeFileSync(join(folder, "none.json"), "");
  await load({ lake: join(folder, "lake"), paths: [join(folder, "none.json")] });
  lake = await openLake(join(folder, "lake"));
});
afterAll(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

const DEFINITIONS: readonly AnalysisDefinition[] = [
  { analysis: "segmentation", events: ["A", "_active"], groupBy: "country" },
  { analysis: "funnel", steps: ["A", "B"] },
  { analysis: "retention", start: "_new", return: "_active" },
  { analysis: "retention", start: "A", return: "B", groupBy: "price" },
  { analysis: "activeUsers" },
  { analysis: "rollingActiveUsers" },
  { analysis: "lifecycle", event: "_active" },
  { analysis: "stickiness", event: "A" },
  { analysis: "sessions" },
  { analysis: "sessionLengths" },
  { analysis: "composition", property: "country" },
  { analysis: "distribution", event: "A", property: "price" },
  { analysis: "engagement", event: "A" },
  { analysis: "usageInterval", event: "A" },
  { analysis: "revenue" },
  { analysis: "lifetimeValue" },
  { analysis: "paths", event: "A" },
];

test.each(DEFINITIONS)("of no events $analysis counts nobody, and has a picture", async (definition) => {
  const result = await runAnalysis(lake, definition);
  const counted = ["users", "activeUsers", "sessions", "returned", "value", "converted", "count"];
  for (const row of result.rows)
    for (const [name, value] of Object.entries(row)) if (counted.includes(name)) expect(value ?? 0).toBe(0);
  expect(result.toText()).not.toMatch(/NaN|undefined|Infinity/);
});

test("a range without events is as empty as a lake without", async () => {
  const range = { from: "2031-01-01", to: "2031-01-07" } as const;
  for (const definition of DEFINITIONS) {
    const { rows } = await runAnalysis(lake, { ...definition, ...range });
    for (const row of rows) expect("users" in row ? row.users : 0).toBe(0);
  }
});
