import { afterAll, expect, test } from "vitest";
import { literal } from "../../src/engine/sql-text.js";
import { quotedName } from "../../src/frame/properties/property.js";
import { type MadeLake, makeLake } from "./made-lake.js";

const lakes: MadeLake[] = [];
afterAll(() => Promise.all(lakes.map((lake) => lake.close())));

async function lakeOf(...jsons: readonly string[]): Promise<MadeLake> {
  const made = await makeLake();
  lakes.push(made);
  const event = { event_type: "'e'", server_upload_time: "'2026-11-22 05:00:00+00'" };
  await made.add(
    { app: "1", day: "2026-11-22" },
    jsons.map((json, i) => ({ ...event, uuid: `'${i}'`, event_properties: literal(json) })),
  );
  return made;
}

test("a key of digits is a key, and no item of a list, by whatever way it is asked for", async () => {
  const { lake } = await lakeOf('{"p":[5,6]}', '{"p":{"0":7,"a.b":[8]}}', '{"p":[[9]],"*":[1]}');
  const all = await lake.frame({ columns: [], properties: "all" }).toArray();
  expect(all.map((row) => (row as Record<string, unknown>)["event_properties.p.0"])).toEqual([
    null,
    7n,
    null,
  ]);
  const byName = lake.frame({ columns: [], properties: ["p.0", 'p."a.b"'] });
  expect(await byName.toArray()).toEqual([
    { "p.0": null, 'p."a.b"': null },
    { "p.0": 7n, 'p."a.b"': [8n] },
    { "p.0": null, 'p."a.b"': null },
  ]);
  const quoted = await lakeOf('{"a\\"b":[1]}', '{"a\\"b":{"0":2}}', '{"\\\\":{"0":3}}', '{"\\\\":[4]}');
  const rows = quoted.lake.frame({ columns: [], properties: ['"a""b"."0"', "\\.0"] });
  expect((await rows.toArray()).map((row) => Object.values(row))).toEqual([
    [null, null],
    [2n, null],
    [null, 3n],
    [null, null],
  ]);
  await lake.schema();
  const kept = lake.frame({ columns: [], properties: ["p.0"] });
  expect(await kept.toArray()).toEqual([{ "p.0": null }, { "p.0": 7n }, { "p.0": null }]);
});

test("U+0000 in a key is U+2400 in the column's name", async () => {
  const { lake } = await lakeOf('{"a\\u0000b":1,"a␀b":2}');
  const all = lake.frame({ columns: [], properties: "all" });
  expect(await all.toArray()).toEqual([{ "event_properties.a␀b": 1n, "event_properties.a␀b (2)": 2n }]);
  expect(all.properties.map(({ path }) => path[0])).toEqual(["a\0b", "a␀b"]);
  const name = quotedName({ column: "event_properties", path: ["a\0b"] });
  const named = lake.frame({ columns: [], properties: [{ property: name, as: "n" }, "a␀b"] });
  expect(await named.orderBy("n").toArray()).toEqual([{ n: 1n, "a␀b": 2n }]);
  await expect(lake.frame({ properties: [{ property: "a␀b", as: "\0" }] }).ready()).rejects.toThrow("NUL");
});

test("U+FEFF at the start of a key or of a text in a list stays", async () => {
  const { lake } = await lakeOf('{"\ufeffk":["\ufeffv",""]}');
  const all = lake.frame({ columns: [], properties: "all" });
  expect(await all.toArray()).toEqual([{ "event_properties.\ufeffk": ["\ufeffv", ""] }]);
  const nested = await lake.query(`SELECT [{'a': [chr(65279)]}, NULL] AS x, {'b': NULL::INT[]} AS y`);
  expect(await nested.toArray()).toEqual([{ x: [{ a: ["\ufeff"] }, null], y: { b: null } }]);
});

test("a frame may have properties alone", async () => {
  const { lake } = await lakeOf('{"p":1}', "{}");
  const frame = lake.frame({ columns: [], properties: ["p"] });
  expect([...(await frame.head())]).toEqual([{ p: 1n }, { p: null }]);
  expect(await frame.count()).toBe(2);
  expect(await frame.resample("day").count()).toBe(0);
  const none = (await lakeOf("{}")).lake.frame({ columns: [], properties: "all" });
  await expect(none.ready()).rejects.toMatchObject({ message: expect.stringContaining("no properties") });
});
