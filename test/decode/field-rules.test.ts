import { describe, expect, test } from "vitest";
import { SeenUuids } from "../../src/decode/seen-uuids.js";
import { COLUMN_NAMES, Decoding } from "./decoding.js";
import type { Cell } from "./expected-row.js";

const decoding = Decoding.forThisFile();
const GOOD = '"uuid":"u","event_type":"e","server_upload_time":"2025-07-01 16:34:54.837000"';
const START = 1_751_387_694_837_000n;

/** The one row of an event with `pairs` beside what every event needs, or why it was rejected. */
async function rowWith(pairs: string): Promise<Record<string, unknown> | string> {
  return rowOf(`{${GOOD}${pairs && ","}${pairs}}`);
}

async function rowOf(line: string): Promise<Record<string, unknown> | string> {
  const decoded = await decoding.use().decode([Buffer.from(line)]);
  const [row] = await decoding.use().allRows(decoded);
  const rejection = decoded.rejected[0];
  if (rejection) return `${rejection.reason} (${rejection.place})`;
  return Object.fromEntries(COLUMN_NAMES.map((name, i) => [name, row?.[i]]));
}

type Case = [pair: string, cell: Cell] | [pair: string, cell: Cell, kept: "kept"];

/** Each `"key":value`, what the key's column gets, and whether `extra` keeps the pair as it came. */
function holds(cases: readonly Case[]): void {
  test.each(cases)("%s gives %s (%s)", async (...[pair, cell, kept]: Case) => {
    const row = await rowWith(pair);
    const key = JSON.parse(/^"[^"]*"/.exec(pair)?.[0] ?? "null");
    expect(row).toMatchObject({ uuid: "u", event_type: "e", server_upload_time: START });
    expect((row as Record<string, unknown>)[key]).toBe(cell);
    expect((row as Record<string, unknown>).extra).toBe(kept ? `{${pair}}` : null);
  });
}

describe("a text column", () => {
  holds([
    ['"city":"Zürich"', "Zürich"],
    ['"city":""', ""],
    ['"city":null', null],
    ['"city":"a\\u0000b\\ud83d\\ude00\\/\\"\\\\\\b\\f\\n\\r\\t"', 'a\0b😀/"\\\b\f\n\r\t'],
    ['"city":12.50', "12.50", "kept"],
    ['"city":false', "false", "kept"],
    ['"city":{ "a" : [1, 2] }', '{ "a" : [1, 2] }', "kept"],
    ['"\\u0063ity":"a"', "a"],
    ['"\\u0063ity":1', "1", "kept"],
  ]);
});

describe("an int column", () => {
  holds([
    ['"session_id":9223372036854775807', 9223372036854775807n],
    ['"session_id":-9223372036854775808', -9223372036854775808n],
    ['"session_id":9223372036854775808', null, "kept"],
    ['"session_id":-9223372036854775809', null, "kept"],
    ['"session_id":18446744073709551617', null, "kept"],
    ['"session_id":-1', -1n],
    ['"session_id":"12"', 12n, "kept"],
    ['"session_id":"1\\u0032"', 12n, "kept"],
    ['"session_id":12.0', 12n, "kept"],
    ['"session_id":-12.000', -12n, "kept"],
    ['"session_id":1.7', null, "kept"],
    ['"session_id":10.50', null, "kept"],
    ['"session_id":1e3', null, "kept"],
    ['"session_id":true', null, "kept"],
    ['"session_id":""', null, "kept"],
    ['"session_id":"-"', null, "kept"],
    ['"session_id":" 1"', null, "kept"],
    ['"session_id":[1]', null, "kept"],
  ]);
});

describe("a double column", () => {
  holds([
    ['"location_lat":-122.419416', -122.419416],
    ['"location_lat":179.99999999999997', 179.99999999999997],
    ['"location_lat":-0', -0],
    ['"location_lat":-0.0', -0],
    ['"location_lat":0.1', 0.1],
    ['"location_lat":0.100000000000000005', 0.1, "kept"],
    ['"location_lat":5e-324', 5e-324],
    ['"location_lat":1.7976931348623157e308', Number.MAX_VALUE],
    ['"location_lat":1e22', 1e22],
    ['"location_lat":1e400', null, "kept"],
    ['"location_lat":-1e400', null, "kept"],
    ['"location_lat":1e-400', 0, "kept"],
    ['"location_lat":0e-400', 0],
    ['"location_lat":9007199254740992', 9007199254740992],
    ['"location_lat":9007199254740993', 9007199254740992, "kept"],
    ['"location_lat":-90071992547409931', -90071992547409936, "kept"],
    ['"location_lat":"52.5"', 52.5, "kept"],
    ['"location_lat":"5\\u0032.5"', 52.5, "kept"],
    ['"location_lat":"1e400"', null, "kept"],
    ['"location_lat":"052.5"', null, "kept"],
    ['"location_lat":"52.5 "', null, "kept"],
    ['"location_lat":"NaN"', null, "kept"],
    ['"location_lat":true', null, "kept"],
    ['"location_lat":{}', null, "kept"],
  ]);
});

describe("a boolean column", () => {
  holds([
    ['"paying":true', true],
    ['"paying":false', false],
    ['"paying":1', true, "kept"],
    ['"paying":0', false, "kept"],
    ['"paying":"true"', true, "kept"],
    ['"paying":"false"', false, "kept"],
    ['"paying":"tru\\u0065"', true, "kept"],
    ['"paying":"1"', true, "kept"],
    ['"paying":"0"', false, "kept"],
    ['"paying":"halse"', null, "kept"],
    ['"paying":"True"', null, "kept"],
    ['"paying":2', null, "kept"],
    ['"paying":""', null, "kept"],
  ]);
});

