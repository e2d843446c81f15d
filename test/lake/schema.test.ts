import { expect, test } from "vitest";
import { FIELDS } from "../../src/event.js";
import { decodePath, encodePath, partitionFolder } from "../../src/lake/paths.js";
import { parseSchema, schemaString } from "../../src/lake/schema.js";
import { parseStats, statsText } from "../../src/lake/stats.js";

test("the schema has the 55 fields, extra and upload_date, all nullable, each with its meaning", () => {
  const { type, fields } = JSON.parse(schemaString());
  expect(type).toBe("struct");
  expect(fields).toHaveLength(57);
  for (const field of fields) {
    expect(field).toMatchObject({ nullable: true, metadata: { comment: expect.stringMatching(/\w/) } });
  }
  expect(fields.map((field: { name: string }) => field.name)).toEqual([
    ...FIELDS.map(({ name }) => name),
    "extra",
    "upload_date",
  ]);
});

test("each kind of field has its Delta type", () => {
  const types = new Map(parseSchema(schemaString()).map(({ name, type }) => [name, type]));
  const picked = [
    "event_type",
    "event_properties",
    "amplitude_id",
    "location_lat",
    "paying",
    "event_time",
    "app",
  ];
  expect(picked.map((name) => types.get(name))).toEqual([
    ...["string", "string", "long", "double", "boolean", "timestamp", "long"],
  ]);
  expect([types.get("extra"), types.get("upload_date")]).toEqual(["string", "date"]);
});

test("a nested type of another writer is kept as its JSON", () => {
  const text = '{"type":"struct","fields":[{"name":"a","type":{"type":"array","elementType":"long"}}]}';
  expect(parseSchema(text)).toEqual([{ name: "a", type: '{"type":"array","elementType":"long"}' }]);
});

test("paths are percent-encoded as Delta wants, and back", () => {
  expect(encodePath("app=7/upload_date=2026-11-20/part-1.parquet")).toBe(
    "app=7/upload_date=2026-11-20/part-1.parquet",
  );
  const odd = "app=7/a b%20#ü+&?.parquet";
  expect(encodePath(odd)).toBe("app=7/a%20b%2520%23%C3%BC%2B%26%3F.parquet");
  expect(decodePath(encodePath(odd))).toBe(odd);
});

test("an encoded path that leads out of the lake, or is none, is not decoded", () => {
  for (const path of ["/x", "file:///x", "s3://b/x", "a/../x", "%2Fx", "%"])
    expect(decodePath(path)).toBeUndefined();
  expect(partitionFolder(null, "2026-11-20")).toBe("app=__HIVE_DEFAULT_PARTITION__/upload_date=2026-11-20");
});

const micros = (text: string, more: bigint) => BigInt(Date.parse(text)) * 1000n + more;

test("times in stats are cut to milliseconds, and the last is raised again when read", () => {
  const span = {
    min: micros("2026-11-20T05:00:00.123Z", 456n),
    max: micros("2026-11-20T05:59:59.999Z", 999n),
  };
  const text = statsText(10, span, null);
  expect(JSON.parse(text)).toEqual({
    numRecords: 10,
    minValues: { event_time: "2026-11-20T05:00:00.123Z" },
    maxValues: { event_time: "2026-11-20T05:59:59.999Z" },
  });
  const read = parseStats(text);
  expect(read).toMatchObject({ rows: 10, serverUploadTime: null });
  expect(read.eventTime).toEqual({ min: micros("2026-11-20T05:00:00.123Z", 0n), max: span.max });
});

test("times before 1970 are cut down, not towards zero", () => {
  const text = statsText(1, { min: -1n, max: -1n }, null);
  expect(JSON.parse(text).minValues.event_time).toBe("1969-12-31T23:59:59.999Z");
});

test("times that readers cannot parse are left out", () => {
  const year12000 = 316_000_000_000_000_000n;
  expect(JSON.parse(statsText(1, { min: 0n, max: year12000 }, null)).maxValues).toEqual({});
});

test("other writers' stats are read: with a zone, without one, with microseconds, or not at all", () => {
  const of = (min: string, max: string) =>
    parseStats(
      JSON.stringify({ numRecords: 1, minValues: { event_time: min }, maxValues: { event_time: max } }),
    );
  expect(of("2026-11-20T00:00:00.000-05:00", "2026-11-20 06:00:00.123456").eventTime).toEqual({
    min: micros("2026-11-20T05:00:00Z", 0n),
    max: micros("2026-11-20T06:00:00.123Z", 999n),
  });
  expect(of("yesterday", "2026-11-20T06:00:00Z").eventTime).toBeNull();
  for (const text of [undefined, null, "", "{", "[]"]) expect(parseStats(text).rows).toBeNull();
});
