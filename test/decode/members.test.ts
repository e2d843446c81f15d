import { expect, test } from "vitest";
import { Decoder, type RejectedLine } from "../../src/decode/decoder.js";
import { FIELDS } from "../../src/event.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";
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
  expect(decoded.members).toMatchObject([
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

test("a file has a column for each field and for extra, each of its kind", async () => {
  const { files } = await decoding.use().decode([Buffer.from(goodEvent("a"))]);
  const found = await decoding.use().engine.query("FROM read_parquet($1)", [files[0]!.path]);
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

test("no rows, no file", async () => {
  const decoded = await decoding.use().decode([Buffer.from(""), Buffer.from("\n\n"), Buffer.from("null\n")]);
  expect(decoded.files).toEqual([]);
});

test("hours begin anew with each member", async () => {
  const event = (uuid: string, app: string, time: string) =>
    `{"uuid":"${uuid}","event_type":"e","app":${app},"server_upload_time":"${time}"}\n`;
  const { members } = await decoding
    .use()
    .decode(
      [
        event("a", "7", "2025-07-01 16:59:59.999999") + event("b", '"7"', "2025-07-01T17:00:00Z"),
        event("c", "null", "2025-07-01T22:29:59+05:30") + event("a", "7.5", "1969-12-31 23:59:59"),
        event("d", "7", "2025-07-01 16:00:00") + event("b", "7", "2025-07-01 16:00:00"),
      ].map((text) => Buffer.from(text)),
    );
  expect(members.map(({ hours }) => hours)).toEqual([
    [
      { app: 7n, hour: "2025-07-01T16", events: 1 },
      { app: 7n, hour: "2025-07-01T17", events: 1 },
    ],
    [
      { app: null, hour: "2025-07-01T16", events: 1 },
      { app: null, hour: "1969-12-31T23", events: 1 },
    ],
    [{ app: 7n, hour: "2025-07-01T16", events: 2 }],
  ]);
});

test("after abandon nothing is left of what was not handed out, and the decoder goes on", async () => {
  const rejected: RejectedLine[] = [];
  const decoder = await Decoder.create({
    filePath: decoding.use().filePath,
    onRejected: (line) => rejected.push(line),
    mayHaveSeen: (low) => (low % 2 === 0 ? 1 : 0),
  });
  decoder.startMember();
  for (let i = 0; i < 15; i++) {
    const lines = Array.from({ length: 1000 }, (_, row) => goodEvent(`lost-${i}-${row}`)).join("\n");
    decoder.take(Buffer.from(`${lines}\n"x\n{"uuid":"unfinished`).copy(decoder.target()));
  }
  decoder.abandon();
  expect(decoder.takeFiles()).toEqual([]);
  rejected.length = 0;

  decoder.startMember();
  decoder.take(Buffer.from(`x\n${goodEvent("kept")}`).copy(decoder.target()));
  expect(decoder.endMember()).toEqual({
    ...counts(2, 1, 1, 0),
    hours: [{ app: 7n, hour: "2025-07-01T16", events: 1 }],
  });
  decoder.endFiles();
  const [file, ...others] = decoder.takeFiles();
  expect(others).toEqual([]);
  expect(file?.rows).toBe(1);
  expect(rejected).toMatchObject([{ line: 1, offset: 0 }]);
  const found = await decoding.use().engine.query("SELECT uuid FROM read_parquet($1)", [file!.path]);
  expect(found.rows()).toEqual([["kept"]]);
});

test("a file is never written over another file", async () => {
  const path = decoding.use().filePath();
  const decode = () => decoding.use().decode([Buffer.from(goodEvent("a"))], { filePath: () => path });
  await decode();
  await expect(decode()).rejects.toThrow("EEXIST");
});