describe("a time column", () => {
  const at = (text: string) => BigInt(Date.parse(text)) * 1000n;
  holds([
    ['"event_time":"1969-12-31 23:59:59.999999"', -1n],
    ['"event_time":"0001-01-01 00:00:00"', at("0001-01-01T00:00:00Z")],
    ['"event_time":"9999-12-31 23:59:59.999999"', at("9999-12-31T23:59:59Z") + 999_999n],
    ['"event_time":"2024-02-29T00:00:00Z"', at("2024-02-29T00:00:00Z")],
    ['"event_time":"2025-07-01 16:34:54.8"', at("2025-07-01T16:34:54.800Z")],
    ['"event_time":"2025-07-01T16:34:54+05"', at("2025-07-01T11:34:54Z")],
    ['"event_time":"2025-07-01T16:34:54.5-0530"', at("2025-07-01T22:04:54.500Z")],
    ['"event_time":"2025-07-01T16:34:54+05:30"', at("2025-07-01T11:04:54Z")],
    ['"event_time":"2025-07-01\\u002016:34:54"', at("2025-07-01T16:34:54Z")],
    ['"event_time":""', null, "kept"],
    ['"event_time":"2025-02-29 00:00:00"', null, "kept"],
    ['"event_time":"2025-07-01 16:34:54.1234567"', null, "kept"],
    ['"event_time":"2025-07-01 16:34:60"', null, "kept"],
    ['"event_time":"2025-07-01"', null, "kept"],
    ['"event_time":"9999-12-31T23:59:59-00:01"', null, "kept"],
    ['"event_time":"0001-01-01T00:00:00+00:01"', null, "kept"],
    ['"event_time":1751387694', null, "kept"],
    ['"event_time":false', null, "kept"],
  ]);
});

describe("a JSON column", () => {
  holds([
    ['"event_properties":{ "a" : 1.50, "A":1E400 ,"a":"\\u0041"}', '{ "a" : 1.50, "A":1E400 ,"a":"\\u0041"}'],
    ['"event_properties":"text"', '"text"'],
    ['"event_properties":12345678901234567890.10', "12345678901234567890.10"],
    ['"event_properties":[]', "[]"],
    ['"event_properties":null', null],
  ]);
});

test("unknown keys are kept in their order, as they came, repeated ones too", async () => {
  const row = await rowWith('"b" : 1.0,"extra":{"x":null} , "City":"\\u0041", "b":null,"":[ ]');
  expect(row).toMatchObject({
    extra: '{"b":1.0,"extra":{"x":null},"City":"\\u0041","b":null,"":[ ]}',
    city: null,
  });
});

test("an event needs a uuid, an event_type and a server_upload_time", async () => {
  const time = '"server_upload_time":"2025-07-01 16:34:54"';
  expect(await rowOf(`{"event_type":"e",${time}}`)).toMatch(/no uuid/);
  expect(await rowOf(`{"uuid":"","event_type":"e",${time}}`)).toMatch(/no uuid/);
  expect(await rowOf(`{"uuid":5,"event_type":"e",${time}}`)).toMatch(/no uuid/);
  expect(await rowOf(`{"uuid":null,"event_type":"e",${time}}`)).toMatch(/no uuid/);
  expect(await rowOf(`{"uuid":"u","event_type":true,${time}}`)).toMatch(/no event_type/);
  expect(await rowOf(`{"uuid":"u",${time}}`)).toMatch(/no event_type/);
  expect(await rowOf(`{"uuid":"u","event_type":"",${time}}`)).toMatchObject({ event_type: "" });
  for (const value of [
    "null",
    '""',
    "0",
    '"2025-07-01"',
    '"2025-02-30 00:00:00"',
    '"9999-12-31T23:59:59-01"',
  ]) {
    expect(await rowOf(`{"uuid":"u","event_type":"e","server_upload_time":${value}}`)).toMatch(
      /no valid server_upload_time/,
    );
  }
  expect(
    await rowOf(
      '{"\\u0075uid":"\\u0075","event_type":"\\u0065","server_upload_time":"2025\\u002d07-01 16:34:54"}',
    ),
  ).toMatchObject({ uuid: "u", event_type: "e", server_upload_time: START - 837_000n });
});

test("a uuid repeats whether it is written with escapes or without", async () => {
  const event = (uuid: string) => `{${GOOD.replace('"u"', uuid)}}`;
  const lines = ['"abcdefgh-1"', '"\\u0061bcdefgh-1"', '"other"', '"abcdefgh\\u002d1"', '"/"', '"\\/"'].map(
    event,
  );
  const { mayHaveSeen } = new SeenUuids(SeenUuids.memoryFor(100));
  const { files } = await decoding.use().decode([Buffer.from(lines.join("\n"))], { mayHaveSeen });
  expect(files).toMatchObject([
    { kind: "mixed", rows: 3 },
    { kind: "repeats", rows: 3 },
  ]);
  const uuids = (await decoding.use().rowsOf(files[1]!)).map((row) => row[COLUMN_NAMES.indexOf("uuid")]);
  expect(uuids).toEqual(["abcdefgh-1", "abcdefgh-1", "/"]);
});
