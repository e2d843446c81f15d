import { expect, test } from "vitest";
import { COLUMN_NAMES, Decoding } from "./decoding.js";

const decoding = Decoding.forThisFile();
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Repeatable noise: 64 bits for each number (splitmix64). */
function noise(i: number): bigint {
  let z = BigInt.asUintN(64, BigInt(i + 1) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return BigInt.asIntN(64, z ^ (z >> 31n));
}

const PATTERNS: Record<string, (i: number) => bigint | null> = {
  constant: () => 7n,
  rising: (i) => 1_263_254_107_517n + BigInt(i),
  "far apart": noise,
  "between the ends": (i) => (i % 2 ? MIN : MAX),
  "every width": (i) => noise(i) >> BigInt(i % 64),
  "with gaps": (i) => (i % 3 ? noise(i) >> 20n : null),
  falling: (i) => MIN + BigInt(100_000 - i) * BigInt(2 ** 40),
  "few values": (i) => noise(i % 50),
};

test.each([1, 2, 31, 32, 33, 34, 127, 128, 129, 130, 161, 257, 1025, 20_000])(
  "integers of every pattern come back, %d of them",
  async (count) => {
    for (const [name, pattern] of Object.entries(PATTERNS)) {
      const values = Array.from({ length: count }, (_, i) => pattern(i));
      const lines = values.map(
        (value, i) =>
          `{"uuid":"u${i}","event_type":"e","server_upload_time":"2025-07-01 16:00:00","event_id":${value}}`,
      );
      const decoded = await decoding.use().decode([Buffer.from(lines.join("\n"))]);
      const rows = await decoding.use().allRows(decoded);
      const found = rows.map((row) => row[COLUMN_NAMES.indexOf("event_id")]);
      expect(found.length).toBe(count);
      const wrong = found.findIndex((value, i) => value !== values[i]);
      expect(wrong, `${name}: ${found[wrong]} for ${values[wrong]}`).toBe(-1);
    }
  },
);

/** How a column's data are encoded in each row group, and the smallest and largest value that its figures tell. */
async function metadata(path: string, column: string) {
  const sql = `SELECT encodings, stats_min_value, stats_max_value, stats_null_count, compression
    FROM parquet_metadata($1) WHERE path_in_schema = $2`;
  return (await decoding.use().engine.query(sql, [path, column])).rows();
}

test("a dictionary where values repeat, differences for other integers, texts behind their lengths; figures that let readers skip", async () => {
  const lines = Array.from(
    { length: 2000 },
    (_, i) =>
      `{"uuid":"${noise(i)}","event_type":"e${i % 3}","server_upload_time":"2025-07-01 16:00:0${i % 10}.${String(i).padStart(6, "0")}","amplitude_id":${i % 7},"session_id":${i % 4 ? i : null}}`,
  );
  const { files } = await decoding.use().decode([Buffer.from(lines.join("\n"))]);
  const of = (column: string) => metadata(files[0]!.path, column);
  expect(await of("event_type")).toEqual([["PLAIN, RLE, RLE_DICTIONARY", null, null, 0n, "ZSTD"]]);
  expect(await of("uuid")).toEqual([["PLAIN, RLE, DELTA_LENGTH_BYTE_ARRAY", null, null, 0n, "ZSTD"]]);
  expect(await of("amplitude_id")).toEqual([["PLAIN, RLE, RLE_DICTIONARY", "0", "6", 0n, "ZSTD"]]);
  expect(await of("session_id")).toEqual([["PLAIN, RLE, DELTA_BINARY_PACKED", "1", "1999", 500n, "ZSTD"]]);
  expect(await of("server_upload_time")).toEqual([
    [
      "PLAIN, RLE, DELTA_BINARY_PACKED",
      "2025-07-01 16:00:00+00",
      "2025-07-01 16:00:09.001999+00",
      0n,
      "ZSTD",
    ],
  ]);
  expect(await of("adid")).toEqual([["PLAIN, RLE", null, null, 2000n, "UNCOMPRESSED"]]);
});

test("texts of every length around the words in which they are hashed and compared, alike but for a byte", async () => {
  const texts = Array.from({ length: 80 }, (_, length) =>
    [0, 7, 8, 15, 16, 31].flatMap((at) => {
      const text = Array.from({ length }, (_, i) => (i === at ? "b" : "a")).join("");
      return [text, "a".repeat(length), `${text}c`];
    }),
  ).flat();
  const all = Array.from({ length: 4 }, () => texts).flat();
  const lines = all.map(
    (text, i) =>
      `{"uuid":"u${i}","event_type":"e","server_upload_time":"2025-07-01 16:00:00","city":"${text}","region":"${noise(i)}${text}","dma":"${i % 3 ? "" : noise(i)}"}`,
  );
  const decoded = await decoding.use().decode([Buffer.from(lines.join("\n"))]);
  const encodings = (await metadata(decoded.files[0]!.path, "city"))[0]![0];
  expect(encodings).toContain("RLE_DICTIONARY");
  expect((await metadata(decoded.files[0]!.path, "region"))[0]![0]).toContain("DELTA_LENGTH_BYTE_ARRAY");
  const rows = await decoding.use().allRows(decoded);
  const of = (column: string) => rows.map((row) => row[COLUMN_NAMES.indexOf(column)]);
  expect(of("city")).toEqual(all);
  expect(of("region")).toEqual(all.map((text, i) => `${noise(i)}${text}`));
  expect(of("dma")).toEqual(all.map((_, i) => (i % 3 ? "" : String(noise(i)))));
});
