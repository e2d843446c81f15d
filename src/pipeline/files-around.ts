import { dateOf, type Hour } from "../hour.js";
import type { LakeFile, Snapshot } from "../lake/snapshot.js";

/** Days before and after a row's upload day in which a copy of it is looked for. */
const DAYS_AROUND = 7;
const DAY_MS = 86_400_000;

/** Files of `snapshot` with rows of upload days within seven days of those of `hours`. */
export function filesAround(snapshot: Snapshot, hours: Iterable<Hour>): LakeFile[] {
  const days = [...hours].map((hour) => Date.parse(dateOf(hour)));
  if (days.length === 0) return [];
  const from = days.reduce((a, b) => Math.min(a, b)) - DAYS_AROUND * DAY_MS;
  const to = days.reduce((a, b) => Math.max(a, b)) + DAYS_AROUND * DAY_MS;
  return [...snapshot.files.values()].filter(({ uploadDate }) => {
    const day = Date.parse(uploadDate ?? "");
    return Number.isNaN(day) || (day >= from && day <= to);
  });
}
