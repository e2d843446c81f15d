import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/tree/index.js";
import { ampframe, emptyFolder } from "./run.js";
import { ampframeHere } from "./run-here.js";

const KEYS = { AMPLITUDE_API_KEY: "canary-api-7f3a91", AMPLITUDE_SECRET_KEY: "canary-secret-b20c44" };

test("help goes to stdout with status 0, names every command, and comes fast", async () => {
  const [bare, help]: [number[], number[]] = [[], []];
  for (let i = 0; i < 4; i += 1) {
    const start = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    const between = performance.now();
    const ran = await ampframe(["--help"]);
    bare.push(between - start);
    help.push(performance.now() - between);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    for (const { name, summary } of COMMANDS)
      expect(ran.stdout).toMatch(new RegExp(`  ${name} .*${summary.slice(0, 20)}`));
  }
  // The promise is 150 ms on a quiet machine, a third of which is ampframe's own; a test runs among others.
  expect(Math.min(...help) - Math.min(...bare)).toBeLessThan(150);
});

test("no command at all prints the same help", async () => {
  const [none, help] = await Promise.all([ampframe([]), ampframe(["--help"])]);
  expect(none).toEqual(help);
});

test.each(COMMANDS.map(({ name }) => name))("%s --help shows its options and examples", async (name) => {
  const ran = await ampframeHere([name, "--help"]);
  const command = COMMANDS.find((one) => one.name === name);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  for (const { flags } of command?.options ?? []) expect(ran.stdout).toContain(flags);
  for (const { line } of command?.examples ?? []) expect(ran.stdout).toContain(line);
});

test("--version prints the version of package.json", async () => {
  const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
  expect(await ampframe(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test.each([
  [["pul"], "Did you mean pull?"],
  [["pull", "--lst", "7d"], "Did you mean --last?"],
  [["pull", "--concurrency", "5"], "a whole number from 1 to 4"],
  [["pull", "--region", "mars"], "us, eu"],
  [["pull", "extra"], "too many arguments"],
  [["load"], "No path was given"],
  [["completion", "tcsh"], "bash, zsh, fish"],
  [["sql", "--format", "ods", "SELECT 1"], "parquet"],
])("wrong use %j ends with status 2, nothing on stdout, and a hint", async (args, hint) => {
  const ran = await ampframeHere(args, { env: KEYS });
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toContain(hint);
});

test.each([["--api-key"], ["--secret-key"], ["--secret"]])(
  "%s is refused without repeating its value",
  async (option) => {
    for (const args of [
      ["pull", `${option}=canary-in-argv`],
      ["pull", option, "canary-in-argv"],
    ]) {
      const ran = await ampframe(args);
      expect(ran).toMatchObject({ status: 2, stdout: "" });
      expect(ran.stderr).toContain("keys are never given as options");
      expect(ran.stderr).not.toContain("canary");
    }
  },
);

test("without keys, pull says which are missing, where Amplitude shows them, and that demo needs none", async () => {
  const ran = await ampframe(["pull"]);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toMatch(/No AMPLITUDE_API_KEY with its AMPLITUDE_SECRET_KEY was found/);
  expect(ran.stderr).toMatch(/Settings → Projects/);
  expect(ran.stderr).toMatch(/ampframe demo/);
  const one = await ampframe(["pull"], { env: { AMPLITUDE_API_KEY: "canary-api" } });
  expect(one.stderr).toContain("Looked in: the environment (no AMPLITUDE_SECRET_KEY); .env (not there);");
  expect(one.stderr).not.toContain("canary-api");
});

test.skipIf(process.platform === "win32")(
  "a .env that others can read is refused, and its keys are not shown",
  async () => {
    const cwd = emptyFolder();
    const text = Object.entries(KEYS).map(([name, key]) => `${name}=${key}\n`);
    writeFileSync(join(cwd, ".env"), text.join(""), { mode: 0o644 });
    const ran = await ampframe(["pull", "--debug"], { cwd });
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("chmod 600 .env");
    expect(ran.stderr).not.toContain("canary");
  },
);

test("errors keep their colour for terminals, unless FORCE_COLOR asks for it", async () => {
  expect((await ampframe(["pull"])).stderr).not.toContain("\u001b[");
  expect((await ampframe(["pull"], { env: { FORCE_COLOR: "1" } })).stderr).toContain("\u001b[31merror:");
});
