import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keptAnswers } from "../../src/explorer/query-process/kept-answers.js";
import { type Lake, load, openLake } from "../../src/index.js";
import { shopLake } from "./start.js";

let made: Awaited<ReturnType<typeof shopLake>>;
let lake: Lake;

beforeAll(async () => {
  made = await shopLake();
  lake = await openLake(made.dir);
});
afterAll(async () => {
  await lake.close();
  made.remove();
});

/** Answers that count how often they are worked out. Each is there when `open` is, or ends with its signal. */
function counting(status = 200, open = Promise.resolve()) {
  const found = { times: 0, cancelled: 0 };
  const answers = keptAnswers(lake, async (name, input, signal) => {
    found.times += 1;
    signal.addEventListener("abort", () => {
      found.cancelled += 1;
    });
    await open;
    return { status, body: JSON.stringify([name, input]) };
  });
  const ask = (name: string, input: object, signal = new AbortController().signal) =>
    answers(name, input, signal);
  return { ask, found };
}

test("a question is worked on once, at the same time and later, whatever the order of its fields", async () => {
  const { ask, found } = counting();
  const both = await Promise.all([
    ask("overview", { step: 60, dimensions: ["a"] }),
    ask("overview", { dimensions: ["a"], step: 60 }),
  ]);
  expect(both[0]).toEqual(both[1]);
  await ask("overview", { step: 60, dimensions: ["a"] });
  expect(found.times).toBe(1);
  await ask("overview", { step: 60, dimensions: ["b"] });
  await ask("values", { step: 60, dimensions: ["a"] });
  expect(found.times).toBe(3);
});

test("what fails, what changes without a commit, and what names a cohort is worked out each time", async () => {
  const { ask, found } = counting(400);
  expect((await ask("values", { property: "x" })).status).toBe(400);
  expect((await ask("values", { property: "x" })).status).toBe(400);
  expect(found.times).toBe(2);
  const other = counting();
  for (let i = 0; i < 2; i++) {
    await other.ask("analyses", {});
    await other.ask("users", { selection: { cohort: "buyers" } });
  }
  expect(other.found.times).toBe(4);
});

test("work is given up when the last who waits for it leaves, and not before", async () => {
  let open = (): void => {};
  const { ask, found } = counting(200, new Promise((resolve) => (open = resolve)));
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const left = ask("users", { limit: 1 }, first.signal);
  const stayed = ask("users", { limit: 1 }, second.signal);
  const alone = ask("users", { limit: 2 }, third.signal);
  await expect.poll(() => found.times).toBe(2);
  first.abort();
  third.abort();
  expect((await left).status).toBe(400);
  expect((await alone).status).toBe(400);
  expect(found.cancelled).toBe(1);
  open();
  expect((await stayed).status).toBe(200);
  expect(found).toEqual({ times: 2, cancelled: 1 });
});

test("after a new commit everything is worked out anew", async () => {
  const { ask, found } = counting();
  await ask("user-counts", {});
  const folder = mkdtempSync(join(tmpdir(), "ampframe-kept-"));
  const file = join(folder, "1_2026-11-20_10#0.json");
  writeFileSync(
    file,
    '{"app":1,"uuid":"00000000-0000-4000-8000-000000000001","event_type":"A","event_time":"2026-11-20 10:00:00.000000","server_upload_time":"2026-11-20 10:00:09.000000"}\n',
  );
  const extent = await lake.extent();
  await load({ lake: made.dir, paths: [file] }).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  expect((await lake.extent()).version).toBeGreaterThan(extent.version);
  await ask("user-counts", {});
  expect(found.times).toBe(2);
});
