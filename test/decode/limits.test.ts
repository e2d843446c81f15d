import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { ArchiveError } from "../../src/errors/index.js";
import { FIELDS } from "../../src/event.js";
import { DEFAULT_LIMITS } from "../../src/limits.js";
import { goodEvent } from "./arbitrary-event.js";
import { nested } from "./arbitrary-json.js";
import { COLUMN_NAMES, Decoding } from "./decoding.js";
import { checkDecoded } from "./expected-member.js";

const decoding = Decoding.forThisFile();
const MIB = 2 ** 20;

/** An event with `pairs` beside what it needs. */
function eventWith(uuid: string, pairs: string): string {
  return goodEvent(uuid).replace(/}$/, `,${pairs}}`);
}

test("more rows than fit in memory at once, in several files", async () => {
  const lines = Array.from({ length: 17_000 }, (_, i) => goodEvent(`u${i}`));
  const member = Buffer.from(lines.join("\n"));
  for (const fileBytes of [1, MIB]) {
    const decoded = await decoding.use().decode([member], { fileBytes });
    expect(decoded.files.length).toBe(fileBytes === 1 ? 2 : 1);
    checkDecoded([member], decoded, await decoding.use().allRows(decoded));
  }
});

test("many more rejections in one piece than the decoder's table holds", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => (i % 5000 === 77 ? goodEvent(`u${i}`) : `"${i}`));
  const member = Buffer.from(lines.join("\n"));
  const decoded = await decoding.use().decode([member]);
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
});

test("many more hours than the decoder's table holds", async () => {
  const event = (i: number) =>
    `{"uuid":"${i % 10}","event_type":"","app":${i % 3},"server_upload_time":"${time(i % 4500)}"}`;
  const time = (hour: number) =>
    new Date(Date.UTC(1969, 11, 1, hour)).toISOString().replace(".000Z", ".123456");
  const member = Buffer.from(Array.from({ length: 20_000 }, (_, i) => event(i)).join("\n"));
  const decoded = await decoding.use().decode([member]);
  expect(decoded.members[0]?.hours.length).toBe(4500);
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
});

test("lines of more than a megabyte, in every kind of column", async () => {
  const long = "x".repeat(1.5 * MIB);
  const pairs = [
    `"event_properties":{"a":"${long}"}`,
    `"city":"${long}"`,
    `"city":"\\u0041${long}"`,
    `"city":["${long}"]`,
    `"unknown":"${long}"`,
    `"${long}":1`,
    `"paying":"\\u0041${long}"`,
    `"event_time":"\\u0041${long}"`,
    `"location_lat":${"9".repeat(200_000)}`,
    `"city":"${long}`,
    `"event_properties":"\\u12"${long}`,
  ];
  const lines = pairs.flatMap((pair, i) => [goodEvent(`a${i}`), eventWith(`b${i}`, pair)]);
  const member = Buffer.from([...lines, goodEvent("last")].join("\n"));
  const decoded = await decoding.use().decode([member]);
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
  expect(decoded.rejected.map(({ line }) => line)).toEqual([20, 22]);
});

const TEXT_COLUMNS = FIELDS.filter(({ kind }) => kind === "text")
  .map(({ name }) => name)
  .filter((name) => name !== "uuid" && name !== "event_type");

test("values that end where a buffer ends leave the next buffer whole", async () => {
  for (const short of [1, 2, 4, 15, 17, 31]) {
    const texts = ["x".repeat(65_536 - 4 - 4 - short), "y".repeat(short), "z".repeat(1000), "last"];
    const lines = texts.map((text, i) =>
      eventWith(`${i}`, TEXT_COLUMNS.map((name) => `"${name}":"${text}"`).join(",")),
    );
    const decoded = await decoding.use().decode([Buffer.from(lines.join("\n"))]);
    const rows = await decoding.use().allRows(decoded);
    for (const name of TEXT_COLUMNS) {
      expect(rows.map((row) => row[COLUMN_NAMES.indexOf(name)])).toEqual(texts);
    }
  }
});

