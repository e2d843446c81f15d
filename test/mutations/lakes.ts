import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { load } from "../../src/pipeline/load.js";
import {
  bring,
  Clock,
  eventAt,
  ndjson,
  newFolder,
  newPlace,
  replayed,
  type Served,
  write,
} from "../pipeline/scene.js";
import type { Random } from "./random.js";

/**
 * `loaded` from files, with copies and quarantined lines; `pulled`, with kept archives and hours brought twice;
 * `grown` beyond a checkpoint and gathered accounts; `cleaned`: the same without the log entries before the checkpoint.
 */
export type Shape = "loaded" | "pulled" | "grown" | "cleaned";
export const SHAPES: readonly Shape[] = ["loaded", "pulled", "grown", "cleaned"];

/** A lake of that shape, removed after the test. */
export async function makeLake(shape: Shape, random: Random): Promise<string> {
  if (shape === "pulled") return pulled(random);
  const lake = await newPlace();
  await loads(lake, shape === "loaded" ? 2 + random.below(3) : 20 + random.below(3), random);
  if (shape === "cleaned") await cleanUp(lake);
  return lake;
}

/** Removes the log entries before the newest checkpoint, as other programs do after a month. */
export async function cleanUp(lake: string): Promise<void> {
  const log = join(lake, "_delta_log");
  const names = await readdir(log);
  const newest = names
    .filter((name) => name.endsWith(".checkpoint.parquet"))
    .sort()
    .at(-1);
  if (!newest) throw new Error("The lake has no checkpoint.");
  const old = names.filter((name) => name.endsWith(".json") && name.slice(0, 20) < newest.slice(0, 20));
  for (const name of old) await unlink(join(log, name));
}

async function loads(lake: string, count: number, random: Random): Promise<void> {
  const folder = await newFolder();
  const before: Served[] = [];
  for (let i = 0; i < count; i += 1) {
    const events = someEvents(random, 4 + random.below(count > 10 ? 8 : 60));
    const copies = before.length > 0 && random.chance(50) ? [random.pick(before), random.pick(before)] : [];
    const bad = i === 0 || random.chance(30) ? `not JSON ${random.below(1e6)}\n{"uuid":1}\n` : "";
    before.push(...events);
    const path = await write(join(folder, `${i}.json.gz`), `${ndjson([...events, ...copies])}${bad}`);
    const complete = { from: "2026-11-20", to: "2026-11-20" };
    await load({ lake, paths: [path], ...(random.chance(20) ? { complete } : {}) });
  }
}

function someEvents(random: Random, count: number): Served[] {
  return Array.from({ length: count }, () => {
    const hour = String(random.below(24)).padStart(2, "0");
    const micros = String(random.below(1e6)).padStart(6, "0");
    return eventAt(`2026-11-${20 + random.below(3)} ${hour}:${10 + random.below(50)}:10.${micros}`, {
      app: random.pick([77, 78, null]),
      event_time: `2026-11-${10 + random.below(9)} 05:00:00.${micros}`,
      event_properties: { price: random.below(1000), name: "Tea" },
    });
  });
}

/** Two days, some hours of which are brought before they are final and again when they are. */
async function pulled(random: Random): Promise<string> {
  const clock = new Clock("2026-11-23T01:30:00Z");
  const events = someEvents(random, 30 + random.below(60)).map((event) => ({ ...event, app: 77 }));
  const copies = [random.pick(events), random.pick(events)].map((event) => ({
    ...event,
    server_upload_time: "2026-11-22 23:59:59.000000",
  }));
  const emulator = await replayed(clock, [...events, ...copies], { settleHours: 0 });
  const lake = await newPlace();
  const range = { from: "2026-11-20", keepArchives: true };
  await bring(emulator, clock, lake, { ...range, settleHours: 1 });
  clock.pass(30);
  await bring(emulator, clock, lake, range);
  return lake;
}
