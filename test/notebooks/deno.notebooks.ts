import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadEvents, startEmulator } from "../../src/index.js";
import { snippetsOf } from "../docs/snippets.js";
import { installInto, prepareKernel, runDeno } from "./kernel.js";

const folder = mkdtempSync(join(tmpdir(), "ampframe-deno-"));

beforeAll(async () => {
  await prepareKernel();
  await installInto(folder, []);
  const emulator = await startEmulator({ days: 1, end: "2025-06-08T23", eventsPerDay: 500 });
  const { apiKey, secretKey, url: endpoint } = emulator;
  const lake = join(folder, "amplitude");
  const range = { from: "2025-06-08", to: "2025-06-08" };
  await loadEvents({ lake, credentials: { apiKey, secretKey }, endpoint, ...range });
  await emulator.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test("docs/notebooks.md's program runs under Deno with the permissions that the page names", async () => {
  const snippets = snippetsOf("docs/notebooks.md");
  const program = snippets.find(({ text }) => text.includes("valueCounts"))!;
  const command = snippets
    .find(({ text }) => text.startsWith("deno run"))!
    .text.trim()
    .split(" ")
    .slice(1);
  writeFileSync(join(folder, command.at(-1)!), program.text);
  const printed = await runDeno(folder, ...command);
  expect(printed).toMatch(/^event_type +count +share$/m);
  expect(printed).toContain("Product Viewed");
  const [run = "", ffi, ...rest] = command;
  expect(ffi).toBe("--allow-ffi");
  await expect(runDeno(folder, run, "--no-prompt", ...rest)).rejects.toThrow("Requires ffi access");
});
