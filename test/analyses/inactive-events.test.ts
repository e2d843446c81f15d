import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inactiveEvents } from "../../src/analyses/inactive-events.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";

const sources = new MadeSources();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "inactive-"));
});
afterAll(async () => {
  await sources.close();
  await rm(folder, { recursive: true, force: true });
});

async function read(text: string) {
  const path = join(folder, "events");
  await writeFile(path, text);
  return inactiveEvents(path);
}

test.each([
  ["\ufeffPush sent\r\n\r\nEmail\nEmail", ["Push sent", "Email"]],
  ["", []],
  ['{"data":[{"value":"raw","name":"shown","non_active":true},{"value":"b","non_active":false}]}', ["raw"]],
  ['[{"name":"a","inactive":true},{"name":"b","inactive":false}]', ["a"]],
  ['["a","b"]', ["a", "b"]],
])("%j names %j", async (text, names) => {
  expect(await read(text)).toEqual(names);
});

test.each(['{"data":1}', '{"data":[{"value":"a"}]}', '[{"inactive":true}]', '{"data":['])(
  "%j is refused",
  async (text) => {
    await expect(read(text)).rejects.toMatchObject({ name: "UsageError" });
  },
);

test("a missing file is refused", async () => {
  await expect(inactiveEvents(join(folder, "none"))).rejects.toThrow("cannot be read");
});

test("an explanation tells how far identity moved the number of users, in the range only", async () => {
  const events = [
    made("a", "2026-01-01T01:00:00", { amplitude_id: 1 }),
    made("a", "2026-01-01T02:00:00", { amplitude_id: 2 }),
    made("a", "2026-01-01T03:00:00", { amplitude_id: 3 }),
    made("a", "2026-01-01T04:00:00", { amplitude_id: 4 }),
    made("a", "2026-01-02T01:00:00", { amplitude_id: 5 }),
  ];
  const source = await sources.of(events, { ...days("2026-01-01", "2026-01-02", "2026-01-03") });
  const merges = [
    { amplitude_id: 2, merged_amplitude_id: 1 },
    { amplitude_id: 3, merged_amplitude_id: 9 },
    { amplitude_id: 5, merged_amplitude_id: 1 },
  ];
  const merged = await segmentation(source, "a", { identity: { merges } });
  expect(merged.explanation.definition.join("\n")).toContain(
    "Of 4 ids with events in this range 2 belong to another user: 3 users instead of 4, 25.0 % fewer.",
  );
  expect((await segmentation(source, "a")).explanation.definition.join("\n")).not.toContain("instead of");
});
