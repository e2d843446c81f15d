import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/start-emulator.js";
import { ask, linesIn, unzip } from "./emulated.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ampframe-replay-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const line = (time: string, n: number) => `{"app":77,"n":${n},"server_upload_time": "${time}"}`;

test("members are served under their own hour, byte for byte; a bare .json in gzip", async () => {
  mkdirSync(join(dir, "77"));
  const gz = gzipSync("a\nb", { level: 1 });
  writeFileSync(join(dir, "77", "77_2025-03-01_9#0.json.gz"), gz);
  writeFileSync(join(dir, "77", "77_2025-03-01_9#1.json"), "c\n");
  writeFileSync(join(dir, "77", "77_2025-03-01_10#0.json.gz"), gzipSync("d\n"));
  writeFileSync(join(dir, "77", "77_2025-03-01_9_complete"), "");
  const emulator = await startEmulator({ replay: dir });
  try {
    expect([emulator.projectId, emulator.hours()]).toEqual([
      77,
      { from: "2025-03-01T09", to: "2025-03-01T10" },
    ]);
    const nine = await unzip((await ask(emulator, "20250301T09")).body);
    expect(nine.map(({ name }) => name)).toEqual([
      "77/77_2025-03-01_9#0.json.gz",
      "77/77_2025-03-01_9#1.json.gz",
    ]);
    expect(nine[0]!.content.equals(gz)).toBe(true);
    expect(gunzipSync(nine[1]!.content).toString()).toBe("c\n");
    expect(await linesIn((await ask(emulator, "20250301T00", "20250301T23")).body)).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
    expect((await ask(emulator, "20250301T11")).status).toBe(404);
    expect(() => emulator.truth()).toThrow(expect.objectContaining({ name: "UsageError" }));
  } finally {
    await emulator.close();
  }
});

test("a file of another name is split by the upload times of its lines; no line is lost", async () => {
  const text = [
    line("2025-03-01 09:59:59.999999", 1),
    line("2025-03-01 10:00:00.000000", 2),
    "not json",
    line("2025-03-01T09:00:00", 3),
  ].join("\n");
  writeFileSync(join(dir, "saved.json"), text);
  const emulator = await startEmulator({ replay: dir });
  try {
    const nine = await unzip((await ask(emulator, "20250301T09")).body);
    expect(nine.map(({ name }) => name)).toEqual(["77/77_2025-03-01_9#0.json.gz"]);
    expect(gunzipSync(nine[0]!.content).toString()).toBe(`${text.split("\n")[0]}\n${text.split("\n")[3]}`);
    expect(await linesIn((await ask(emulator, "20250301T10")).body)).toEqual(text.split("\n").slice(1, 3));
  } finally {
    await emulator.close();
  }
});

test("a folder without events is refused in words", async () => {
  await expect(startEmulator({ replay: dir })).rejects.toThrow(/has no file with events/);
  await expect(startEmulator({ replay: join(dir, "missing") })).rejects.toThrow(/cannot be read/);
});

const corpus = process.env.AMPFRAME_CORPUS;
if (!corpus) console.warn("AMPFRAME_CORPUS is not set: the replay of real exports is not tested.");

test.skipIf(!corpus)("a real export is served line by line as it lies", async () => {
  const folder = join(corpus!, "exports/flutter-shop-2025");
  const emulator = await startEmulator({ replay: folder });
  try {
    const { from, to } = emulator.hours()!;
    const api = (of: string) => of.replaceAll("-", "");
    const served = await linesIn((await ask(emulator, api(from), api(to))).body);
    const files = ["inline_test_event.json", "test-round-trip.json"];
    const real = files.flatMap((name) =>
      readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean),
    );
    expect(served.toSorted()).toEqual(real.toSorted());
    expect(emulator.projectId).toBe(636686);
  } finally {
    await emulator.close();
  }
});
