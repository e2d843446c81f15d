import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { type LakeFile, lakeSelect } from "../../src/engine/lake-view.js";
import { literal } from "../../src/engine/sql-text.js";
import { isAmpframeError } from "../../src/errors/index.js";
import type { SourceFile } from "../../src/frame/event-source.js";
import { Lake } from "../../src/frame/lake.js";
import type { PropertyOptions, PropertyType } from "../../src/frame/properties/columns.js";
import { findProperties } from "../../src/frame/properties/find.js";
import { kindsIn, maskOf } from "../../src/frame/properties/kind-mask.js";
import { typeOfKinds } from "../../src/frame/properties/kinds.js";
import { type NumberType, numbersSql, projectionSql } from "../../src/frame/properties/projection.js";
import { type Property, quotedName } from "../../src/frame/properties/property.js";
import type { FrameOptions } from "../../src/frame/selection.js";
import { type EventSql, eventsSql, writeLakeFile } from "../engine/lake-files.js";

/** Values as JSON writes them, of every kind and at the edges of each. */
const VALUES = {
  numbers: ["0", "-1", "7", "9007199254740992", "9007199254740993", "-9223372036854775808"],
  more: [
    "18446744073709551615",
    "12345678901234567890123",
    "1.0",
    "1.5",
    "-0",
    "-0.0",
    "1e5",
    "1e300",
    "1e400",
  ],
  booleans: ["true", "false"],
  texts: ['"a"', '""', '"12"', '"1e2"', '"true"', '"\\u0000x"', '"żółć 👩‍👩‍👧 \\"q\\""', '"null"'],
  times: ['"2025-07-01T16:34:54.837Z"', '"2025-07-01T16:34:54.837123+02:00"', '"1999-12-31 23:59:59-08"'],
  lists: ["[]", "[1,2]", "[1.5,2]", '["a",null]', "[true]", "[null]"],
  nested: ["[[1]]", '[{"a":1}]', '[1,"a"]', '{"b":1}', "{}", '{"c":{"d":null}}', '["2025-07-01T16:34:54Z"]'],
  nulls: ["null"],
};
const KEYS = ["price", "a.b", 'Ä "q"', "~/x", "", "City"];
const PROPERTIES: readonly Property[] = KEYS.map((key) => ({ column: "event_properties", path: [key] }));
const PRICE: readonly [Property] = [{ column: "event_properties", path: ["price"] }];

const palette = fc
  .subarray(Object.values(VALUES), { minLength: 1, maxLength: 2 })
  .map((groups) => groups.flat())
  .chain((values) => fc.subarray(values, { minLength: 1, maxLength: Math.min(4, values.length) }));

/** A file's events; in each, some of the properties have a value from that file's own few. */
const file = fc.array(palette, { minLength: KEYS.length, maxLength: KEYS.length }).chain((palettes) => {
  const entries = palettes.map((values) => fc.option(fc.constantFrom(...values)));
  const object = fc
    .tuple(...entries)
    .map(
      (texts) =>
        `{${texts.flatMap((text, i) => (text === null ? [] : [`${JSON.stringify(KEYS[i])}:${text}`])).join(",")}}`,
    );
  const json = fc.oneof(
    { weight: 12, arbitrary: object },
    { weight: 1, arbitrary: fc.constantFrom("[]", '"x"', "NULL") },
  );
  return fc.array(fc.record({ json, type: fc.constantFrom("A", "B"), day: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 8,
  });
});

type GeneratedFile = typeof file extends fc.Arbitrary<infer F> ? F : never;

/** Which files have projections, and whether all have one type, as promote makes them, or each its own. */
type Way = readonly ("lake" | "own" | "none")[];

interface Scene {
  readonly plain: Lake;
  readonly projected: Lake;
}

async function withScene(files: readonly GeneratedFile[], ways: Way, work: (scene: Scene) => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), "ampframe-promoted-"));
  const engine = await openEngine({ threads: 2 });
  try {
    const data: LakeFile[] = [];
    for (const [i, events] of files.entries()) {
      const rows = events.map(
        ({ json, type, day }, row): EventSql => ({
          uuid: literal(`${i}-${row}`),
          event_type: literal(type),
          event_time: literal(`2025-07-0${day} 00:00:00+00`),
          server_upload_time: literal(`2025-07-10 0${i}:00:00+00`),
          amplitude_id: `${i * 100 + row}`,
          event_properties: json === "NULL" ? "NULL" : literal(json),
        }),
      );
      data.push(
        await writeLakeFile(
          engine,
          dir,
          { app: "1", day: "2025-07-10", name: `part-${i}.parquet` },
          eventsSql(rows),
        ),
      );
    }
    const projected = await project(engine, dir, data, ways);
    const open = (files: readonly SourceFile[], promoted: readonly Property[]) =>
      new Lake({ dir, files: async () => ({ version: 1, files, promoted }) }, openEngine);
    const scene = { plain: open(data, []), projected: open(projected, PROPERTIES) };
    try {
      await work(scene);
    } finally {
      await scene.plain.close();
      await scene.projected.close();
    }
  } finally {
    engine.close();
    rmSync(dir, { recursive: true });
  }
}

