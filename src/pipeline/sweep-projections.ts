import { PROMOTED } from "../lake/paths.js";
import type { ListedProjection, PromotedList } from "../lake/promoted-list.js";
import type { LakeTable } from "../lake/table.js";

/** How long readers may go on with a projection that has been replaced. */
const GRACE_MS = 3_600_000;

/**
 * Deletes projections that have not been in the list for an hour, those of killed runs among them; `files` are those that
 * are in it from `now` on. Gives those that have left it and stay for now.
 */
export async function sweepProjections(
  table: LakeTable,
  before: PromotedList | undefined,
  files: Readonly<Record<string, ListedProjection>>,
  now: number,
): Promise<PromotedList["replaced"]> {
  const used = new Set(Object.values(files).map(({ path }) => path));
  const since = new Map((before?.replaced ?? []).map(({ path, at }) => [path, at]));
  for (const { path } of Object.values(before?.files ?? {}))
    if (!used.has(path) && !since.has(path)) since.set(path, now);
  const replaced: { path: string; at: number }[] = [];
  for await (const { path, modified } of table.store.walk(PROMOTED)) {
    if (used.has(path)) continue;
    const at = since.get(path) ?? modified;
    if (at < now - GRACE_MS) await table.store.remove(path);
    else if (since.has(path)) replaced.push({ path, at });
  }
  return replaced.sort((a, b) => (a.path < b.path ? -1 : 1));
}
