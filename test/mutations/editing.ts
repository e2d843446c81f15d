import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Action } from "../../src/lake/actions.js";
import type { Random } from "./random.js";

/** Paths inside the lake that end so, sorted. */
export async function pathsIn(lake: string, folder: string, ending: string): Promise<string[]> {
  const names = await readdir(join(lake, folder), { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** Data files that the newest version holds. */
export async function liveFiles(lake: string): Promise<string[]> {
  const { openTable } = await import("../../src/pipeline/open-table.js");
  return [...(await openTable(lake)).snapshot.files.keys()].sort();
}

/** Puts the rows that `select` gives of the Parquet file (FILE in it) in its place. */
export async function rewrite(lake: string, path: string, select: string): Promise<void> {
  const file = join(lake, path);
  const engine = await openEngine({ threads: 1 });
  try {
    const source = select.replaceAll(
      "FILE",
      `read_parquet('${file}', file_row_number = true, hive_partitioning = false)`,
    );
    await engine.run(
      `COPY (SELECT * EXCLUDE (file_row_number) FROM (${source})) TO '${file}.new' (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    engine.close();
  }
  await copyFile(`${file}.new`, file);
  await rm(`${file}.new`);
}

/** Rows of a Parquet file. */
export async function rowsOfFile(lake: string, path: string): Promise<number> {
  const engine = await openEngine({ threads: 1 });
  try {
    const rows = (await engine.query(`SELECT count(*) FROM read_parquet('${join(lake, path)}')`)).rows();
    return Number(rows[0]?.[0]);
  } finally {
    engine.close();
  }
}

/** Flips one bit, anywhere. */
export async function flipBit(lake: string, path: string, random: Random): Promise<void> {
  const bytes = await readFile(join(lake, path));
  const at = random.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.below(8));
  await writeFile(join(lake, path), bytes);
}

/** Cuts a file short, by a byte at least. */
export async function cut(lake: string, path: string, random: Random): Promise<void> {
  const bytes = await readFile(join(lake, path));
  await writeFile(join(lake, path), bytes.subarray(0, random.below(bytes.length)));
}

/** The log's entries with an action that `has` is true of, as versions. */
export async function versionsWith(lake: string, has: (action: Action) => boolean): Promise<number[]> {
  const versions: number[] = [];
  for (const path of await pathsIn(lake, "_delta_log", ".json")) {
    const actions = await actionsOf(lake, path);
    if (actions.some(has)) versions.push(versionOf(path));
  }
  return versions;
}

export const entryPath = (version: number) => `_delta_log/${String(version).padStart(20, "0")}.json`;
export const versionOf = (path: string) => Number(/(\d{20})/.exec(path)?.[1]);

async function actionsOf(lake: string, path: string): Promise<Action[]> {
  const text = await readFile(join(lake, path), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Replaces the actions of an entry. */
export async function editEntry(
  lake: string,
  version: number,
  edit: (actions: Action[]) => object[],
): Promise<void> {
  const path = entryPath(version);
  const actions = edit(await actionsOf(lake, path));
  await writeFile(join(lake, path), actions.map((action) => `${JSON.stringify(action)}\n`).join(""));
}
