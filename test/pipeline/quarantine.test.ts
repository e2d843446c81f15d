import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import type { Source } from "../../src/lake/account.js";
import { LakeTable } from "../../src/lake/table.js";
import { compact } from "../../src/pipeline/compact.js";
import { excerptOf } from "../../src/pipeline/excerpt.js";
import { load } from "../../src/pipeline/load.js";
import { openOrCreateTable, openTable } from "../../src/pipeline/open-table.js";
import { promote } from "../../src/pipeline/promote.js";
import { quarantine } from "../../src/pipeline/quarantine.js";
import { retryQuarantine, retryTable } from "../../src/pipeline/retry-quarantine.js";
import { type FailureMode, failingFiles } from "../lake/failing-files.js";
import { checkpoints } from "../lake/making.js";
import { pricesOf } from "./promoting.js";
import {
  bring,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  replayed,
  uuidsOf,
  write,
} from "./scene.js";

const clock = noon();
const FILES: Source = { id: "files", project: "files" };
const REASON = "a form that an older version could not read";

/** Puts lines into quarantine as an older version might have done that could read none of them. */
async function setAside(lake: string, lines: readonly (string | Buffer)[], source = FILES): Promise<string> {
  const table = await openOrCreateTable(lake);
  const name = `${randomUUID()}.zip`;
  const kept = await table.writeQuarantine(
    lines.map((line, i) => ({
      ...{ input: name, member: "a.json.gz", line: 2 * i + 1, offset: 100 * i, reason: REASON },
      raw: Buffer.from(line),
    })),
  );
  const member = { name: "a.json.gz", bytes: 1000, crc32: 1, loaded: 0, blank: 0 };
  const outcome = await table.commit({
    account: {
      ...{ operation: "load", source, requests: [], hours: [], quarantine: kept },
      inputs: [
        {
          ...{ name, bytes: 10, sha256: randomUUID() },
          members: [{ ...member, lines: lines.length, quarantined: lines.length }],
        },
      ],
    },
    add: [],
    basedOn: table.snapshot,
  });
  await table.close();
  expect(outcome.kind).toBe("committed");
  return kept?.file ?? "";
}

async function waiting(lake: string) {
  return (await quarantine({ lake, examples: 1000 })).reasons.flatMap(({ reason, examples }) =>
    examples.map(({ line, offset, excerpt }) => ({ reason, line, offset, excerpt })),
  );
}

test("reasons are listed with counts and examples, the most frequent first; lines are exported as they came", async () => {
  const [lake, folder] = [await newPlace(), await newFolder()];
  const bad = ["nonsense", '{"uuid":"x"}', "more \u0007 nonsense", '{"uuid":"y"}', "{'q':1}"];
  const broken = Buffer.concat([Buffer.from('{"a":"\u001b[2J'), Buffer.from([0xff, 0x41])]);
  const lines = [...bad.map((line) => Buffer.from(line)), broken];
  const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
  const path = await write(join(folder, "bad.json"), text);
  await load({
    lake,
    paths: [path, await write(join(folder, "good.json"), ndjson([eventAt("2026-11-20 01:00:00")]))],
  });
  const report = await quarantine({ lake, examples: 1 });
  expect(report.lines).toBe(6);
  expect(report.reasons.reduce((sum, { lines }) => sum + lines, 0)).toBe(6);
  expect(report.reasons[0]?.lines).toBeGreaterThanOrEqual(report.reasons.at(-1)?.lines ?? 9);
  expect(report.reasons.every(({ examples }) => examples.length === 1)).toBe(true);
  expect(report.reasons.flatMap(({ examples }) => examples)).toContainEqual({
    ...{ input: "bad.json", member: "bad.json", line: 2, offset: 9, excerpt: '{"uuid":"x"}' },
    file: expect.stringMatching(/^[0-9a-f]{32}\.ndjson$/),
  });
  const out = join(folder, "out.ndjson");
  const some = await quarantine({ lake, reason: "NO EVENT_type", exportTo: out });
  expect(some).toMatchObject({ lines: 2, reasons: [{ reason: "no event_type", lines: 2 }] });
  expect(await readFile(out, "utf8")).toBe('{"uuid":"x"}\n{"uuid":"y"}\n');
  await quarantine({ lake, exportTo: out });
  expect(await readFile(out)).toEqual(text);
  expect(await readdir(folder)).toHaveLength(3);
  await expect(quarantine({ lake, exportTo: join(folder, "none", "x") })).rejects.toThrow(
    "cannot be written",
  );
  await expect(quarantine({ lake, examples: -1 })).rejects.toThrow("-1 examples");
});

