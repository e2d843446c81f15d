import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Selection } from "../../src/explorer/api.js";
import { type AnalysisDefinition, openLake, runAnalysis, selectedEvents } from "../../src/index.js";
import { openedShop } from "./start.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
const shop = openedShop();

const SELECTION: Selection = {
  events: ["Product Viewed", "Order Completed", "Product Added"],
  filters: [{ property: "platform", op: "is not", value: 'It\'s "none" of $them' }],
};
const DEFINITIONS: readonly (readonly [AnalysisDefinition, Selection])[] = [
  [{ analysis: "segmentation", events: ["Product Viewed"], measure: "totals", groupBy: ["platform"] }, {}],
  [
    { analysis: "funnel", steps: ["Product Viewed", "Order Completed"], window: "7d", order: "any order" },
    {},
  ],
  [{ analysis: "retention", method: "on or after", intervals: 3 }, {}],
  [
    {
      analysis: "paths",
      event: { event: "Product Viewed", filters: [{ property: "country", op: "is not", value: "O'Hara" }] },
    },
    {},
  ],
  [{ analysis: "composition", property: "platform" }, SELECTION],
  [
    {
      analysis: "segmentation",
      events: "_active",
      segments: { all: {}, web: { filters: [{ property: "platform", value: "Web" }] } },
    },
    SELECTION,
  ],
];

/** What the library finds, as JSON. */
async function found(definition: AnalysisDefinition, selection: Selection): Promise<unknown> {
  const opened = await openLake(shop.dir);
  try {
    const events = opened.frame(await selectedEvents(opened, selection));
    return JSON.parse(JSON.stringify((await runAnalysis(events, definition)).rows));
  } finally {
    await opened.close();
  }
}

test.each(DEFINITIONS)(
  "%o: rows, chart, meaning, and the command that finds the same",
  async (definition, selection) => {
    const answer = await shop.explorer.ask("analysis", { definition, selection });
    const expected = (await found(definition, selection)) as object[];
    expect(expected.length).toBeGreaterThan(0);
    expect(answer.columns.map(({ name }) => name)).toEqual(Object.keys(expected[0] ?? {}));
    expect(answer.rows).toHaveLength(expected.length);
    expect(answer.explanation.definition.length).toBeGreaterThan(0);
    expect(answer.chart.title).not.toBe("");
    const command = answer.code.cli.replace("ampframe", `"${process.execPath}" "${MAIN}"`);
    const shell = spawnSync("sh", ["-c", command.replace(" --lake", " --json --lake")], { encoding: "utf8" });
    expect(shell.stderr).toBe("");
    expect(JSON.parse(shell.stdout).rows).toEqual(expected);
    const opened = await openLake(shop.dir);
    await (await opened.query(answer.code.sql)).head(1);
    await opened.close();
  },
);

test("the program that is copied runs and prints the same", async () => {
  const [definition, selection] = DEFINITIONS[4] ?? [];
  if (definition === undefined) throw new Error("there is no such definition");
  const { code } = await shop.explorer.ask("analysis", { definition, ...(selection && { selection }) });
  const file = join(shop.dir, "../copied.mjs");
  const library = new URL("../../dist/index.js", import.meta.url).href;
  writeFileSync(file, code.typescript.replace('"ampframe"', JSON.stringify(library)));
  const printed = execFileSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const rows = (await found(definition, selection ?? {})) as { value: string; users: number }[];
  for (const { value, users } of rows) {
    expect(printed).toContain(value);
    expect(printed).toContain(users.toLocaleString("en-US"));
  }
});

test("analyses and boards are kept in the lake, run by name, and deleted", async () => {
  const definition: AnalysisDefinition = { analysis: "composition", property: "platform" };
  await shop.explorer.ask("save-analysis", { name: "By platform", definition, selection: SELECTION });
  await shop.explorer.ask("save-board", { name: "Weekly", analyses: ["By platform", "gone"] });
  const { analyses, boards } = await shop.explorer.ask("analyses", {});
  expect(analyses).toEqual([{ name: "By platform", definition, selection: SELECTION }]);
  expect(boards).toEqual([{ name: "Weekly", analyses: ["By platform", "gone"] }]);
  const printed = execFileSync(
    process.execPath,
    [MAIN, "analysis", "By platform", "--json", "--lake", shop.dir],
    {
      encoding: "utf8",
    },
  );
  expect(JSON.parse(printed).rows).toEqual(await found(definition, SELECTION));
  await shop.explorer.ask("delete-analysis", { name: "By platform" });
  await shop.explorer.ask("delete-board", { name: "Weekly" });
  expect(await shop.explorer.ask("analyses", {})).toEqual({ analyses: [], boards: [] });
  expect(await shop.explorer.fault("delete-board", { name: "Weekly" })).toMatchObject({ status: 400 });
  expect(await shop.explorer.fault("save-analysis", { name: "../x", definition })).toMatchObject({
    status: 400,
    error: '"../x" cannot be the name of an analysis.',
  });
});

test("a wrong definition is answered in words", async () => {
  const definition = JSON.parse('{"analysis": "funel", "steps": []}');
  expect(await shop.explorer.fault("analysis", { definition })).toMatchObject({
    status: 400,
    wayOut: expect.stringContaining("funnel"),
  });
});
