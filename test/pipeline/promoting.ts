import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { load } from "../../src/pipeline/load.js";
import { openLake } from "../../src/pipeline/open-lake.js";
import { eventAt, ndjson, newFolder, newPlace, type Served, write } from "./scene.js";

/** Who has the second event of `twoDays`. */
export const ANNA = "anna@example.com";

/** An event with a price. */
export const sold = (at: string, price: unknown, user: string | null = "boris@example.com"): Served =>
  eventAt(at, { user_id: user, event_properties: { price, cost: 9, "a.b": 1 } });

/** Loads events from a file of that name. */
export async function loadInto(lake: string, name: string, events: Served[]) {
  return load({ lake, paths: [await write(join(await newFolder(), name), ndjson(events))] });
}

/** A lake of four events in two files. */
export async function twoDays(): Promise<string> {
  const lake = await newPlace();
  await loadInto(lake, "77_2026-11-21_1#0.json", [
    sold("2026-11-21 01:10:00", 1),
    sold("2026-11-21 01:11:00", 2, ANNA),
  ]);
  await loadInto(lake, "77_2026-11-22_1#0.json", [
    sold("2026-11-22 01:10:00", 3),
    sold("2026-11-22 01:11:00", null),
  ]);
  return lake;
}

/** Files under `_ampframe/promoted/`, by their paths in it. */
export async function projections(lake: string): Promise<string[]> {
  const names = await readdir(join(lake, "_ampframe/promoted"), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".parquet")).sort();
}

/** What a frame says of the property `price`, and how many of the files it reads are projections. */
export async function pricesOf(lake: string) {
  const open = await openLake(lake);
  try {
    const frame = await open.frame({ columns: ["event_time"], properties: ["price"] }).ready();
    const rows = await frame.head(100);
    const { sql } = await frame.statement();
    const count = (part: RegExp) => sql.match(part)?.length ?? 0;
    return {
      type: frame.schema[1]!.type.kind,
      prices: rows.map((row) => Object.values(row)[1]),
      projected: count(/_ampframe\/promoted/g),
      files: count(/\.parquet'/g),
    };
  } finally {
    await open.close();
  }
}
