import { createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { typeName } from "../../src/engine/column-type.js";
import { quotedName } from "../../src/frame/properties/property.js";
import { type FrameOptions, type Lake, load, openLake, writeMembers } from "../../src/index.js";
import { oddExport } from "./odd-exports.js";
import { runScript } from "./python.js";

// AMPFRAME_INTEROP_VALUES=50 compares fifty seeds of larger exports instead of a quick one.
const asked = Number(process.env.AMPFRAME_INTEROP_VALUES ?? 0);
const SEEDS = Array.from({ length: asked || 1 }, (_, i) => i + 1);
const EVENTS = asked > 0 ? 500 : 120;
const corpus = process.env.AMPFRAME_CORPUS;

interface Report {
  readonly events: number;
  readonly refused: number;
  readonly values: number;
  readonly differing: number;
  readonly differ: readonly string[];
}

let room: string;
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), "interop-values-"));
});
afterEach(() => rm(room, { recursive: true, force: true }));

/** A value of a row, with numbers as text. */
function asText(value: unknown): unknown {
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return { double: Object.is(value, -0) ? "-0" : String(value) };
  return Array.isArray(value) ? value.map(asText) : value;
}

/** A frame whose values are compared, and the event type that it selects. */
interface Compared {
  readonly name: string;
  readonly events: string | null;
  readonly frame: ReturnType<typeof frameOf>;
}

const frameOf = (lake: Lake, options: FrameOptions) => lake.frame({ ...options, columns: ["uuid"] });

/** Frames that read the properties in each way that there is. */
async function* framesOf(lake: Lake): AsyncGenerator<Compared> {
  const all = { properties: "all" } as const;
  const types = (await lake.frame().valueCounts("event_type", { limit: 4 })).map((row) => row.event_type);
  yield { name: "all", events: null, frame: frameOf(lake, all) };
  for (const events of types) {
    yield { name: `all of ${events}`, events, frame: frameOf(lake, { ...all, events }) };
  }
  const { properties } = await frameOf(lake, all).ready();
  const named = { properties: properties.map((each, i) => ({ property: quotedName(each), as: `p${i}` })) };
  yield { name: "by name", events: null, frame: frameOf(lake, named) };
  await lake.schema();
  yield { name: "by name, kinds kept", events: null, frame: frameOf(lake, named) };
  await lake.promote(properties.slice(0, 12).map(quotedName));
  yield { name: "all, some promoted", events: null, frame: frameOf(lake, all) };
  const [events = null] = types;
  for (const [i, property] of named.properties.slice(0, 6).entries()) {
    const frame = frameOf(lake, { events: events ?? [], properties: [property] });
    const occurs = await frame.ready().catch(() => undefined);
    if (occurs) yield { name: `promoted ${i}`, events, frame };
  }
}

/** Loads `exports`, and has Python compare every property of every event with what it reads there itself. */
async function compared(exports: readonly string[]): Promise<Report & { readonly quarantined: number }> {
  const place = join(room, "lake");
  const report = await load({ lake: place, paths: exports });
  const lake = await openLake(place);
  const file = join(room, "frames.ndjson");
  async function* lines() {
    for await (const { name, events, frame } of framesOf(lake)) {
      const { properties } = await frame.ready();
      const columns = properties.map(({ column, path, type }) => ({
        column,
        path,
        type: typeName(type),
      }));
      yield `${JSON.stringify({ frame: name, events, all: name.startsWith("all"), columns })}\n`;
      for await (const row of frame.rows({ timestamps: "micros" })) {
        const [uuid, ...values] = Object.values(row);
        yield `${JSON.stringify({ uuid, values: values.map(asText) })}\n`;
      }
    }
  }
  await pipeline(lines(), createWriteStream(file));
  await lake.close();
  return { ...(await reported(exports)), quarantined: report.quarantined };
}

/** What Python says of the frames that were written, and `exports`. */
async function reported(exports: readonly string[]): Promise<Report> {
  const script = fileURLToPath(new URL("./property_values.py", import.meta.url));
  return JSON.parse(await runScript(script, [join(room, "frames.ndjson"), ...exports]));
}

test.each(SEEDS)(
  "every property of odd events is as a Python parser reads it: seed %i",
  { timeout: 300_000 },
  async (seed) => {
    const { text, refused } = oddExport(seed, EVENTS);
    const file = join(room, "odd.json");
    await writeFile(file, text);
    const found = await compared([file]);
    expect(found.differ).toEqual([]);
    expect(found).toMatchObject({ events: EVENTS - refused, refused, quarantined: refused, differing: 0 });
    expect(found.values).toBeGreaterThan(20 * EVENTS);

    // One digit of one value that is another in the export must be found.
    const altered = text.replace(/("event_properties":\{.*?:-?\d+)(?=[,}])/, "$11");
    expect(altered).not.toBe(text);
    await writeFile(file, altered);
    const differing = await reported([file]);
    expect(differing.values).toBe(found.values);
    expect(differing.differing).toBeGreaterThan(0);
  },
);

test("every property of the emulator's shop is as a Python parser reads it", async () => {
  const dir = join(room, "members");
  await writeMembers({ dir, days: 2, eventsPerDay: asked > 0 ? 5_000 : 300, duplicateRate: 0.01, seed: 3 });
  const found = await compared((await readdir(dir)).map((name) => join(dir, name)));
  expect(found.differ).toEqual([]);
  expect(found.values).toBeGreaterThan(10_000);
});

test.skipIf(corpus === undefined)(
  "every property of real exports is as a Python parser reads it",
  async () => {
    const folder = join(corpus!, "exports");
    const names = [
      ...["flutter-shop-2025/test-round-trip.json", "flutter-shop-2025/inline_test_event.json"],
      ...[
        "segment-2020/readme_events.pretty.txt",
        "web-2022/comment_event.json",
        "web-2025/example_json.json",
      ],
    ];
    // Some were printed over many lines, which no export is and `load` keeps aside.
    const objects = names.flatMap((name) => readFileSync(join(folder, name), "utf8").split(/^(?=\{)/m));
    const file = join(room, "real.json");
    await writeFile(file, objects.map((object) => object.replaceAll("\n", " ")).join("\n"));
    const found = await compared([file]);
    expect(found.differ).toEqual([]);
    expect(found.values).toBeGreaterThan(500);
  },
);
