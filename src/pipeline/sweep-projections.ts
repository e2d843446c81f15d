import { diskFiles } from "../lake/files.js";
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
  for (const app of await diskFiles.list(table.filePath(PROMOTED))) {
    for (const day of await diskFiles.list(table.filePath(`${PROMOTED}/${app}`))) {
      const folder = `${PROMOTED}/${app}/${day}`;
      for (const name of await diskFiles.list(table.filePath(folder))) {
        const path = `${folder}/${name}`;
        if (used.has(path)) continue;
        const at = since.get(path) ?? (await diskFiles.stat(table.filePath(path)))?.modified ?? 0;
        if (at < now - GRACE_MS) await diskFiles.remove(table.filePath(path));
        else if (since.has(path)) replaced.push({ path, at });
      }
    }
  }
  return replaced;
}
