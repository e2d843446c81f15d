import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  forget,
  openLake,
  planForget,
  saveAnalysis,
  savedAnalyses,
  verify,
  writeLake,
} from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "ampframe-saved-"));
const lake = join(folder, "shop");
beforeAll(() => writeLake({ lake, days: 2, eventsPerDay: 200, seed: 1 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("forget names the saved analysis that has one of the ids, and leaves it and the others as they are", async () => {
  const opened = await openLake(lake);
  const [row] = await (
    await opened.query<{ user_id: string }>("SELECT user_id FROM events WHERE user_id IS NOT NULL LIMIT 1")
  ).head(1);
  await opened.close();
  const id = row?.user_id ?? "";
  const definition = { analysis: "composition", property: "platform" } as const;
  await saveAnalysis(lake, { name: "all", definition });
  await saveAnalysis(lake, {
    name: "one person",
    definition,
    selection: { filters: [{ property: "user_id", value: id }] },
  });
  const before = await savedAnalyses(lake);
  const named = { what: "The saved analysis one person", reason: "It names one of the ids." };
  const { refused: planned } = await planForget({ lake, userIds: [id] });
  expect(planned).toEqual([expect.objectContaining(named)]);
  const { refused, rows } = await forget({ lake, userIds: [id] });
  expect(rows).toBeGreaterThan(0);
  expect(refused).toEqual([expect.objectContaining(named)]);
  expect(await savedAnalyses(lake)).toEqual(before);
  expect(existsSync(join(lake, "_ampframe/analyses/one person.json"))).toBe(true);
  expect((await verify({ lake })).faults).toEqual([]);
});
