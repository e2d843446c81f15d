import { createHash, randomBytes } from "node:crypto";
import { crc32, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import { createInflater } from "../../src/archive/inflater.js";
import { ZlibHandleInflater } from "../../src/archive/zlib-handle-inflater.js";
import { ZlibStreamInflater } from "../../src/archive/zlib-stream-inflater.js";
import { buildZip } from "./build-zip.js";
import { readAll, save } from "./scratch.js";

const LINES = Buffer.from(`${'{"event_type":"view","uuid":"a"}\n'.repeat(4000)}{"event_type":"last"}`);
const MEMBER = "434735/434735_2026-11-23_5#0.json.gz";

test("on Node the internal handle is used", () => {
  expect(createInflater()).toBeInstanceOf(ZlibHandleInflater);
});

describe.each([
  ["zlib's handle", { createInflater }],
  ["the public stream", { createInflater: () => new ZlibStreamInflater() }],
])("by %s", (_, effects) => {
  const read = (path: string, room?: number) => readAll(path, {}, effects, room);

  test.each([
    ["stored", {}],
    ["deflated", { deflate: true }],
    ["stored, sizes after the data", { descriptor: true }],
    ["deflated, sizes after the data", { deflate: true, descriptor: true }],
    ["stored, zip64", { zip64: true }],
  ])("a zip whose gzip member is %s", async (_name, how) => {
    const path = save("day.zip", buildZip([{ name: MEMBER, data: gzipSync(LINES), ...how }]));
    const { input, members } = await read(path);
    expect(input.format).toBe("zip");
    expect(members).toHaveLength(1);
    expect(members[0]!.text.equals(LINES)).toBe(true);
    expect(members[0]).toMatchObject({ name: MEMBER, bytes: LINES.length, crc32: crc32(LINES) });
  });

  test("a zip with plain and empty members, read one after the other", async () => {
    const plan = [
      { name: "a.json", data: LINES, deflate: true },
      { name: "b.json", data: Buffer.alloc(0) },
      { name: "c.json.gz", data: gzipSync("") },
      { name: "d.json.gz", data: gzipSync(LINES) },
    ];
    const { members } = await read(
      save("mixed.zip", buildZip(plan, { zip64: true, comment: "made by hand" })),
    );
    expect(members.map((m) => m.bytes)).toEqual([LINES.length, 0, 0, LINES.length]);
    expect(members.map((m) => m.crc32)).toEqual([crc32(LINES), 0, 0, crc32(LINES)]);
  });

  test("gzip of several members with every optional header field, padded with zeros", async () => {
    const first = Buffer.from('{"a":1}\n');
    const file = Buffer.concat([decorated(first), gzipSync(LINES), gzipSync(""), Buffer.alloc(600)]);
    const { input, members } = await read(save("several.json.gz", file));
    const all = Buffer.concat([first, LINES]);
    expect(input.format).toBe("gzip");
    expect(members[0]!.text.equals(all)).toBe(true);
    expect(members[0]).toMatchObject({ bytes: all.length, crc32: crc32(all) });
  });

  test("data whose ends fall on, before and after the ends of pieces", async () => {
    const piece = 256 * 1024;
    for (const size of [
      piece - 40,
      piece - 28,
      piece - 23,
      piece - 20,
      piece - 18,
      piece - 15,
      piece - 10,
      piece,
      piece * 2 - 28,
    ]) {
      const noise = randomBytes(size);
      const file = Buffer.concat([gzipSync(noise, { level: 0 }), gzipSync("x")]);
      const { members } = await read(save("edge.json.gz", file), 100_000);
      expect(members[0]!.text.equals(Buffer.concat([noise, Buffer.from("x")])), `${size} bytes`).toBe(true);
      const zip = buildZip([{ name: "edge.json.gz", data: gzipSync(noise), deflate: true }]);
      expect((await read(save("edge.zip", zip))).members[0]!.text.equals(noise), `${size} in a zip`).toBe(
        true,
      );
    }
  });

  test("targets of any size, down to one byte", async () => {
    const small = LINES.subarray(0, 3000);
    for (const room of [1, 7, 1000, 3000, 3001]) {
      const { members } = await read(save("rooms.json.gz", gzipSync(small)), room);
      expect(members[0]!.text.equals(small), `room ${room}`).toBe(true);
    }
  });
});

test("plain NDJSON whatever its name", async () => {
  const { input, members } = await readAll(save("events.txt", LINES), {}, undefined, 1000);
  expect(input).toMatchObject({ format: "ndjson", name: "events.txt", bytes: LINES.length, skipped: [] });
  expect(members[0]).toMatchObject({
    bytes: LINES.length,
    crc32: crc32(LINES),
    fills: Math.ceil(LINES.length / 1000),
  });
});

test("a zip that was saved as .json.gz, and gzip saved as .zip, are what their bytes say", async () => {
  const zip = buildZip([{ name: MEMBER, data: gzipSync(LINES) }]);
  expect((await readAll(save("x.json.gz", zip))).input.format).toBe("zip");
  expect((await readAll(save("x.zip", gzipSync(LINES)))).input.format).toBe("gzip");
});

test("an empty file is empty, and a zip without entries has no members", async () => {
  expect((await readAll(save("none.json", ""))).input).toMatchObject({
    format: "empty",
    bytes: 0,
    members: [],
  });
  expect((await readAll(save("none.zip", buildZip([])))).input).toMatchObject({ format: "zip", members: [] });
});

test("hour and project come from the member's name; what holds no events is listed apart", async () => {
  const data = gzipSync("{}");
  const names = [
    "434735/",
    "434735/434735_2026-11-23_5#0.json.gz",
    "434735/434735_2026-11-23_17#12.json.gz",
    "434735/434735_2026-11-23_24#0.json.gz",
    "events.json",
    "434735/complete",
    "434735/_SUCCESS",
    "434735/.DS_Store",
    "__MACOSX/434735/._434735_2026-11-23_5#0.json.gz",
    "-77/-77_2026-11-23_5.json.gz",
  ];
  const plan = names.map((name) => ({ name, data: name.endsWith("/") ? Buffer.alloc(0) : data }));
  const input = await openInput(save("names.zip", buildZip(plan)));
  await input.close();
  expect(input.members.map((m) => [m.name, m.hour, m.project])).toEqual([
    [names[1], "2026-11-23T05", 434735],
    [names[2], "2026-11-23T17", 434735],
    [names[3], null, 434735],
    [names[4], null, null],
  ]);
  expect(input.skipped).toEqual([
    { name: names[0], reason: "directory" },
    { name: names[5], reason: "marker file" },
    { name: names[6], reason: "marker file" },
    { name: names[7], reason: "hidden file" },
    { name: names[8], reason: "macOS metadata" },
    { name: names[9], reason: "table of merged Amplitude ids, not events" },
  ]);
});

test("sha256 is that of the file's bytes, also beside a read", async () => {
  const bytes = buildZip([{ name: "noise.json", data: randomBytes(700_000) }]);
  const input = await openInput(save("hash.zip", bytes));
  const target = () => new Uint8Array(1000);
  let hash: Promise<string> | undefined;
  const take = () => {
    hash ??= input.sha256();
  };
  await input.read(input.members[0]!, { target, take });
  expect(await hash).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(await input.sha256()).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(await input.sha256()).toBe(await input.sha256());
  await input.close();
});

test("several members are read at once without touching each other", async () => {
  const parts = Array.from({ length: 6 }, (_, i) => randomBytes(300_000 + i));
  const plan = parts.map((data, i) => ({ name: `${i}.json.gz`, data: gzipSync(data), deflate: i % 2 === 0 }));
  const input = await openInput(save("parallel.zip", buildZip(plan)));
  const { readOne } = await import("./scratch.js");
  const read = await Promise.all(input.members.map((member) => readOne(input, member, 10_000)));
  await input.close();
  expect(read.map((member, i) => member.text.equals(parts[i]!))).toEqual(parts.map(() => true));
});

/** `data` gzipped with FEXTRA, FNAME, FCOMMENT and FHCRC. */
function decorated(data: Uint8Array): Buffer {
  const plain = gzipSync(data);
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
    Buffer.from([5, 0, 1, 2, 3, 4, 5]),
    Buffer.from("events.json\0a comment\0"),
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, sum, plain.subarray(10)]);
}
