import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Api } from "../../src/explorer/api.js";
import { writeLake } from "../../src/index.js";
import { ampframe, emptyFolder } from "./run.js";

/** Runs `ampframe ...args` until it prints its address, then `use`, then ends it by Ctrl-C. Gives its exit status. */
async function exploring(
  args: readonly string[],
  use: (
    ask: <N extends keyof Api>(name: N, input: Api[N]["in"]) => Promise<Api[N]["out"]>,
    url: string,
  ) => Promise<void>,
): Promise<{ readonly status: number | null; readonly stderr: string }> {
  let url = "";
  let child: ChildProcess | undefined;
  const ran = ampframe([...args, "--no-open", "--json"], {
    onStart(started) {
      child = started;
      started.stdout?.on("data", (text: string) => {
        url += text;
      });
    },
  });
  const ended = ran.then(() => undefined);
  for (let i = 0; i < 1200 && !url.includes("\n"); i++) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
    if (child?.exitCode !== null) break;
  }
  try {
    const opened = new URL(JSON.parse(url).url);
    const entered = await fetch(opened, { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    await use(async (name, input) => {
      const headers = { cookie, "content-type": "application/json" };
      const answer = await fetch(new URL(`/api/${name}`, opened), {
        ...{ method: "POST", headers, body: JSON.stringify(input) },
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      return JSON.parse(text);
    }, opened.origin);
  } finally {
    child?.kill("SIGINT");
  }
  const { status, stderr } = await ran;
  return { status, stderr };
}

test("explore serves the lake until Ctrl-C, which ends it cleanly", async () => {
  const lake = join(emptyFolder(), "lake");
  await writeLake({ lake, days: 1, eventsPerDay: 100 });
  let origin = "";
  const { status } = await exploring(["explore", "--lake", lake], async (ask, url) => {
    origin = url;
    expect(await ask("lake", {})).toMatchObject({ name: "lake", canPull: false });
    expect((await ask("query", { sql: "SELECT 1 AS one" })).rows).toEqual([[1]]);
  });
  expect(status).toBe(0);
  await expect(fetch(origin)).rejects.toThrow();
}, 120_000);

test("explore says what is wrong", async () => {
  const ran = await ampframe(["explore", "--no-open"]);
  expect(ran).toMatchObject({ status: 1, stdout: "" });
  expect(ran.stderr).toMatch(/^error: .*no lake/im);
});

test("demo --explore has something on every page, and its button pulls", async () => {
  const { status, stderr } = await exploring(["demo", "--explore"], async (ask) => {
    const { analyses, boards } = await ask("analyses", {});
    expect(analyses.length).toBeGreaterThan(4);
    expect(boards[0]?.analyses.length).toBe(analyses.length);
    for (const { name, definition } of analyses) {
      const { rows } = await ask("analysis", { definition });
      expect([name, rows.length > 0]).toEqual([name, true]);
    }
    expect((await ask("cohorts", {})).cohorts.map(({ name }) => name)).toEqual(["buyers"]);
    expect(await ask("lake", {})).toMatchObject({ canPull: true });
    expect(await ask("pull", {})).toMatchObject({ state: "running" });
    await ask("stop-pull", {});
  });
  expect(status).toBe(0);
  expect(stderr).not.toMatch(/error|warning/i);
}, 180_000);
