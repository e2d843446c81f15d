import type { FileAccount } from "./account.js";
import type { AddAction } from "./actions.js";
import { type Fault, unequal } from "./fault.js";
import { partitionFolder } from "./paths.js";
import { parseStats, statsText } from "./stats.js";

/** What of a file's account its `add` is held against. */
export type AddedFile = Pick<
  FileAccount,
  "path" | "app" | "uploadDate" | "bytes" | "rows" | "eventTime" | "serverUploadTime"
>;

interface Stats {
  readonly numRecords?: unknown;
  readonly minValues?: Readonly<Record<string, unknown>>;
  readonly maxValues?: Readonly<Record<string, unknown>>;
}

/**
 * Where the log's words on a file are not those of its account: size, partition, rows, first and last times. Times
 * are compared as the log has them, cut to milliseconds. Another program's checkpoint may leave the stats out; an
 * entry of our own may not (`own`).
 */
export function wrongAdd(add: AddAction, file: AddedFile, own: boolean): Fault[] {
  const what = file.path;
  const { app, upload_date: day } = add.partitionValues ?? {};
  const said = partitionFolder(app ? Number(app) : null, day ?? "");
  const expected = partitionFolder(file.app, file.uploadDate);
  const faults = unequal(what, add.size, file.bytes, "bytes in the log");
  if (said !== expected) faults.push({ what, found: `${said} in the log`, expected });
  if (!file.path.startsWith(`${expected}/`)) {
    faults.push({ what, found: "a file in another folder", expected: `a file in ${expected}` });
  }
  if (!add.stats) {
    if (own) faults.push({ what, found: "no stats in the log", expected: `stats of ${file.rows} rows` });
    return faults;
  }
  return [...faults, ...wrongStats(add.stats, file)];
}

function wrongStats(text: string, file: AddedFile): Fault[] {
  const what = file.path;
  const expected = parsed(statsText(file.rows, file.eventTime, file.serverUploadTime)) ?? {};
  const stats = parsed(text);
  if (!stats) return [{ what, found: "stats in the log that are no JSON", expected: `${file.rows} rows` }];
  const faults = unequal(what, Number(stats.numRecords), file.rows, "rows in the log");
  for (const column of ["event_time", "server_upload_time"]) {
    for (const [end, word] of [
      ["minValues", "first"],
      ["maxValues", "last"],
    ] as const) {
      const [found, due] = [stats[end]?.[column], expected[end]?.[column]];
      if (instant(found) === instant(due)) continue;
      faults.push({
        what,
        found: `${word} ${column} ${String(found ?? "not said")} in the log`,
        expected: `${word} ${column} ${String(due ?? "not said")}`,
      });
    }
  }
  return faults;
}

function parsed(text: string): Stats | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Another program's checkpoint may write the same time in other words. */
function instant(value: unknown): number | string | undefined {
  if (typeof value !== "string") return undefined;
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value.replace(" ", "T")}Z`);
  return Number.isNaN(ms) ? value : ms;
}

/** Where what the log says of a file without an account would let readers skip or miscount rows that it has. */
export function misleadingAdd(
  path: string,
  add: AddAction,
  found: Pick<FileAccount, "rows" | "eventTime" | "serverUploadTime">,
): Fault[] {
  const said = parseStats(add.stats);
  const faults = said.rows === null ? [] : unequal(path, said.rows, found.rows, "rows in the log");
  for (const [column, span, real] of [
    ["event_time", said.eventTime, found.eventTime],
    ["server_upload_time", said.serverUploadTime, found.serverUploadTime],
  ] as const) {
    if (!span || !real || (span.min <= real.min && real.max <= span.max)) continue;
    const expected = `from ${real.min} to ${real.max} µs, or more`;
    faults.push({ what: path, found: `${column} from ${span.min} to ${span.max} µs in the log`, expected });
  }
  return faults;
}
