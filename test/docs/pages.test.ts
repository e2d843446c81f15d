import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator, writeMembers } from "../../src/index.js";
import { ampframeHere } from "../cli/run-here.js";
import { execute, someonesProject } from "./run-typescript.js";
import { shapesOf, snippetsOf } from "./snippets.js";

const ROOT = join(import.meta.dirname, "../..");
/** What a shell snippet may hold beside `ampframe` commands: it is for the reader's own machine. */
const FOR_THE_READER = [
  "npm install ampframe",
  "export AMPLITUDE_API_KEY=… AMPLITUDE_SECRET_KEY=…",
  "chmod 600 .env",
];

let emulator: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  // With so many copies that there are some at any hour of the day, since README tells of them.
  emulator = await startEmulator({ days: 8, eventsPerDay: 5_000, duplicateRate: 0.001 });
  env = { AMPLITUDE_API_KEY: emulator.apiKey, AMPLITUDE_SECRET_KEY: emulator.secretKey };
});
afterAll(() => emulator.close());

test("README's commands for a clone are those that must hold on any machine", () => {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  expect(text).toContain("`npm ci && npm run demo`");
  expect(text).toContain("`npm ci && npm test`");
});

test("pages link to what is there", () => {
  for (const page of [
    "README.md",
    "docs/library.md",
    "docs/properties.md",
    "docs/analyses.md",
    "docs/definitions.md",
    "docs/cookbook.md",
    "docs/from-pandas.md",
    "docs/notebooks.md",
    "docs/schema.md",
    "docs/lake.md",
    "docs/bucket.md",
    "docs/spark.md",
    "docs/formats.md",
    "docs/open-the-lake.md",
    "docs/reliability.md",
    "docs/explorer.md",
    "examples/README.md",
  ]) {
    const text = readFileSync(join(ROOT, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() => readFileSync(join(ROOT, page, "..", target)), `${page} links to ${target}`).not.toThrow();
  }
});

describe.each(["README.md", "docs/library.md", "docs/analyses.md"])("%s", (page) => {
  const snippets = snippetsOf(page);
  const programs = snippets.filter(({ language }) => language === "ts");
  const shells = snippets.filter(({ language }) => language === "sh");
  let folder: string;

  beforeAll(async () => {
    folder = someonesProject();
    await writeMembers({ dir: join(folder, "exports"), days: 1, eventsPerDay: 500, seed: 2 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("its command lines run, and print what the page says", { timeout: 90_000 }, async () => {
    for (const { text, output } of shells) {
      const lines = text.split("\n").filter((line) => line !== "");
      let printed = "";
      for (const line of lines.filter((line) => !FOR_THE_READER.includes(line))) {
        const [name, ...args] = words(line);
        expect(name, line).toBe("ampframe");
        if (args[0] === "pull") args.push("--endpoint", emulator.url);
        const { status, stdout, stderr } = await ampframeHere(args, { cwd: folder, env });
        expect({ line, status, stderr }).toMatchObject({ line, status: 0 });
        printed += stdout + stderr;
      }
      expectShape(printed, output);
    }
  });

  test("its programs run in order, and print what the page says", { timeout: 90_000 }, async () => {
    for (const { text, output } of programs) {
      const own = text.replace(/(loadEvents\(\{) last: "7d"/, `$1 last: "7d", endpoint: "${emulator.url}"`);
      const printed = await execute(folder, own, env);
      expect(printed).not.toBe("");
      expectShape(printed, output);
    }
  });
});

/** True if all words of `line` are in `other`. */
function isPartOf(line: string, other: string): boolean {
  const words = new Set(other.split(" "));
  return line.split(" ").every((word) => words.has(word));
}

/**
 * The first line of what the page shows, the figures aside, must be among what was printed. A frame's head may have
 * some columns more or fewer: it leaves out those that are empty in its rows, and
 * how many fit depends on how wide these are.
 */
function expectShape(printed: string, output: string | undefined): void {
  const [first] = shapesOf(output ?? "");
  if (!first) return;
  const isHead = (line: string) =>
    first.startsWith("event_time event_type ") &&
    line.startsWith("event_time event_type ") &&
    (isPartOf(line, first) || isPartOf(first, line));
  if (!shapesOf(printed).some(isHead)) expect(shapesOf(printed)).toContain(first);
}

/** The words of a command line, double quotes taken off. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
