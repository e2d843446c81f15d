import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hourAt } from "../../src/hour.js";
import { type Emulator, startEmulator } from "../../src/index.js";
import { execute, someonesProject } from "./run-typescript.js";
import { shapesOf, snippetsOf } from "./snippets.js";

const snippets = snippetsOf("docs/from-pandas.md");
const [opening, ...sections] = snippets.filter(({ language }) => language === "ts");
const END_OF_SECTION = "-- end of section --\n";

let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = someonesProject();
  writeFileSync(join(folder, "targets.csv"), "country,target\nGermany,20\nFrance,10\n");
  const end = hourAt(Date.parse("2025-11-23T23:00Z"));
  emulator = await startEmulator({ days: 7, eventsPerDay: 1_000, end });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

test("each idiom of pandas has its TypeScript", () => {
  expect(sections.length).toBeGreaterThan(8);
  expect(snippets.filter(({ language }) => language === "python")).toHaveLength(sections.length + 1);
});

test("its programs run, and print what the page says", { timeout: 170_000 }, async () => {
  const last = 'to: "2025-11-23" }';
  expect(opening!.text).toContain(last);
  const program = [
    opening!.text.replace(last, `to: "2025-11-23", endpoint: "${emulator.url}" }`),
    ...sections.map(({ text }) => `{\n${text}}\nprocess.stdout.write(${JSON.stringify(END_OF_SECTION)});\n`),
    "await lake.close();\n",
  ].join("");
  const { apiKey: AMPLITUDE_API_KEY, secretKey: AMPLITUDE_SECRET_KEY } = emulator;
  const printed = await execute(folder, program, { AMPLITUDE_API_KEY, AMPLITUDE_SECRET_KEY });
  const parts = printed.split(END_OF_SECTION);
  for (const [i, { text, output }] of sections.entries()) {
    expect(shapesOf(parts[i]!), text).toEqual(shapesOf(output ?? ""));
  }
});
