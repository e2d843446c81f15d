import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createInflater } from "../../src/archive/inflater.js";
import { ZlibStreamInflater } from "../../src/archive/zlib-stream-inflater.js";
import { ArchiveError, UsageError } from "../../src/errors/index.js";
import { buildZip, type EndPlan, type EntryPlan } from "./build-zip.js";
import { readAll, save } from "./scratch.js";

const LINES = Buffer.from('{"event_type":"view","uuid":"0001"}\n'.repeat(3000));
const GZIP = gzipSync(LINES);
const A: EntryPlan = { name: "a.json.gz", data: GZIP };
const B: EntryPlan = { name: "b.json.gz", data: gzipSync("{}") };

describe.each([
  ["zlib's handle", { createInflater }],
  ["the public stream", { createInflater: () => new ZlibStreamInflater() }],
])("gzip, by %s", (_, effects) => {
  const broken: [string, Buffer, RegExp][] = [
    ["its last byte is missing", GZIP.subarray(0, -1), /trailer is missing/],
    ["its trailer is missing", GZIP.subarray(0, -8), /before its trailer|trailer is missing/],
    ["it is cut in the data", GZIP.subarray(0, 60), /cut short/],
    ["it is cut in the header", GZIP.subarray(0, 6), /header is cut short/],
    ["its CRC is wrong", changed(GZIP, -8), /trailer says CRC-32 [0-9a-f]{8}, the data give [0-9a-f]{8}/],
    ["its length is wrong", changed(GZIP, -4), /trailer says \d+ bytes, the data give 108000/],
    ["its data are wrong", changed(GZIP, 30), /deflated data are damaged|CRC-32|cut short/],
    ["text follows", Buffer.concat([GZIP, Buffer.from("and more")]), /follows something else: and more/],
    [
      "text follows zeros",
      Buffer.concat([GZIP, Buffer.alloc(9), Buffer.from("x")]),
      /follows something else/,
    ],
    ["its second member is cut", Buffer.concat([GZIP, GZIP.subarray(0, 100)]), /cut short/],
    ["its method is unknown", changed(GZIP, 2), /method is/],
    [
      "its flags are reserved",
      Buffer.concat([GZIP.subarray(0, 3), Buffer.from([0x80]), GZIP.subarray(4)]),
      /reserved flags/,
    ],
    [
      "its header checksum is wrong",
      Buffer.concat([GZIP.subarray(0, 3), Buffer.from([2]), GZIP.subarray(4)]),
      /checksum/,
    ],
  ];

  test.each(broken)("is refused where %s", async (_name, bytes, reason) => {
    const alone = await refusal(readAll(save("h.json.gz", bytes), {}, effects));
    expect(alone.message).toMatch(/^h\.json\.gz: /);
    expect(alone.message).toMatch(reason);
    const zip = buildZip([{ name: "1_2026-11-23_5#0.json.gz", data: bytes, deflate: true }]);
    const inside = await refusal(readAll(save("d.zip", zip), {}, effects));
    expect(inside.message).toMatch(/^d\.zip, member 1_2026-11-23_5#0\.json\.gz: /);
    expect(inside.message).toMatch(reason);
  });

  test("every cut of a member's file is refused", async () => {
    for (let length = 2; length < GZIP.length; length++) {
      await refusal(readAll(save("cut.json.gz", GZIP.subarray(0, length)), {}, effects));
    }
  });

  test("a deflated entry that is cut, or goes on after its end, is refused", async () => {
    const cut = buildZip([{ ...A, deflate: true }]);
    const body = 30 + A.name.length;
    cut.fill(0, body, body + 40);
    await refusal(readAll(save("zeroed.zip", cut), {}, effects));
    const longer = withSpareByteInDeflated();
    expect((await refusal(readAll(save("spare.zip", longer), {}, effects))).message).toMatch(
      /after the end of its deflated/,
    );
  });
});

describe("a zip is refused where", () => {
  const link = { madeBy: 3 << 8, attributes: 0o120777 * 0x10000 };
  const cases: [string, EntryPlan[], EndPlan, RegExp][] = [
    [
      "the directory has another CRC",
      [{ ...A, central: { crc: 1 } }],
      {},
      /a\.json\.gz: .*differ in the CRC-32/,
    ],
    [
      "both headers have a wrong CRC",
      [{ ...A, central: { crc: 1 }, local: { crc: 1 } }],
      {},
      /a\.json\.gz: .*CRC-32 00000001, the entry gives/,
    ],
    ["the local name differs", [{ ...A, local: { name: "x.json.gz" } }], {}, /differ in the name/],
    ["the local method differs", [{ ...A, local: { method: 8 } }], {}, /differ in the compression method/],
    ["the local sizes differ", [{ ...A, local: { compressed: 3 } }], {}, /differ in the compressed size/],
    ["the local flags differ", [{ ...A, local: { flags: 0x801 } }], {}, /differ in the flags/],
    [
      "an entry is encrypted",
      [{ ...A, local: { flags: 0x801 }, central: { flags: 0x801, compressed: GZIP.length + 12 } }],
      {},
      /encrypted/,
    ],
    [
      "the method is unknown",
      [{ ...A, local: { method: 12 }, central: { method: 12 } }],
      {},
      /compression method is 12/,
    ],
    ["a name is absolute", [{ ...A, name: "/etc/passwd" }], {}, /unsafe name \(absolute path/],
    ["a name has a drive", [{ ...A, name: "C:/x" }], {}, /unsafe name/],
    ["a name leads out", [{ ...A, name: "x/../../y" }], {}, /unsafe name/],
    ["a name has a backslash", [{ ...A, name: "x\\y" }], {}, /unsafe name/],
    [
      "a name has control characters",
      [{ ...A, name: "x\u001b[31m.json" }],
      {},
      /member x\.\[31m\.json: its name .* control/,
    ],
    ["a name occurs twice", [A, A], {}, /two entries of this name/],
    ["an entry is a link", [{ ...A, central: link }], {}, /link or a device/],
    ["a directory holds bytes", [{ ...A, name: "folder/" }], {}, /directory that holds bytes/],
    ["fewer entries are counted than listed", [A, B], { count: 1 }, /holds more than the 1 entries/],
    ["more entries are counted than listed", [A, B], { count: 3 }, /directory is damaged/],
    ["the directory has another size", [A], { bytes: 10 }, /directory should end at byte/],
    ["the directory starts elsewhere", [A], { start: 12 }, /directory should end at byte/],
    [
      "an entry is itself a zip",
      [{ name: "inner.zip", data: buildZip([A]) }],
      {},
      /inner\.zip: it is itself a zip/,
    ],
  ];

  test.each(cases)("%s", async (_name, entries, end, reason) => {
    const error = await refusal(readAll(save("broken.zip", buildZip(entries, end))));
    expect(error.message).toMatch(/^broken\.zip(, member |: )/);
    expect(error.message).toMatch(reason);
    expect(error.wayOut).not.toBe("");
  });

  test("entries overlap although each is right by itself", async () => {
    const inner = buildZip([{ name: "in.json", data: Buffer.from("{}") }]);
    const local = inner.subarray(0, 30 + 7 + 2);
    // The outer entry's data are the inner entry: header and all.
    const zip = buildZip([
      { name: "out.json", data: local },
      { name: "in.json", data: Buffer.from("{}"), central: { start: 30 + 8 } },
    ]);
    expect((await refusal(readAll(save("overlap.zip", zip)))).message).toMatch(
      /in\.json: it overlaps the entry out\.json/,
    );
  });

  test("it was cut off anywhere, or other bytes follow", async () => {
    const zip = buildZip([A, B]);
    for (let length = 4; length < zip.length; length += 7) {
      await refusal(readAll(save("cut.zip", zip.subarray(0, length))));
    }
    const more = Buffer.concat([zip, Buffer.from("\n")]);
    expect((await refusal(readAll(save("more.zip", more)))).message).toMatch(/followed by other bytes/);
  });

  test("any one of its bytes is changed, unless it is one that means nothing to events", async () => {
    const zip = buildZip([{ ...A, data: gzipSync("{}\n{}") }]);
    const unread: number[] = [];
    for (let at = 0; at < zip.length; at++) {
      const kept = await readAll(save("flip.zip", changed(zip, at))).then(
        ({ members }) => members[0]?.text.toString(),
        () => undefined,
      );
      if (kept === undefined) continue;
      expect(kept, `byte ${at}`).toBe("{}\n{}");
      unread.push(at);
    }
    // Versions, dates, attributes: 6 + 24 bytes and a few flag bits, of about 150.
    expect(unread.length).toBeLessThan(45);
  });
});

describe("a file that is no archive is named as what it is", () => {
  test.each([
    [
      "e.zip",
      '{"error": {"http_code": 403, "metadata": {"details": "Invalid API Key"}}}',
      /error answer in JSON: .*Invalid API Key/,
    ],
    ["e.json", '{"error": "Too Many Requests"}\n', /error answer in JSON/],
    [
      "p.zip",
      "\n<!DOCTYPE html><html><body>504 Gateway Time-out</body></html>",
      /is an HTML page.*504 Gateway/,
    ],
    ["q.zip", "Raw data files were not found.", /named \.zip but is none; it begins: Raw data files/],
    ["s3.json.gz", '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /is an XML document/],
    ["f.parquet", "PAR1\u0015\u0004rest", /is a Parquet file/],
    ["z.zip", "", /it is empty/],
  ])("%s", async (name, text, reason) => {
    expect((await refusal(readAll(save(name, text)))).message).toMatch(reason);
  });

  test("an event with a property named error is no error answer", async () => {
    const line = '{"event_type":"x","uuid":"1","error":"no"}';
    expect((await readAll(save("one.json", line))).members[0]?.text.toString()).toBe(line);
  });

  test("a path that cannot be opened", async () => {
    await expect(readAll("/nowhere/x.zip")).rejects.toThrow(UsageError);
    await expect(readAll("/")).rejects.toThrow(/is not a file/);
  });
});

const corpus = process.env.AMPFRAME_CORPUS;
describe.skipIf(corpus === undefined)("the corpus (AMPFRAME_CORPUS; skipped where it is unset)", () => {
  const folders = corpus === undefined ? [] : ["zip/test/failure", "exports/error-saved-as-zip"];
  const files = folders.flatMap((f) => readdirSync(join(corpus!, f)).map((name) => [name, f]));
  test.each(files)("%s is refused with a reason", async (name, folder) => {
    const error = await refusal(readAll(join(corpus!, folder!, name!)));
    expect(error.message.startsWith(name!)).toBe(true);
    expect(error.message.length).toBeGreaterThan(name!.length + 10);
  });
});

/** The ArchiveError of `reading`; fails if it succeeds or fails otherwise. */
async function refusal(reading: Promise<unknown>): Promise<ArchiveError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  if (!(error instanceof ArchiveError)) throw error;
  return error;
}

function changed(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = copy[index]! ^ 0x55;
  return copy;
}

/** A zip whose deflated entry claims one byte more than its deflated data have. */
function withSpareByteInDeflated(): Buffer {
  const zip = buildZip([{ ...A, deflate: true }]);
  const start = 30 + A.name.length;
  const size = zip.readUInt32LE(18);
  const longer = Buffer.concat([zip.subarray(0, start + size), Buffer.alloc(1), zip.subarray(start + size)]);
  longer.writeUInt32LE(size + 1, 18);
  const directory = start + size + 1;
  longer.writeUInt32LE(size + 1, directory + 20);
  longer.writeUInt32LE(directory, longer.length - 6);
  return longer;
}