test("the same for extra, at any length around its first room", async () => {
  const lengths = Array.from({ length: 60 }, (_, i) => 4096 - 45 + i);
  const pairs = lengths.map((length) => `"a":"${"x".repeat(length - 30)}","b":"${"y".repeat(19)}"`);
  const members = pairs.map((pair) => {
    const lines = [pair, `"city":"${"z".repeat(3000)}","c":"${"v".repeat(9000)}"`, '"d":1'].map(
      (unknown, i) => eventWith(`${i}`, unknown),
    );
    return Buffer.from(lines.join("\n"));
  });
  const each = await Promise.all(members.map((member) => decoding.use().decode([member])));
  const files = each.flatMap((decoded) => decoded.files);
  expect(files).toHaveLength(members.length);
  const rows = await decoding.use().rowsOf(...files);
  for (const [i, decoded] of each.entries()) {
    checkDecoded([members[i]!], decoded, rows.slice(3 * i, 3 * i + 3));
  }
  for (const { path } of files) rmSync(path);
});

test("a line of 40 MB is searched for its end once", async () => {
  const member = Buffer.from(
    `${eventWith("a", `"event_properties":"${"x".repeat(40 * MIB)}"`)}\n${goodEvent("b")}`,
  );
  const before = process.cpuUsage();
  const decoded = await decoding.use().decode([member]);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  expect(decoded.members).toMatchObject([{ lines: 2, loaded: 2, quarantined: 0, blank: 0 }]);
  const found = await decoding
    .use()
    .engine.query("SELECT uuid, length(event_properties) AS n FROM read_parquet($1)", [
      decoded.files[0]!.path,
    ]);
  expect(found.rows()).toEqual([
    ["a", BigInt(40 * MIB + 2)],
    ["b", null],
  ]);
  rmSync(decoded.files[0]!.path);
});

test("a line that is longer than allowed refuses its member in words", async () => {
  const options = { limits: { ...DEFAULT_LIMITS, lineBytes: MIB } };
  const member = (bytes: number) =>
    Buffer.from(`${goodEvent("a")}\n"${"x".repeat(bytes)}\n${goodEvent("b")}\n`);
  const decoded = await decoding.use().decode([member(MIB - 10)], options);
  expect(decoded.members).toMatchObject([{ lines: 3, loaded: 2, quarantined: 1, blank: 0 }]);
  const refused = decoding.use().decode([member(2 * MIB)], options);
  await expect(refused).rejects.toBeInstanceOf(ArchiveError);
  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/^Line 2 has at least 1\d{6} bytes, the limit is 1048576\.$/),
    wayOut: expect.stringContaining("--limit line=SIZE (in code limits.lineBytes)"),
    limit: "lineBytes",
  });
});

test("512 levels are taken, 513 rejected, and any number of levels does no harm", async () => {
  const lines: string[] = [];
  for (const kind of ["array", "object"] as const) {
    for (const depth of [511, 512, 513, 100_000]) {
      lines.push(eventWith(`${kind}-${depth}`, `"event_properties":${nested(depth, kind)}`));
      lines.push(eventWith(`${kind}-${depth}-unknown`, `"x":${nested(depth, kind)}`));
      lines.push(nested(depth, kind));
    }
  }
  const member = Buffer.from(lines.join("\n"));
  const decoded = await decoding.use().decode([member]);
  checkDecoded([member], decoded, await decoding.use().allRows(decoded));
  expect(decoded.members[0]?.loaded).toBe(4);
  const words = decoded.rejected.map(({ reason }) => reason);
  expect(words.filter((reason) => reason === "nested deeper than 512 levels").length).toBe(16);
});

test("the most nesting that may be asked for is taken, and one level more rejected by its number", async () => {
  for (const nesting of [1, 3, 2000]) {
    const events = (levels: number) =>
      (["array", "object"] as const).map((kind) =>
        eventWith(`${kind}-${levels}`, `"x":${nesting === 1 ? "1" : nested(levels - 1, kind)}`),
      );
    const tooDeep = `{"uuid":"deep","event_properties":${nested(nesting, "array")}}`;
    const member = Buffer.from([...events(nesting), tooDeep].join("\n"));
    const limits = { ...DEFAULT_LIMITS, nesting };
    const decoded = await decoding.use().decode([member], { limits });
    expect(decoded.members).toMatchObject([{ lines: 3, loaded: 2, quarantined: 1 }]);
    expect(decoded.rejected).toMatchObject([{ line: 3, reason: `nested deeper than ${nesting} levels` }]);
    for (const file of decoded.files) rmSync(file.path);
  }
});
