import type { Engine, QueryOptions } from "../../engine/engine.js";
import { type LakeBounds, type LakeFile, lakeSelect } from "../../engine/lake-view.js";
import { pathList } from "../../engine/sql-text.js";

/** A data file of which the number of rows is known. */
export type CountedFile = LakeFile & { readonly rows: number };

/** `files` with their numbers of rows, which are read from those of which they are not known. */
export async function countRows(
  engine: Engine,
  files: readonly LakeFile[],
  options: QueryOptions,
): Promise<CountedFile[]> {
  const unknown = files.filter(({ rows }) => rows === undefined).map(({ path }) => path);
  const counts = new Map<string, number>();
  if (unknown.length > 0) {
    const sql = `SELECT file_name, num_rows FROM parquet_file_metadata(${pathList(unknown)})`;
    for (const [path, rows] of (await engine.query(sql, undefined, options)).rows()) {
      counts.set(path as string, Number(rows));
    }
  }
  return files.map((file) => ({ ...file, rows: file.rows ?? counts.get(file.path) ?? 0 }));
}

/** Rows of `files` together. */
export function rowsOf(files: readonly CountedFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** `files` in their order, in groups of at most so many rows; a larger file is a group of its own. */
export function groupsOf(files: readonly CountedFile[], most: number): CountedFile[][] {
  const groups: CountedFile[][] = [];
  let room = 0;
  for (const file of files) {
    if (groups.length === 0 || file.rows > room) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)!.push(file);
    room -= file.rows;
  }
  return groups;
}

/** Events that are read at once. */
export interface Part {
  /** A SELECT that gives them. */
  readonly sql: string;
  /** How many they are, before bounds. */
  readonly events: number;
}

/** The events of `files` within `bounds` in parts of at most so many rows: several files, one, or rows of a large one. */
export function partsOf(files: readonly CountedFile[], most: number, bounds: LakeBounds = {}): Part[] {
  return groupsOf(files, most).flatMap((group) => {
    const rows = rowsOf(group);
    if (rows <= most) return [{ sql: lakeSelect(group, bounds), events: rows }];
    const count = Math.ceil(rows / most);
    const edges = Array.from({ length: count }, (_, i) => Math.round((rows * i) / count));
    return edges.map((from, i) => {
      const until = edges[i + 1];
      return {
        sql: lakeSelect(group, { ...bounds, fileRows: { from, until } }),
        events: (until ?? rows) - from,
      };
    });
  });
}
