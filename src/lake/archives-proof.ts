import type { InputAccount } from "./account.js";
import { type Fault, unequal } from "./fault.js";
import { ARCHIVES } from "./paths.js";
import { fileSha256 } from "./sha256.js";
import type { LakeStore } from "./store/lake-store.js";

/** What the accounts say of the archives of each source: by its id, then by the archive's name, the newest last. */
export type AccountedArchives = ReadonlyMap<string, ReadonlyMap<string, readonly Archive[]>>;
export type Archive = Pick<InputAccount, "bytes" | "sha256">;

/** An archive that is kept as it came. */
export interface KeptArchive {
  readonly source: string;
  readonly name: string;
  /** Inside the lake. */
  readonly path: string;
}

/** The archives under `_ampframe/archives/`, in order. Whoever does not keep them has none. */
export async function keptArchives(store: LakeStore): Promise<KeptArchive[]> {
  const kept: KeptArchive[] = [];
  for (const source of (await store.list(ARCHIVES)).sort()) {
    for (const name of (await store.list(`${ARCHIVES}/${source}`)).sort()) {
      kept.push({ source, name, path: `${ARCHIVES}/${source}/${name}` });
    }
  }
  return kept;
}

/**
 * Where a kept archive is not one that came under its name. One that an earlier commit took in is as good as the
 * newest, for it is put away only after the commit.
 */
export async function wrongArchive(
  store: LakeStore,
  { source, name, path }: KeptArchive,
  accounted: AccountedArchives,
): Promise<Fault[]> {
  const came = accounted.get(source)?.get(name) ?? [];
  const newest = came.at(-1);
  if (!newest) return [{ what: path, found: "an archive", expected: "none: no account names it" }];
  const sha256 = await fileSha256(path, store);
  if (came.some((archive) => archive.sha256 === sha256)) return [];
  const size = (await store.stat(path))?.bytes ?? 0;
  return [
    ...unequal(path, size, newest.bytes, "bytes"),
    { what: path, found: `SHA-256 ${sha256}`, expected: `SHA-256 ${newest.sha256}` },
  ];
}
