import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import { loadEvents, openLake, startEmulator } from "../../src/index.js";
import { cellsOf, notebookProgram, notebooks, notebookText } from "./notebooks.js";
import { execute, someonesProject } from "./run-typescript.js";
import { snippetsOf } from "./snippets.js";

const ROOT = join(import.meta.dirname, "../..");
const folder = someonesProject();

beforeAll(() => {
  for (const name of ["nodejs-polars", "arquero"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("examples/README.md and docs/notebooks.md name every notebook", () => {
  expect(notebooks.length).toBeGreaterThan(1);
  for (const name of notebooks) {
    expect(readFileSync(join(ROOT, "examples/README.md"), "utf8")).toContain(`](notebooks/${name})`);
    expect(readFileSync(join(ROOT, "docs/notebooks.md"), "utf8")).toContain(
      `](../examples/notebooks/${name})`,
    );
  }
});

// The kernel itself is held to by `npm run test:notebooks`.
describe.each(notebooks)("%s", (name) => {
  test("is committed with the outputs of all its cells, none an error", () => {
    const code = cellsOf(name).filter(({ cell_type }) => cell_type === "code");
    for (const { outputs = [] } of code) {
      expect(outputs.length).toBe(1);
      expect(outputs[0]?.output_type).not.toBe("error");
    }
    expect(notebookText(name)).not.toMatch(/\/(tmp|home|root|Users)\//);
  });

  test("runs in Node", { timeout: 60_000 }, async () => {
    const printed = await execute(folder, `${notebookProgram(name)};\nconsole.log("ended");`, {});
    expect(printed).toMatch(/ended\n$/);
  });
});

describe("docs/notebooks.md", () => {
  const snippets = snippetsOf("docs/notebooks.md");

  test("its data loader writes Parquet to stdout, and nothing else", { timeout: 60_000 }, async () => {
    const emulator = await startEmulator({ days: 1, end: "2025-06-08T23", eventsPerDay: 2_000 });
    const { apiKey, secretKey, url: endpoint } = emulator;
    const range = { from: "2025-06-08", to: "2025-06-08" };
    const lakeFolder = join(folder, "amplitude");
    await loadEvents({ lake: lakeFolder, credentials: { apiKey, secretKey }, endpoint, ...range });
    await emulator.close();
    const lake = await openLake(lakeFolder);
    const orders = await lake.frame({ events: "Order Completed" }).count();
    await lake.close();
    expect(orders).toBeGreaterThan(3);

    const loader = snippets.find(({ text }) => text.includes("process.stdout"))!;
    writeFileSync(join(folder, "loader.mjs"), loader.text);
    const bytes = execFileSync(process.execPath, ["loader.mjs"], { cwd: folder });
    writeFileSync(join(folder, "orders.parquet"), bytes);
    const engine = await openEngine();
    const found = await engine.query(
      `SELECT count(*)::INT, count(revenue)::INT FROM read_parquet('${join(folder, "orders.parquet")}')`,
    );
    await engine.close();
    expect(found.rows()).toEqual([[orders, orders]]);
  });
});
