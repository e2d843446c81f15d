import { PROMOTED } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

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

/** The path, inside the lake, of the data file from which the one at `path` was made; undefined if it is no such file. */
export function madeFrom(path: string): string | undefined {
  const derived = DERIVED.find((folder) => path.startsWith(`${folder}/`));
  return derived && `${path.slice(derived.length + 1).replace(/\.[^./]*\.[^./]*$/, "")}.parquet`;
}

function stemOf(path: string): string {
  return path.replace(/\.parquet$/, "");
}

/** Deletes all that was made from the data files at `paths` (inside the lake). */
export async function removeDerived(store: LakeStore, paths: readonly string[]): Promise<void> {
  const stems = new Set(paths.map(stemOf));
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/"))));
  for (const derived of DERIVED) {
    for (const folder of folders) {
      await removeFrom(store, `${derived}/${folder}`, (stem) => stems.has(`${folder}/${stem}`));
    }
  }
}

/** Deletes all whose data file is no longer on the disk, such as a kill may leave. */
export async function removeOrphans(store: LakeStore): Promise<void> {
  for (const derived of DERIVED) {
    for (const app of await store.list(derived)) {
      for (const day of await store.list(`${derived}/${app}`)) {
        const own = `${derived}/${app}/${day}`;
        const made = await store.list(own);
        // Listed after them: a data file is always there before anything is made from it.
        const there = new Set((await store.list(`${app}/${day}`)).map(stemOf));
        if (made.length > 0) await removeFrom(store, own, (stem) => !there.has(stem));
      }
    }
  }
}

async function removeFrom(
  store: LakeStore,
  folder: string,
  isMeant: (stem: string) => boolean,
): Promise<void> {
  const names = await store.list(folder);
  const meant = names.filter((name) => isMeant(name.replace(/\.[^.]*\.[^.]*$/, "")));
  for (const name of meant) await store.remove(`${folder}/${name}`);
  if (meant.length > 0) await store.sync(folder);
}