async function project(
  engine: Engine,
  dir: string,
  data: readonly LakeFile[],
  ways: Way,
): Promise<SourceFile[]> {
  const folder = join(dir, "_ampframe/promoted/app=1/upload_date=2025-07-10");
  mkdirSync(folder, { recursive: true });
  const masksOf = async (of: readonly LakeFile[]) => {
    const found = await findProperties({ engine, sql: lakeSelect(of) }, PROPERTIES);
    return PROPERTIES.map((property) => {
      const each = found.find(({ path }) => path[0] === property.path[0]);
      return each ? maskOf(each.kinds, each.items) : 0;
    });
  };
  const all = await masksOf(data);
  const projected: SourceFile[] = [];
  for (const [i, file] of data.entries()) {
    const way = ways[i] ?? "none";
    if (way === "none") {
      projected.push(file);
      continue;
    }
    const own = await masksOf([file]);
    const properties = PROPERTIES.map((property, n) => {
      const { kinds, items } = kindsIn((way === "lake" ? all : own)[n]!);
      return { ...property, kinds: (way === "lake" ? all : own)[n]!, type: typeOfKinds(kinds, items) };
    });
    const path = join(folder, `${basename(file.path, ".parquet")}.0.parquet`);
    await engine.run(`COPY (${projectionSql(file.path, properties)}) TO ${literal(path)} (FORMAT parquet)`);
    const [numbers] = (await engine.query(numbersSql(path, properties))).rows();
    const stored = properties.map((each, n) => ({
      ...each,
      kinds: own[n]!,
      also: numbers![n] as NumberType[],
    }));
    projected.push({ ...file, projection: { path, properties: stored } });
  }
  return projected;
}

/** All that a frame says: its types, rows in order, counts of values; or how it fails. */
async function told(lake: Lake, options: FrameOptions) {
  try {
    const frame = await lake.frame(options).ready();
    const rows: unknown[] = [];
    for await (const row of frame.rows({ timestamps: "micros" })) rows.push(row);
    const counts: unknown[] = [];
    const last = frame.columns.at(-1)!;
    counts.push([...(await lake.frame(options).valueCounts(last, { limit: Number.POSITIVE_INFINITY }))]);
    return { schema: frame.schema, rows, counts, count: await lake.frame(options).count() };
  } catch (error) {
    if (isAmpframeError(error)) return { failed: error.name };
    throw error;
  }
}

const named = (properties: readonly Property[], type?: PropertyType): PropertyOptions[] =>
  properties.map((property, i) => ({ property: quotedName(property), as: `p${i}`, type }));

const COLUMNS = ["event_type", "amplitude_id", "event_time", "app", "upload_date"] as const;

function selections(): FrameOptions[] {
  const each = PROPERTIES.flatMap((property): FrameOptions[] => [
    { columns: COLUMNS, properties: named([property]) },
    { columns: ["amplitude_id"], properties: named([property]), events: "A" },
    { columns: ["amplitude_id"], properties: named([property]), from: "2025-07-02", to: "2025-07-02" },
    {
      columns: ["amplitude_id"],
      properties: named([property]),
      where: "p0 IS NOT NULL AND event_type = 'B'",
    },
    { columns: ["uuid"], properties: named([property]), where: "uuid >= '1'" },
  ]);
  const types = ["boolean", "int64", "double", "timestamp", "text", "json"] as const;
  return [
    ...each,
    ...types.map(
      (type): FrameOptions => ({ columns: ["amplitude_id"], properties: named(PROPERTIES, type) }),
    ),
    ...types.map(
      (type): FrameOptions => ({ columns: ["amplitude_id"], properties: named(PRICE, type), events: "B" }),
    ),
    {
      columns: ["amplitude_id"],
      properties: ["price"],
      where: { sql: "event_type = ?", params: ["A"] },
      limit: 3,
    },
    { properties: named(PROPERTIES, "text"), limit: 5 },
    { columns: ["amplitude_id"], properties: [{ property: "price", as: "uuid" }], where: "uuid = '0-1'" },
  ];
}

const FULL = process.env.AMPFRAME_SWEEP === "full";
/** `AMPFRAME_SWEEP=full` asks all of the selections; else every third. */
const STRIDE = FULL ? 1 : 3;

const way = fc.constantFrom("lake" as const, "own" as const, "none" as const);

test("frames give the same types, values and order with projections as without", {
  timeout: 1_200_000,
}, async () => {
  let used = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 1, maxLength: 3 }),
      fc.oneof(fc.constant(["lake", "lake", "lake"] as const), fc.tuple(way, way, way)),
      fc.nat(STRIDE - 1),
      async (files, ways, first) => {
        await withScene(files, ways, async ({ plain, projected }) => {
          for (const options of selections().filter((_, i) => i % STRIDE === first)) {
            const { sql } = await projected
              .frame(options)
              .statement()
              .catch(() => ({ sql: "" }));
            if (/_ampframe.promoted/.test(sql)) used += 1;
            expect(await told(projected, options), JSON.stringify(options)).toEqual(
              await told(plain, options),
            );
          }
        });
      },
    ),
    { numRuns: FULL ? 15 : 3, endOnFailure: true },
  );
  expect(used).toBeGreaterThan(0);
});
