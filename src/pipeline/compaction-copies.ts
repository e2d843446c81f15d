import { type Hour, hourAt } from "../hour.js";
import type { HourAccount } from "../lake/account.js";
import type { Snapshot } from "../lake/snapshot.js";
import type { CompactionGroup } from "./compaction-groups.js";

/** A row to leave out, for another row has its uuid, and where that one is. Paths are inside the lake. */
export interface LakeCopy {
  readonly file: string;
  /** From 0. */
  readonly row: number;
  readonly hour: Hour;
  readonly keptFile: string;
  readonly keptHour: Hour;
}

/** Copies by the file that they are in. Hours are given in milliseconds since 1970. */
export function copiesByFile(
  found: readonly (Omit<LakeCopy, "hour" | "keptHour"> & {
    readonly hour: number;
    readonly keptHour: number;
  })[],
): Map<string, LakeCopy[]> {
  const byFile = new Map<string, LakeCopy[]>();
  for (const { hour, keptHour, ...copy } of found) {
    const own = byFile.get(copy.file) ?? [];
    own.push({ ...copy, hour: hourAt(hour), keptHour: hourAt(keptHour) });
    byFile.set(copy.file, own);
  }
  return byFile;
}

/** The files into which this run has put the rows of others, by which a row that is kept can be found again. */
export class Successors {
  private readonly of = new Map<string, readonly string[]>();

  add(removed: readonly string[], added: readonly string[]): void {
    for (const path of removed) this.of.set(path, added);
  }

  /** True if the rows of the file at `path` are in `snapshot`, there or where this run has put them. */
  isIn(snapshot: Snapshot, path: string): boolean {
    const next = this.of.get(path);
    if (next === undefined) return snapshot.files.has(path);
    return next.every((successor) => this.isIn(snapshot, successor));
  }
}

/** Copies that are left out, as accounts have them: by hour, and by whether answers for that hour brought them. */
export function copyAccounts({ files }: CompactionGroup, copies: readonly LakeCopy[]): HourAccount[] {
  const answered = new Map(files.map((origin) => [origin.file.path, origin.answered]));
  const counts = new Map<string, { count: number; keptBy: Record<string, number> }>();
  for (const { file, hour, keptHour } of copies) {
    const key = `${hour} ${answered.get(file)?.has(hour) ? "held" : "loaded"}`;
    const entry = counts.get(key) ?? { count: 0, keptBy: {} };
    counts.set(key, entry);
    entry.count += 1;
    if (keptHour !== hour) entry.keptBy[keptHour] = (entry.keptBy[keptHour] ?? 0) + 1;
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { count, keptBy }]) => {
      const [hour, mark] = key.split(" ") as [Hour, "held" | "loaded"];
      const elsewhere = Object.keys(keptBy).length > 0 ? { keptBy } : {};
      return { hour, mark, loaded: 0, duplicates: count, rows: -count, ...elsewhere };
    });
}
