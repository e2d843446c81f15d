import { type Hour, settledAt } from "../hour.js";
import type { Compacted, Source } from "../lake/account.js";
import type { FileOrigin } from "./file-origins.js";

/** The files of one project's upload day that came from one source: what is compacted in one commit. */
export interface CompactionGroup {
  readonly source: Source;
  readonly app: number | null;
  /** UTC date. */
  readonly uploadDate: string;
  readonly files: readonly FileOrigin[];
}

/** Rows of a file of one kind: all of them, or those of some hours. */
export interface RowsOfFile {
  readonly path: string;
  readonly bytes: number;
  /** Undefined for all rows. */
  readonly hours?: readonly Hour[];
}

/** By what groups are chosen. */
export interface CompactionJudgement {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly settleHours: number | undefined;
  /** Paths of files that hold copies, which are to be left out. */
  readonly withCopies: ReadonlySet<string>;
}

/**
 * The groups to compact, in the order of days: those of closed days that hold a file which is not compacted, and
 * those with copies, whatever the day.
 */
export function groupsToCompact(
  origins: Iterable<FileOrigin>,
  judgement: CompactionJudgement,
): CompactionGroup[] {
  const groups = new Map<string, FileOrigin[]>();
  for (const origin of origins) {
    const key = `${origin.file.uploadDate} ${origin.file.app} ${origin.source.id}`;
    groups.set(key, [...(groups.get(key) ?? []), origin]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, files]) => groupOf(files))
    .filter((group) => isDue(group, judgement));
}

function groupOf(files: readonly FileOrigin[]): CompactionGroup {
  const { source, file } = files.at(-1)!;
  return { source, app: file.app, uploadDate: file.uploadDate, files };
}

function isDue(group: CompactionGroup, { now, settleHours, withCopies }: CompactionJudgement): boolean {
  if (group.files.some(({ file }) => withCopies.has(file.path))) return true;
  return isClosed(group.uploadDate, now, settleHours) && group.files.some(({ file }) => !file.compacted);
}

/** True once all upload hours of the UTC date are settled: it then changes only by asking again, or by hand. */
export function isClosed(uploadDate: string, now: number, settleHours: number | undefined): boolean {
  return now >= settledAt(`${uploadDate}T23` as Hour, settleHours);
}

/**
 * The rows of a group by kind. A file with both is split, so that bringing an hour again can tell which of its
 * rows to replace.
 */
export function rowsByKind({ files }: CompactionGroup): Record<Compacted, RowsOfFile[]> {
  const kinds: Record<Compacted, RowsOfFile[]> = { answers: [], others: [] };
  for (const { file, answered } of files) {
    const all = Object.keys(file.hours) as Hour[];
    const own = all.filter((hour) => answered.has(hour));
    const { path, bytes } = file;
    if (own.length === all.length) kinds.answers.push({ path, bytes });
    else if (own.length === 0) kinds.others.push({ path, bytes });
    else {
      const share = own.reduce((sum, hour) => sum + (file.hours[hour] ?? 0), 0) / file.rows;
      const rest = all.filter((hour) => !answered.has(hour));
      kinds.answers.push({ path, bytes: bytes * share, hours: own });
      kinds.others.push({ path, bytes: bytes * (1 - share), hours: rest });
    }
  }
  return kinds;
}

/** A group in words. */
export function nameOf({ uploadDate, app, source }: CompactionGroup): string {
  return `${uploadDate}, app ${app ?? "unknown"}, ${source.project} (${source.id})`;
}
