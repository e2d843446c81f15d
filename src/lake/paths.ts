import { join } from "node:path";

/** The folders of a lake, relative to it. Names that begin with `_` are left alone by other engines' VACUUM. */
export const LOG = "_delta_log";
export const OURS = "_ampframe";
export const ACCOUNTS = `${OURS}/accounts`;
export const GATHERED = `${ACCOUNTS}/gathered`;
export const QUARANTINE = `${OURS}/quarantine`;
export const ARCHIVES = `${OURS}/archives`;
export const FORGOTTEN = `${OURS}/forgotten`;
export const STAGING = `${OURS}/staging`;
export const PROFILES = `${OURS}/profiles`;
export const COHORTS = `${OURS}/cohorts`;
export const ANALYSES = `${OURS}/analyses`;
export const BOARDS = `${OURS}/boards`;
export const LOCK = `${OURS}/lock`;
export const SYNC = `${OURS}/sync.json`;
export const PROMOTED = `${OURS}/promoted`;
export const PROMOTED_LIST = `${OURS}/promoted.json`;
export const PROMOTED_LOCK = `${OURS}/promoted.lock`;

/** A version as it stands in file names: twenty digits. */
export function versionName(version: number): string {
  return String(version).padStart(20, "0");
}

/** Path, inside the lake, of the log entry of `version`. */
export function logPath(version: number): string {
  return `${LOG}/${versionName(version)}.json`;
}

/** Path, inside the lake, of a committed account: `id` is the first 16 hex digits of its SHA-256. */
export function accountPath(version: number, id: string): string {
  return `${ACCOUNTS}/${versionName(version)}-${id}.json`;
}

/** The absolute path of `path`, which is written with `/` inside the lake at `dir`. */
export function inLake(dir: string, path: string): string {
  return join(dir, ...path.split("/"));
}

/** Path, inside the lake, of the quarantine file of that name. */
export function quarantinePath(file: string): string {
  return `${QUARANTINE}/${file}`;
}

/** Hive's name for a partition whose value is null; Delta writers keep it. */
const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** Folder of the data files of a project and an upload date (UTC, `2026-11-23`), inside the lake. */
export function partitionFolder(app: number | null, uploadDate: string): string {
  return `app=${app ?? NULL_PARTITION}/upload_date=${uploadDate}`;
}

const DATA_FILE = /^app=[^/]+\/upload_date=[^/]+\/part-[^/]+\.parquet$/;

/** True if `path`, inside the lake, is where data files lie and is named as one. */
export function isDataFile(path: string): boolean {
  return DATA_FILE.test(path) && !path.split("/").includes("..");
}

/** A path inside the lake as the log writes it: percent-encoded, `/` and `=` kept. */
export function encodePath(path: string): string {
  return path
    .split("/")
    .map((part) => encodeURIComponent(part).replaceAll("%3D", "="))
    .join("/");
}

/** The path inside the lake that the log wrote; undefined if it points elsewhere or is no encoded path. */
export function decodePath(encoded: string): string | undefined {
  try {
    const path = decodeURIComponent(encoded);
    const outside = /^([a-z][a-z0-9+.-]*:|\/)/i.test(path) || path.split("/").includes("..");
    return outside ? undefined : path;
  } catch {
    return undefined;
  }
}
