import { dirname, join } from "node:path";
import { errorCode, type LakeFiles } from "./files.js";

/**
 * Makes the folder `path` (with `/`) under `root`, with all between them, where they are missing. Their names
 * are on the disk when it returns, even those that a killed run had made. Returns the absolute path.
 */
export async function ensureFolder(root: string, path: string, files: LakeFiles): Promise<string> {
  let folder = root;
  for (const part of path.split("/").filter((part) => part !== "")) {
    await files.makeFolder(join(folder, part));
    await files.syncFolder(folder);
    folder = join(folder, part);
  }
  return folder;
}

/** The same for the folder of a lake and all above it. A parent that may not be read is left unsynced. */
export async function ensureRoot(root: string, files: LakeFiles): Promise<void> {
  const above = dirname(root);
  try {
    await files.makeFolder(root);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || above === root) throw error;
    await ensureRoot(above, files);
    await files.makeFolder(root);
  }
  try {
    await files.syncFolder(above);
  } catch (error) {
    if (errorCode(error) !== "EACCES") throw error;
  }
}
