import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type AnalysisDefinition, openLake, runAnalysis } from "../../src/index.js";
import { emptyFolder } from "../cli/run.js";
import { ampframeHere } from "../cli/run-here.js";

const root = emptyFolder("keep");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MIXED: readonly unknown[] = ["a", 7, 7.0, "7.0", true, null, "", "[x]", 1e21, 0.5];
const events = Array.from({ length: 60 }, (_, i) => {
  const at = `2026-11-0${(i % 3) + 2} 0${i % 9}:00:${String(i).padStart(2, "0")}.000000`;
  return {
    ...{ uuid: `u${i}`, app: 1, event_type: i % 4 === 0 ? "Buy" : "View", amplitude_id: (i % 7) + 1, session_id: i % 5 },
    ...{ event_time: at, client_event_time: at, server_upload_time: at, country: i % 2 === 0 ? "DE" : "AT" },
    event_properties: {
      ...{ mixed: MIXED[i % MIXED.length], whole: i % 3, price: i % 2 === 0 ? i : i + 0.5, yes: i % 3 === 0, at: "2026-11-02T00:00:00Z" },
      ...(i % 6 === 0 ? {} : { list: i % 5 === 0 ? ["a", "b"] : "a" }),
    },
    user_properties: { plan: i % 7 === 0 ? null : `p${i % 2}` },
  };
}); // biome-ignore format: a table

const one = (property: string, op?: string, value?: unknown) => ({
  all: { filters: [{ property, op, value }] },
});
const view = (more: object) =>
  ({ analysis: "segmentation", events: ["View"], ...more }) as AnalysisDefinition;
/** With whether it reads projections. */
const ASKED: readonly (readonly [AnalysisDefinition, boolean])[] = [
  [view({ groupBy: "mixed" }), true],
  [view({ groupBy: ["yes", "whole"], measure: "totals" }), true],
  [view({ groupBy: "user_properties.plan", interval: "hour" }), true],
  [view({ measure: { sum: "price" } }), true],
  [view({ measure: { median: "mixed" } }), true],
  [view({ measure: { distinct: "price" } }), false],
  [view({ segments: one("mixed", "is", 7) }), true],
  [view({ segments: one("mixed", "is not", [null, "a"]) }), true],
  [view({ segments: one("price", "greater", 20) }), true],
  [view({ segments: one("price", "is", 20) }), false],
  [view({ segments: one("yes", "is", true), groupBy: "list" }), false],
  [view({ groupBy: "at" }), false],
  [{ analysis: "funnel", steps: ["View", { event: "Buy", filters: [{ property: "whole", value: 0 }] }], groupBy: "mixed" }, true],
  [{ analysis: "funnel", steps: ["View", "Buy"], holdConstant: "whole" }, true],
  [{ analysis: "retention", start: "View", groupBy: "yes" }, true],
  [{ analysis: "sessions", groupBy: "mixed" }, false],
  [{ analysis: "composition", property: "mixed" }, false],
  [{ analysis: "distribution", event: "View", property: "price" }, true],
]; // biome-ignore format: a table

test("what is promoted is read in the place of the JSON, and gives the same", async () => {
  const file = join(root, "events.json");
  const dir = join(root, "amplitude");
  writeFileSync(file, events.map((event) => JSON.stringify(event)).join("\n"));
  expect(await ampframeHere(["load", file, "--lake", dir])).toMatchObject({ status: 0 });
  const lake = await openLake(dir);
  const all = async () => {
    const found = [];
    for (const [asked] of ASKED) {
      const { rows, sql } = await runAnalysis(lake, asked);
      found.push({ asked: JSON.stringify(asked), rows: [...rows], reads: /_ampframe.promoted/.test(sql) });
    }
    return found;
  };
  try {
    const before = await all();
    expect(before.some(({ reads }) => reads)).toBe(false);
    await lake.promote(["mixed", "whole", "price", "yes", "at", "list", "user_properties.plan"]);
    const after = await all();
    expect(after).toEqual(before.map((found, i) => ({ ...found, reads: ASKED[i]![1] })));
    expect(after.every(({ rows }) => rows.length > 0)).toBe(true);
    const chosen = lake.frame({ properties: ["price"], where: "price >= 30" });
    const { rows } = await runAnalysis(
      chosen,
      view({ groupBy: "yes", measure: "totals", interval: "month" }),
    );
    expect([...rows].map(({ yes, value }) => [yes, value])).toEqual([["false", 15], ["true", 8]]); // biome-ignore format: short
  } finally {
    await lake.close();
  }
}, 120_000);
