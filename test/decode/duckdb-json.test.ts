import fc from "fast-check";
import { expect, test } from "vitest";
import { goodEvent } from "./arbitrary-event.js";
import { jsonText, nested, numberText, stringText } from "./arbitrary-json.js";
import { Decoding } from "./decoding.js";
import { type Json, parseStrictJson } from "./strict-json.js";

const decoding = Decoding.forThisFile();

const HARD = [
  ...["1e400", "-1e400", "1e99999999999999999999", "1e-99999999999999999999", "0e400", "-0", "-0.0"],
  ...["18446744073709551615", "18446744073709551616", "-9223372036854775809", "9".repeat(5000)],
  ...[
    `0.${"1".repeat(5000)}`,
    `${"9".repeat(400)}.5e-400`,
    `0.${"0".repeat(400)}1e400`,
    "1.797693134862315808e308",
  ],
  ...['"\\u0000"', '"a\\u0000b"', '"\\uffff\\ufdd0"', '"\uffff"', '"\u007f"', '"\ufeff"', '"\\ud83d\\ude00"'],
  ...[
    '{"a":1,"a":2}',
    '{"":1}',
    '{"a":1,"A":2}',
    '{"\\u0000":1}',
    '{"a\\u0000b":1,"a":2}',
    '{"\\u0061":1,"a":2}',
  ],
  ...['{"a.b":1,"$":2,"*":3,"[0]":4,"\\"":5}', "[]", "{}", "[[],{}]", '{"a":{"a":{"a":null}}}', '" 1 "'],
  ...[`[${"1,".repeat(20_000)}1]`, `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":${i}`).join(",")}}`],
  ...["array", "object"].flatMap((kind) =>
    [10, 100, 511].map((depth) => nested(depth, kind as "array" | "object")),
  ),
];
const TEXTS = [
  ...HARD,
  ...HARD.filter((text) => text.length < 10_000 && !text.startsWith(nested(511, "array"))).map(
    (text) => `{"a":[${text}]}`,
  ),
  ...fc.sample(fc.oneof(jsonText, numberText, stringText), { seed: 20250704, numRuns: 2500 }),
].filter((text) => text !== "null" && depthOf(text) <= 511);

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const c of text.replace(/"(?:[^"\\]|\\.)*"/g, '""')) {
    if (c === "[" || c === "{") deepest = Math.max(deepest, ++depth);
    else if (c === "]" || c === "}") depth--;
  }
  return deepest;
}

/** All texts, each in a row of a file as `event_properties` and in an unknown key, behind the name `texts`. */
async function fileOfTexts(): Promise<string> {
  const lines = TEXTS.map(
    (text, i) => `${goodEvent(`${i}`).slice(0, -1)},"event_id":${i},"event_properties":${text},"x":${text}}`,
  );
  const decoded = await decoding.use().decode([Buffer.from(lines.join("\n"))]);
  expect(decoded.members).toMatchObject([
    { lines: TEXTS.length, loaded: TEXTS.length, quarantined: 0, blank: 0 },
  ]);
  expect(decoded.files.length).toBe(1);
  return decoded.files[0]!.path;
}

const ACCEPTED_BY = [
  "json(j)",
  "j::JSON",
  "json_type(j)",
  "json_keys(j)",
  "json_extract(j, '$.a')",
  "json_extract(j, '$.*')",
  "json_extract(j, '$[0]')",
  "json_extract_string(j, ['$.a', '$.b', '/'])",
  "j::JSON ->> 'a'",
  "j::JSON -> 'a' -> 0",
  "json_exists(j, '$.a')",
  "json_value(j, '$.a')",
  "json_array_length(j)",
  "json_contains(j, '1')",
  "json_structure(j)",
  'json_transform(j, \'{"a": "DOUBLE"}\')',
  'json_transform(j, \'{"a": "BIGINT"}\')',
  'json_transform(j, \'{"a": "VARCHAR"}\')',
  "json_merge_patch(j, '{\"b\": 1}')",
  "TRY_CAST(json_extract_string(j, '$.a') AS DOUBLE)",
  "TRY_CAST(json_extract_string(j, '$.a') AS BIGINT)",
  "(SELECT count(*) FROM json_each(j))",
  "(SELECT count(*) FROM json_tree(j))",
  "(SELECT max(length(key)) FROM unnest(json_keys(j)) AS keys(key))",
];

test("DuckDB's JSON functions take every text that the decoder took", async () => {
  const path = await fileOfTexts();
  const { engine } = decoding.use();
  for (const column of ["event_properties", "extra"]) {
    const from = `FROM (SELECT event_id, "${column}" AS j FROM read_parquet($1))`;
    const refused = await engine.query(`SELECT event_id ${from} WHERE NOT json_valid(j)`, [path]);
    expect(refused.rows().map(([id]) => TEXTS[Number(id)])).toEqual([]);
    for (const call of ACCEPTED_BY) {
      const counted = await engine.query(`SELECT count(*), count((${call})::VARCHAR) ${from}`, [path]);
      expect(counted.rows()[0]?.[0], call).toBe(BigInt(TEXTS.length));
    }
  }
});

const TYPES: Record<Json["kind"], RegExp> = {
  null: /^NULL$/,
  boolean: /^BOOLEAN$/,
  number: /^(UBIGINT|BIGINT|DOUBLE|HUGEINT)$/,
  string: /^VARCHAR$/,
  array: /^ARRAY$/,
  object: /^OBJECT$/,
};

test("and read it as the plain reading does: kinds, keys, strings by code point, numbers as doubles", async () => {
  const path = await fileOfTexts();
  const found = await decoding.use().engine.query(
    `SELECT event_id, json_type(j), encode(json_extract_string(j, '$')), json_array_length(j),
       [encode(key) FOR key IN json_keys(j)], TRY_CAST(json_extract_string(j, '$') AS DOUBLE)
     FROM (SELECT event_id, event_properties AS j FROM read_parquet($1))`,
    [path],
  );
  for (const [id, type, text, items, keys, number] of found.rows()) {
    const json = parseStrictJson(TEXTS[Number(id)]!, 512);
    const what = json.raw.slice(0, 200);
    expect(type, what).toMatch(TYPES[json.kind]);
    if (json.kind === "string") expect(Buffer.from(text as Uint8Array).toString(), what).toBe(json.value);
    if (json.kind === "array") expect(items, what).toBe(BigInt(json.items.length));
    if (json.kind === "number") expect(Number(number) + 0, what).toBe(Number(json.raw) + 0);
    if (json.kind === "object") {
      const read = (keys as Uint8Array[]).map((key) => Buffer.from(key).toString());
      expect(read, what).toEqual(json.members.map(({ key }) => key));
    }
  }
});
