import type { LakeFiles } from "./files.js";
import { inLake, PROMOTED } from "./paths.js";

/**
 * Folders of files that are made from one data file each, to read faster, and may be deleted at any time. In them
 * `app=…/upload_date=…/part-x.parquet` has files named `app=…/upload_date=…/part-x.<id>.<extension>`, no
 * dot in either. They hold what the data file holds, a person's data too, and so go when it goes.
 */
const DERIVED: readonly string[] = [PROMOTED];

/** Path, inside the lake, in the folder `derived` for something made from the data file at `path`; `ending` is `<id>.<extension>`. */
export function derivedPath(derived: string, path: string, ending: string): string {
  return `${derived}/${stemOf(path)}.${ending}`;
}

function stemOf(path: string): string {
  return path.replace(/\.parquet$/, "");
}

/** Deletes all that was made from the data files at `paths` (inside the lake). */
export async function removeDerived(dir: string, paths: readonly string[], files: LakeFiles): Promise<void> {
  const stems = new Set(paths.map(stemOf));
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/"))));
  for (const derived of DERIVED) {
    for (const folder of folders) {
      await removeFrom(dir, `${derived}/${folder}`, (stem) => stems.has(`${folder}/${stem}`), files);
    }
  }
}

/** Deletes all whose data file is no longer on the disk, such as a kill may leave. */
export async function removeOrphans(dir: string, files: LakeFiles): Promise<void> {
  for (const derived of DERIVED) {
    for (const app of await files.list(inLake(dir, derived))) {
      for (const day of await files.list(inLake(dir, `${derived}/${app}`))) {
        const own = `${derived}/${app}/${day}`;
        const made = await files.list(inLake(dir, own));
        // Listed after them: a data file is always there before anything is made from it.
        const there = new Set((await files.list(inLake(dir, `${app}/${day}`))).map(stemOf));
        if (made.length > 0) await removeFrom(dir, own, (stem) => !there.has(stem), files);
      }
    }
  }
}

async function removeFrom(
  dir: string,
  folder: string,
  isMeant: (stem: string) => boolean,
  files: LakeFiles,
): Promise<void> {
  const names = await files.list(inLake(dir, folder));
  const meant = names.filter((name) => isMeant(name.replace(/\.[^.]*\.[^.]*$/, "")));
  for (const name of meant) await files.remove(inLake(dir, `${folder}/${name}`));
  if (meant.length > 0) await files.syncFolder(inLake(dir, folder));
}
