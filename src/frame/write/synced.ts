import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Files, and their bytes. */
export interface FilesOnDisk {
  readonly files: number;
  readonly bytes: number;
}

/** Makes sure that the file at `path`, or every file below it, is on the disk. Gives their number and bytes. */
export async function synced(path: string): Promise<FilesOnDisk> {
  if ((await stat(path)).isDirectory()) {
    let [files, bytes] = [0, 0];
    for (const name of await readdir(path)) {
      const below = await synced(join(path, name));
      files += below.files;
      bytes += below.bytes;
    }
    return { files, bytes };
  }
  const handle = await open(path, "r+");
  try {
    await handle.sync();
    return { files: 1, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}
