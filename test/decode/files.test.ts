import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { DecodedFile } from "../../src/decode/decoder.js";
import { SeenUuids } from "../../src/decode/seen-uuids.js";
import { COLUMN_NAMES, Decoding, type Row } from "./decoding.js";

const decoding = Decoding.forThisFile();
const UUID = COLUMN_NAMES.indexOf("uuid");

const event = (uuid: string, day: number, app: number | null = 7, more = "") =>
  `{"uuid":"${uuid}","event_type":"e","app":${app},"server_upload_time":"2025-07-${String(day).padStart(2, "0")} 16:00:00"${more}}`;

const decodeLines = (lines: readonly string[], more = {}) =>
  decoding.use().decode([Buffer.from(lines.join("\n"))], { partitioned: true, ...more });

/** The uuids of a file; that of a part comes one column earlier, since it has no `app`. */
async function uuidsOf(file: DecodedFile): Promise<unknown[]> {
  expect(file.sha256).toBe(createHash("sha256").update(readFileSync(file.path)).digest("hex"));
  const rows: Row[] = await decoding.use().rowsOf(file);
  rmSync(file.path);
  return rows.map((row) => row[UUID - (file.kind === "part" ? 1 : 0)]);
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test("long runs of one project and day become parts, in the order of their lines, without app", async () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((prefix) => named(prefix, 2000));
  const { files } = await decodeLines([
    ...a!.map((uuid) => event(uuid, 1)),
    ...b!.map((uuid) => event(uuid, 2)),
    ...c!.map((uuid) => event(uuid, 1)),
    ...d!.map((uuid) => event(uuid, 2, null)),
  ]);
  expect(files.map(({ path: _, sha256: __, ...file }) => file)).toEqual([
    { kind: "part", app: 7n, uploadDate: "2025-07-02", rows: 2000 },
    { kind: "part", app: 7n, uploadDate: "2025-07-01", rows: 4000 },
    { kind: "part", app: null, uploadDate: "2025-07-02", rows: 2000 },
  ]);
  expect(await Promise.all(files.map(uuidsOf))).toEqual([b, [...a!, ...c!], d]);
});

test("what is left of a long run is a part, however few rows there are in memory", async () => {
  // A row group takes 16,384 rows; five are left of the first day.
  const [long, next] = [named("l", 16_389), named("n", 1500)];
  const { files } = await decodeLines([
    ...long.map((uuid) => event(uuid, 1)),
    ...next.map((uuid) => event(uuid, 2)),
  ]);
  expect(files.map(({ kind, rows }) => [kind, rows])).toEqual([
    ["part", 16_389],
    ["part", 1500],
  ]);
  expect(await Promise.all(files.map(uuidsOf))).toEqual([long, next]);
});

test("short runs are mixed in one file that keeps app", async () => {
  const uuids = named("m", 3000);
  const { files } = await decodeLines(uuids.map((uuid, i) => event(uuid, 1 + (i % 28), i % 3)));
  expect(files).toMatchObject([{ kind: "mixed", rows: 3000 }]);
  const rows = await decoding.use().rowsOf(files[0]!);
  expect(rows.map((row) => [row[COLUMN_NAMES.indexOf("app")], row[UUID]])).toEqual(
    uuids.map((uuid, i) => [BigInt(i % 3), uuid]),
  );
});

test("only so many files are open at a time; none is lost", async () => {
  const runs = Array.from({ length: 20 }, (_, day) => named(`${day}-`, 1100));
  const { files } = await decodeLines(runs.flatMap((run, day) => run.map((uuid) => event(uuid, 1 + day))));
  expect(files.map(({ kind }) => kind)).toEqual(runs.map(() => "part"));
  const found = await Promise.all(files.map(uuidsOf));
  expect(found.flat().sort()).toEqual(runs.flat().sort());
});

test("lines whose uuid came before go to a file of their own, however many they are; others do not", async () => {
  const { mayHaveSeen } = new SeenUuids(SeenUuids.memoryFor(100_000));
  const long = `,"event_properties":{"text":"${"x".repeat(400)}"}`;
  const first = named("0b3f6a1e-7c52-4f0e-9d34-", 20_000);
  const again = [...first].reverse();
  const lines = [...first, ...again, "last"].map((uuid) => event(uuid, 1, 7, long));
  const { members, files } = await decodeLines(lines, { mayHaveSeen });
  expect(members).toMatchObject([{ lines: 40_001, loaded: 40_001 }]);
  expect(members[0]?.hours).toEqual([{ app: 7n, hour: "2025-07-01T16", events: 40_001 }]);
  const repeats = files.filter(({ kind }) => kind === "repeats");
  const parts = files.filter(({ kind }) => kind === "part");
  expect((await Promise.all(repeats.map(uuidsOf))).flat()).toEqual(again);
  expect((await Promise.all(parts.map(uuidsOf))).flat()).toEqual([...first, "last"]);
});
