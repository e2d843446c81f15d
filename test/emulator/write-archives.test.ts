import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveShop } from "../../src/emulator/shop/shop.js";
import { tellTruth } from "../../src/emulator/shop/truth.js";
import { startEmulator } from "../../src/emulator/start-emulator.js";
import { writeArchives, writeMembers } from "../../src/emulator/write-archives.js";
import { ask, hour, linesIn, linesOf } from "./emulated.js";

const SHOP = { end: hour("2026-11-22T23"), days: 2, eventsPerDay: 1_200, eventsPerMember: 30 };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ampframe-archives-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("an archive a day has the bytes that the Export API answers for that day", async () => {
  const written = await writeArchives({ ...SHOP, dir });
  const emulator = await startEmulator(SHOP);
  try {
    expect(readdirSync(dir).sort()).toEqual(["312746_2026-11-21.zip", "312746_2026-11-22.zip"]);
    const { body } = await ask(emulator, "20261122T00", "20261122T23");
    expect(readFileSync(join(dir, "312746_2026-11-22.zip")).equals(body)).toBe(true);
  } finally {
    await emulator.close();
  }
  expect(written.lines).toBe(tellTruth(resolveShop(SHOP)).lines);
  expect(written.files.map((file) => file.bytes)).toEqual(
    written.files.map((file) => readFileSync(file.path).length),
  );
});

test("an archive an hour, deflated", async () => {
  const { files } = await writeArchives({ ...SHOP, days: 1, dir, per: "hour", compression: "deflate" });
  expect(files).toHaveLength(24);
  expect(files[5]!.path).toBe(join(dir, "312746_2026-11-22_5.zip"));
  expect(await linesIn(readFileSync(files[15]!.path))).toHaveLength(files[15]!.lines);
});

test("members as in a bucket have every line", async () => {
  const written = await writeMembers({ ...SHOP, dir });
  const lines = readdirSync(dir).flatMap((name) => {
    expect(name).toMatch(/^312746_2026-11-2[12]_\d{1,2}#\d+\.json\.gz$/);
    return gunzipSync(readFileSync(join(dir, name)))
      .toString()
      .split("\n")
      .filter(Boolean);
  });
  const expected = (await linesOf(resolveShop(SHOP))).map(({ text }) => text);
  expect(lines.sort()).toEqual(expected.sort());
  expect([written.lines, written.members]).toEqual([lines.length, readdirSync(dir).length]);
  expect(written.ndjsonBytes).toBeGreaterThan(written.bytes * 4);
});

test("a signal ends the work and leaves no archive that is not whole", async () => {
  const stop = new AbortController();
  const work = writeArchives({
    ...SHOP,
    dir,
    signal: stop.signal,
    onProgress: (_lines, at) => at === "2026-11-22T03" && stop.abort(),
  });
  await expect(work).rejects.toThrow(expect.objectContaining({ name: "CancelledError" }));
  expect(readdirSync(dir)).toEqual(["312746_2026-11-21.zip"]);
});

test("a folder that cannot be written to is refused in words", async () => {
  writeFileSync(join(dir, "file"), "");
  for (const write of [writeArchives, writeMembers]) {
    await expect(write({ ...SHOP, dir: join(dir, "file") })).rejects.toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringContaining("cannot be written") }),
    );
  }
});

test("an event takes less than 100 µs of CPU", async () => {
  const before = process.cpuUsage();
  const { lines } = await writeArchives({ end: SHOP.end, days: 1, eventsPerDay: 10_000, dir });
  const { user, system } = process.cpuUsage(before);
  expect(lines).toBeGreaterThan(8_000);
  expect((user + system) / lines).toBeLessThan(100);
});
