import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executeNotebook, installInto, type Notebook, type Output, prepareKernel } from "./kernel.js";

const NOTEBOOKS = join(import.meta.dirname, "../../examples/notebooks");
const names = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb"));
const folder = mkdtempSync(join(tmpdir(), "ampframe-notebooks-"));

beforeAll(async () => {
  await prepareKernel();
  await installInto(folder, ["nodejs-polars@0.24.1", "arquero@8.0.3", "@uwdata/flechette@2.6.0"]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("there are notebooks", () => expect(names.length).toBeGreaterThan(1));

describe.each(names)("%s", (name) => {
  let executed: Notebook;
  let outputs: readonly Output[];

  test("runs without an error", async () => {
    executed = await executeNotebook(join(NOTEBOOKS, name), folder);
    outputs = executed.cells.flatMap((cell) => cell.outputs ?? []);
    expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual(
      [],
    );
  });

  test("shows frames as tables in HTML and in text", () => {
    const shown = outputs.map(({ data = {} }) => ({
      html: [data["text/html"] ?? ""].flat().join(""),
      text: [data["text/plain"] ?? ""].flat().join(""),
    }));
    const ours = shown.filter(({ html }) =>
      /<table [\s\S]*<\/table><small[^>]*>[\d,]+ rows × \d+ columns/.test(html),
    );
    expect(ours.length).toBeGreaterThan(0);
    for (const { text } of ours) expect(text).toMatch(/\n[\d,]+ rows × \d+ columns/);
  });

  test("gives what is committed (after a change: npm run test:notebooks -- -u)", async () => {
    const text = `${JSON.stringify(executed, null, 1)}\n`;
    expect(text).not.toContain(folder);
    await expect(text).toMatchFileSnapshot(join(NOTEBOOKS, name));
  });
});
