import { type Hour, parseHour } from "../hour.js";

/** What the name of a member says about its events. */
export interface NamedHour {
  /** Upload hour, UTC; null if the name does not tell. */
  readonly hour: Hour | null;
  /** Project id; null if the name does not tell. */
  readonly project: number | null;
}

const EXPORTED = /^(\d+)_(\d{4}-\d{2}-\d{2})_(\d{1,2})(?:#\d+)?(?:\.|$)/;
const MERGED_IDS = /^-\d+_\d{4}-\d{2}-\d{2}_\d{1,2}(?:#\d+)?(?:\.|$)/;
const MARKERS = new Set(["complete", "success", "done", "manifest", "thumbs.db", "desktop.ini"]);

/** Hour and project of `<folder>/<project>_<YYYY-MM-DD>_<H>#<part>.json.gz`, whose hour is not padded. */
export function namedHour(name: string): NamedHour {
  const parts = EXPORTED.exec(baseName(name));
  if (!parts) return { hour: null, project: null };
  const project = Number(parts[1]);
  return {
    hour: parseHour(`${parts[2]}T${parts[3]!.padStart(2, "0")}`) ?? null,
    project: Number.isSafeInteger(project) ? project : null,
  };
}

/** Why the file `name` is known to hold no events, or undefined if it may hold some. */
export function noEventsReason(name: string): string | undefined {
  const base = baseName(name);
  if (name.startsWith("__MACOSX/") || name.includes("/__MACOSX/")) return "macOS metadata";
  if (base.startsWith(".")) return "hidden file";
  if (MARKERS.has(base.replace(/^_/, "").toLowerCase())) return "marker file";
  if (MERGED_IDS.test(base)) return "table of merged Amplitude ids, not events";
  return undefined;
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
