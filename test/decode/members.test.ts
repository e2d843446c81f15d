import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { Decoder, type RejectedLine } from "../../src/decode/decoder.js";
import { FIELDS } from "../../src/event.js";
import { goodEvent } from "./arbitrary-event.js";
import { COLUMN_NAMES, Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

const decoding = Decoding.forThisFile();
const counts = (lines: number, loaded: number, quarantined: number, blank: number) => ({
  lines,
  loaded,
  quarantined,
  blank,
});

test("lines and offsets are counted from the start of each member; the BOM of each is skipped", async () => {
  const a = goodEvent("a");
  const texts = [
    "",
    "\n",
    "\ufeff",
    `\ufeff${a}`,
    `${a}\n\ufeffx\n`,
    ` \t\r\n${a}\r\n`,
    `\ufeff\n${a}\n\n`,
    "\ufeffx\ny",
  ];
  const members = texts.map((text) => Buffer.from(text));
  const decoded = await decoding.use().decode(members);
  checkDecoded(members, decoded, await decoding.use().allRows(decoded));
  expect(decoded.counts).toEqual([
    counts(0, 0, 0, 0),
    counts(1, 0, 0, 1),
    counts(1, 0, 0, 1),
    counts(1, 1, 0, 0),
    counts(2, 1, 1, 0),
    counts(2, 1, 0, 1),
    counts(3, 1, 0, 2),
    counts(2, 0, 2, 0),
  ]);
  expect(decoded.rejected.map(({ line, offset }) => [line, offset])).toEqual([
    [2, a.length + 1],
    [1, 3],
    [2, 5],
  ]);
});

test("a spool has a column for each field and for extra, each of its kind", async () => {
  const { spools } = await decoding.use().decode([Buffer.from(goodEvent("a"))]);
  const found = await decoding.use().engine.query("FROM read_parquet($1)", [spools[0]!.path]);
  const kinds = {
    text: "text",
    json: "text",
    int: "int64",
    double: "double",
    boolean: "boolean",
    time: "timestamp",
  };
  expect(found.columns.map(({ name, type }) => [name, type.kind])).toEqual([
    ...FIELDS.map(({ name, kind }) => [name, kinds[kind]]),
    ["extra", "text"],
  ]);
});

test("no rows, no spool", async () => {
  const decoded = await decoding.use().decode([Buffer.from(""), Buffer.from("\n\n"), Buffer.from("null\n")]);
  expect(decoded.spools).toEqual([]);
});

test("rows, hours and repeats begin anew with each spool; uuids are remembered from all before", async () => {
  const event = (uuid: string, app: string, time: string) =>
    `{"uuid":"${uuid}","event_type":"e","app":${app},"server_upload_time":"${time}"}\n`;
  const decoder = await Decoder.create({ spoolPath: decoding.use().spoolPath, onRejected: () => {} });
  const feed = (text: string) => {
    decoder.startMember();
    decoder.take(Buffer.from(text).copy(decoder.target()));
    decoder.endMember();
  };
  feed(event("a", "7", "2025-07-01 16:59:59.999999") + event("b", '"7"', "2025-07-01T17:00:00Z"));
  feed(event("c", "null", "2025-07-01T22:29:59+05:30") + event("a", "7.5", "1969-12-31 23:59:59"));
  await decoder.endSpool();
  feed(event("d", "7", "2025-07-01 16:00:00") + event("b", "7", "2025-07-01 16:00:00"));
  await decoder.endSpool();
  const first = decoder.takeSpool();
  const second = decoder.takeSpool();
  expect(decoder.takeSpool()).toBeUndefined();
  expect(first).toMatchObject({
    rows: 4,
    repeats: [3],
    hours: [
      { app: 7n, hour: "2025-07-01T16", rows: 1 },
      { app: 7n, hour: "2025-07-01T17", rows: 1 },
      { app: null, hour: "2025-07-01T16", rows: 1 },
      { app: null, hour: "1969-12-31T23", rows: 1 },
    ],
  });
  expect(second).toMatchObject({
    rows: 2,
    repeats: [1],
    hours: [{ app: 7n, hour: "2025-07-01T16", rows: 2 }],
  });
});

test("after abandon nothing is left of what was not handed out, and the decoder goes on", async () => {
  const rejected: RejectedLine[] = [];
  const decoder = await Decoder.create({
    spoolPath: decoding.use().spoolPath,
    onRejected: (line) => rejected.push(line),
  });
  decoder.startMember();
  for (let i = 0; i < 15; i++) {
    const lines = Array.from({ length: 1000 }, (_, row) => goodEvent(`lost-${i}-${row}`)).join("\n");
    decoder.take(Buffer.from(`${lines}\n"x\n{"uuid":"unfinished`).copy(decoder.target()));
    await decoder.settle();
  }
  await decoder.abandon();
  expect(decoder.takeSpool()).toBeUndefined();
  rejected.length = 0;

  decoder.startMember();
  decoder.take(Buffer.from(`x\n${goodEvent("kept")}`).copy(decoder.target()));
  expect(decoder.endMember()).toEqual(counts(2, 1, 1, 0));
  await decoder.endSpool();
  const spool = decoder.takeSpool()!;
  expect(spool).toMatchObject({ rows: 1, repeats: [], hours: [{ app: 7n, hour: "2025-07-01T16", rows: 1 }] });
  expect(rejected).toMatchObject([{ line: 1, offset: 0 }]);
  const rows = await decoding.use().rowsOf(spool);
  expect(rows.map((row) => row[COLUMN_NAMES.indexOf("uuid")])).toEqual(["kept"]);
  expect(existsSync(spool.path)).toBe(true);
});

test("a spool is never written over another file", async () => {
  const path = decoding.use().spoolPath();
  const decode = () => decoding.use().decode([Buffer.from(goodEvent("a"))], { spoolPath: () => path });
  await decode();
  await expect(decode()).rejects.toThrow("EEXIST");
});

test("few uuids are taken for repeats that are none", async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) =>
    goodEvent(`0b3f6a1e-7c52-4f0e-9d34-${i.toString(16).padStart(12, "0")}`),
  );
  const { spools } = await decoding.use().decode([Buffer.from(lines.join("\n"))], { filterLogBytes: 17 });
  expect(spools.flatMap(({ repeats }) => repeats).length).toBeLessThan(500);
});