test.each<[string, Buffer, string]>([
  ["text", Buffer.from("plain ünïcode ☃"), "plain ünïcode ☃"],
  ["control characters", Buffer.from("a\u0000\t\u001b[31m\u202e"), "a\\u0000\\u0009\\u001b[31m\\u202e"],
  ["bytes that are not UTF-8", Buffer.from([0x41, 0xff, 0xfe, 0x0a]), "A\\xff\\xfe\\x0a"],
  ["a line cut in a character", Buffer.from(`${"x".repeat(239)}é and more`), `${"x".repeat(239)}…`],
  ["a line cut behind one", Buffer.from(`${"x".repeat(238)}é and more`), `${"x".repeat(238)}é…`],
  ["nothing", Buffer.alloc(0), ""],
])("the excerpt of %s", (_, raw, text) => {
  expect(excerptOf(raw)).toBe(text);
});

test("retry writes projections of what it loads, as a load does", async () => {
  const lake = await newPlace();
  const prices = [1, 2].map((price) => eventAt("2026-11-20 01:00:00", { event_properties: { price } }));
  await load({ lake, paths: [await write(join(await newFolder(), "x.json"), ndjson([prices[0]!]))] });
  await promote({ lake, properties: ["price"] });
  await setAside(lake, [JSON.stringify(prices[1])]);
  const report = await retryQuarantine({ lake });
  expect(report).toMatchObject({ loaded: 1, remaining: 0 });
  expect(report).not.toHaveProperty("notPromoted");
  expect(await pricesOf(lake)).toEqual({ type: "int64", prices: [1n, 2n], projected: 2, files: 2 });
});

test("retry loads what can be read now, in one commit; the rest stays in its old places; the old file stays", async () => {
  const lake = await newPlace();
  const [a, b, copy] = [1, 2, 3].map((hour) => eventAt(`2026-11-20 0${hour}:00:00`));
  await load({ lake, paths: [await write(join(await newFolder(), "x.json"), ndjson([copy!]))] });
  const lines = ["nonsense", a, '{"error":"x"}', b, copy, Buffer.from([0xff, 0xfe])];
  const raw = lines.map((line) =>
    typeof line === "string" || Buffer.isBuffer(line) ? line : JSON.stringify(line),
  );
  const file = await setAside(lake, raw);
  const before = await readFile(join(lake, "_ampframe/quarantine", file));
  expect(await expectWhole(lake, clock)).toMatchObject({ rows: 1, quarantined: 6, version: 2 });
  const report = await retryQuarantine({ lake });
  expect(report).toMatchObject({ lines: 6, loaded: 3, duplicates: 1, remaining: 3, version: 3 });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([a!, b!, copy!]));
  expect(await expectWhole(lake, clock)).toMatchObject({ rows: 3, quarantined: 3 });
  expect((await waiting(lake)).sort((a, b) => a.line - b.line)).toEqual([
    { reason: "not valid JSON", line: 1, offset: 0, excerpt: "nonsense" },
    { reason: "an error message in JSON, not an event", line: 5, offset: 200, excerpt: '{"error":"x"}' },
    { reason: "not valid JSON", line: 11, offset: 500, excerpt: "\\xff\\xfe" },
  ]);
  expect(await readFile(join(lake, "_ampframe/quarantine", file))).toEqual(before);
  const table = await openTable(lake);
  for await (const { version, account } of table.accounts()) {
    if (version < 3) continue;
    expect(account).toMatchObject({
      operation: "retry",
      inputs: [
        { name: file, bytes: before.length, members: [{ lines: 6, loaded: 3, quarantined: 3, blank: 0 }] },
      ],
      quarantine: { lines: 3 },
    });
    const stayed = [];
    for await (const line of table.quarantined(account.quarantine!.file)) stayed.push(line);
    const offset = Buffer.concat(raw.slice(0, 2).map((line) => Buffer.from(`${line}\n`))).length;
    expect(stayed).toContainEqual({
      ...{ input: file, member: "raw lines", line: 3, offset, raw: Buffer.from('{"error":"x"}') },
      reason: "an error message in JSON, not an event",
      origin: { input: expect.stringContaining(".zip"), member: "a.json.gz", line: 5, offset: 200 },
    });
    const text = Buffer.concat(raw.flatMap((line) => [Buffer.from(line), Buffer.from("\n")]));
    expect(account.inputs[0]?.members[0]).toMatchObject({ bytes: text.length, crc32: crc32(text) });
  }
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  const again = await retryQuarantine({ lake });
  expect(again).toMatchObject({ lines: 3, loaded: 0, remaining: 3, version: 3 });
});

