import { describe, expect, test } from "vitest";
import { ArchiveError } from "../../src/errors/index.js";
import { goodEvent } from "./arbitrary-event.js";
import { Decoding } from "./decoding.js";

const decoding = Decoding.forThisFile();

/** The reason and place of the one rejected line among two good ones. */
async function rejection(line: string | Uint8Array): Promise<[reason: string, place: number]> {
  const bytes = typeof line === "string" ? Buffer.from(line) : line;
  const member = Buffer.concat([
    Buffer.from(`${goodEvent("a")}\n`),
    bytes,
    Buffer.from(`\n${goodEvent("b")}`),
  ]);
  const { members, rejected } = await decoding.use().decode([member]);
  expect(members).toMatchObject([{ lines: 3, loaded: 2, quarantined: 1, blank: 0 }]);
  expect(rejected.map(({ line, offset, raw }) => [line, offset, Buffer.from(raw)])).toEqual([
    [2, goodEvent("a").length + 1, bytes],
  ]);
  return [rejected[0]!.reason, rejected[0]!.place];
}

describe("a rejected line says what is wrong and where", () => {
  test.each([
    ['{"a":1', "the line ends in the middle of a value", 6],
    ['{"a":"b', "the line ends in the middle of a value", 7],
    ["{", "the line ends in the middle of a value", 1],
    ['{"a":tru', "not valid JSON", 5],
    ['{"a":1,}', "not valid JSON", 7],
    ['{"a":[1,]}', "not valid JSON", 8],
    ['{"a" 1}', "not valid JSON", 5],
    ["{'a':1}", "not valid JSON", 1],
    ['{"a":NaN}', "not valid JSON", 5],
    ['{"a":Infinity}', "not valid JSON", 5],
    ['{"a":1}//', "text behind the end of the object", 7],
    ['{/**/"a":1}', "not valid JSON", 1],
    ['{"a":01}', "not a valid JSON number", 6],
    ['{"a":1.}', "not a valid JSON number", 7],
    ['{"a":-x}', "not a valid JSON number", 6],
    ['{"a":"b\tc"}', "a control character inside a string; JSON wants it escaped", 7],
    ['{"a":"\\x"}', "an escape that JSON does not know", 6],
    ['{"a":"\\u12g4"}', "an escape that JSON does not know", 6],
    ['{"a":"\\ud800"}', "half of a surrogate pair (\\ud800 to \\udfff alone), which is no character", 6],
    [
      '{"a":"\\ude00\\ud83d"}',
      "half of a surrogate pair (\\ud800 to \\udfff alone), which is no character",
      6,
    ],
    ["[]", "valid JSON, but not an object; an event is an object", 0],
    ["null", "valid JSON, but not an object; an event is an object", 0],
    ['{"a":1} {"a":2}', "text behind the end of the object", 8],
    [`${goodEvent("c")}${goodEvent("d")}`, "text behind the end of the object", goodEvent("c").length],
    ['{"city":"a","c\\u0069ty":"b"}', "the same field twice", 12],
    ['{"city":null,"city":null}', "the same field twice", 13],
    ["{}", "no uuid", 0],
    ['{"uuid":"a"}', "no event_type", 0],
    ['{"uuid":"a","event_type":"b"}', "no valid server_upload_time", 0],
    ['{"error":{"http_code":429}}', "an error message in JSON, not an event", 0],
    ['\ufeff{"uuid":"a"}', "not valid JSON", 0],
  ])("%s", async (line, reason, place) => {
    expect(await rejection(line)).toEqual([reason, place]);
  });

  test.each([
    ["a byte that begins nothing", [0xff]],
    ["a byte of continuation alone", [0x80]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["an overlong NUL", [0xe0, 0x80, 0x80]],
    ["a surrogate in UTF-8", [0xed, 0xa0, 0x80]],
    ["a code beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a character that is cut off", [0xe2, 0x82]],
  ])("%s", async (_, bytes) => {
    const line = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(await rejection(line)).toEqual(["bytes that are not UTF-8", 6]);
  });
});

test("JSON that is spread over lines is refused whole, in words", async () => {
  for (const text of ['[\n{"uuid":"a"}\n]', '{\n  "uuid": "a"\n}', '  {  \r\n"uuid":"a"}', "\ufeff[\n{}]"]) {
    await expect(decoding.use().decode([Buffer.from(text)]), text).rejects.toThrow(
      new ArchiveError(
        "The file holds JSON that is spread over several lines; expected one event per line (NDJSON).",
        "Bring it to one line an event first, for example: jq -c '.[]? // .' FILE > FILE.ndjson",
      ),
    );
  }
});

test("an array of events on one line is a rejected line", async () => {
  const decoded = await decoding.use().decode([Buffer.from(`[${goodEvent("a")}]`)]);
  expect(decoded.members).toMatchObject([{ lines: 1, loaded: 0, quarantined: 1, blank: 0 }]);
  expect(decoded.files).toEqual([]);
});
