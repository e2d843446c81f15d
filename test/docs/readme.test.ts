import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator, writeMembers } from "../../src/index.js";
import { ampframe } from "../cli/run.js";
import { compile, execute, someonesProject } from "./run-typescript.js";
import { snippetsOf } from "./snippets.js";

const ROOT = join(import.meta.dirname, "../..");
const README = snippetsOf("README.md");
/** What a snippet may hold beside `ampframe` commands: it is for the reader's own machine. */
const FOR_THE_READER = ["npm install ampframe", "export AMPLITUDE_API_KEY=… AMPLITUDE_SECRET_KEY=…"];

let folder: string;
let emulator: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  folder = someonesProject();
  emulator = await startEmulator({ days: 8, eventsPerDay: 2_000 });
  await writeMembers({ dir: join(folder, "exports"), days: 1, eventsPerDay: 500, seed: 2 });
  env = { AMPLITUDE_API_KEY: emulator.apiKey, AMPLITUDE_SECRET_KEY: emulator.secretKey };
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

test("README's commands for a clone are those that must hold on any machine", async () => {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  expect(text).toContain("`npm ci && npm run demo`");
  expect(text).toContain("`npm ci && npm test`");
});

test("every command line of README runs", { timeout: 60_000 }, async () => {
  const lines = README.filter(({ language }) => language === "sh").flatMap(({ text }) =>
    text.split("\n").filter((line) => line !== ""),
  );
  const commands = lines.filter((line) => line.startsWith("ampframe "));
  expect(lines.filter((line) => !line.startsWith("ampframe "))).toEqual(FOR_THE_READER);
  expect(commands.length).toBeGreaterThan(4);
  for (const line of commands) {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)]
      .map(([, quoted, plain]) => quoted ?? plain ?? "")
      .slice(1);
    if (args[0] === "pull") args.push("--endpoint", emulator.url);
    const { status, stderr } = await ampframe(args, { cwd: folder, env });
    expect({ line, status, stderr }).toMatchObject({ line, status: 0 });
  }
});

test("every TypeScript snippet of README compiles strictly and runs", { timeout: 90_000 }, async () => {
  const snippets = README.filter(({ language }) => language === "ts").map(({ text }) =>
    text.replace('last: "7d"', `last: "7d", endpoint: "${emulator.url}"`),
  );
  expect(snippets.length).toBeGreaterThan(2);
  expect(compile(folder, snippets)).toBe("");
  for (const [i, text] of snippets.entries()) {
    const stdout = await execute(folder, text, env);
    expect(stdout).not.toBe("");
    if (i === 0) expect(stdout).toMatch(/rows × 56 columns/);
  }
});