test.each([
  ["an error answer", '{"error":{"http_code":429}}'],
  ["HTML", "<!DOCTYPE html><html>"],
  ["a bracket", "["],
  ["a brace", "{"],
  ["a zip's first bytes", Buffer.from("PK\u0003\u0004....")],
  ["gzip's first bytes", Buffer.from([0x1f, 0x8b, 8, 0])],
  ["a byte order mark", "\ufeff{}"],
])("a quarantine file whose lines begin with %s is tried as well", async (_, line) => {
  const lake = await newPlace();
  const event = eventAt("2026-11-20 01:00:00");
  await setAside(lake, [line]);
  expect(await retryQuarantine({ lake })).toMatchObject({ lines: 1, loaded: 0, remaining: 1, version: 1 });
  await setAside(lake, [line, JSON.stringify(event)]);
  expect(await retryQuarantine({ lake })).toMatchObject({ lines: 3, loaded: 1, remaining: 2, version: 3 });
  expect(await lakeUuids(lake)).toEqual([event.uuid]);
  expect((await waiting(lake)).map(({ line }) => line)).toEqual([1, 1]);
  expect(await expectWhole(lake, clock)).toMatchObject({ quarantined: 2 });
});

test("each source's lines are loaded as its own; files without a readable line are left as they are", async () => {
  const lake = await newPlace();
  const emulator = await replayed(clock, [eventAt("2026-11-20 05:00:00")]);
  await bring(emulator, clock, lake, { from: "2026-11-20", to: "2026-11-20" });
  const [pulled] = await (await openTable(lake)).sources();
  const [a, b] = [eventAt("2026-11-20 05:30:00"), eventAt("2026-11-20 07:30:00")];
  await setAside(lake, [JSON.stringify(a)], { id: pulled!.id, project: pulled!.project });
  await setAside(lake, ["nonsense", JSON.stringify(b)]);
  const left = await setAside(lake, ["hopeless"]);
  expect(await retryQuarantine({ lake })).toMatchObject({ lines: 4, loaded: 2, remaining: 2 });
  const found = await expectWhole(lake, clock);
  const hourOf = (source: number, hour: string) =>
    found.sources[source]?.hours.find((one) => one.hour === hour);
  expect(hourOf(0, "2026-11-20T05")).toMatchObject({ state: "held", rows: 2 });
  expect(hourOf(1, "2026-11-20T07")).toMatchObject({ state: "loaded", rows: 1 });
  expect(
    (await quarantine({ lake })).reasons.flatMap(({ examples }) => examples.map(({ file }) => file)),
  ).toContain(left);
  await compact({ lake }, () => clock.now);
  expect(await lakeUuids(lake)).toHaveLength(3);
  await expectWhole(lake, clock);
});

test("two retries at once load each event once", async () => {
  const lake = await newPlace();
  const events = [1, 2, 3].map((hour) => eventAt(`2026-11-20 0${hour}:00:00`));
  await setAside(lake, ["nonsense", ...events.map((event) => JSON.stringify(event))]);
  const both = await Promise.all([retryQuarantine({ lake }), retryQuarantine({ lake })]);
  expect(both[0].loaded + both[1].loaded).toBe(3);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
  expect(await expectWhole(lake, clock)).toMatchObject({ quarantined: 1 });
});

test("a quarantine file that was altered is named, and nothing of it is loaded", async () => {
  const lake = await newPlace();
  const file = await setAside(lake, [JSON.stringify(eventAt("2026-11-20 01:00:00"))]);
  const path = join(lake, "_ampframe/quarantine", file);
  await writeFile(path, (await readFile(path, "utf8")).replace("view", "spew"));
  await expect(retryQuarantine({ lake })).rejects.toThrow("was altered");
  expect(await lakeUuids(lake)).toEqual([]);
});

test.each<FailureMode>(["dead", "onceDone"])(
  "a retry that the disk fails (%s) loads all or nothing, and the next ends the work",
  { timeout: 120_000 },
  async (mode) => {
    const stride = process.env.AMPFRAME_SWEEP === "full" ? 1 : 14;
    for (let at = 1; ; at += stride) {
      const lake = await newPlace();
      const events = [1, 2].map((hour) => eventAt(`2026-11-20 0${hour}:00:00`));
      await setAside(lake, ["nonsense", ...events.map((event) => JSON.stringify(event))]);
      const failing = failingFiles(at, mode, checkpoints);
      await LakeTable.open(lake, failing)
        .then((table) => retryTable(table, {}))
        .catch(() => undefined);
      if (failing.count() < at) break;
      const where = failing.log[at - 1] ?? "";
      const { quarantined, rows } = await expectWhole(lake, clock);
      expect([`${rows} ${quarantined}`], where).toEqual([rows === 0 ? "0 3" : "2 1"]);
      expect(await retryQuarantine({ lake }), where).toMatchObject({ remaining: 1 });
      expect(await lakeUuids(lake), where).toEqual(uuidsOf(events));
      expect(await expectWhole(lake, clock), where).toMatchObject({ rows: 2, quarantined: 1 });
    }
  },
);
