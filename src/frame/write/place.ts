import { readdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../../errors/index.js";

/** Throws UsageError unless a file can be written at `file`, new or in place of another. */
export async function checkPlaceOfFile(file: string): Promise<void> {
  await checkAround(file);
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw new UsageError(`${file} is a folder.`, "Name a file in it.");
}

/** Throws UsageError unless a folder can be put at `folder`, where nothing is, or an empty folder. */
export async function checkPlaceOfFolder(folder: string): Promise<void> {
  await checkAround(folder);
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined) return;
  if (!there.isDirectory()) throw new UsageError(`${folder} is a file.`, "Name a folder for the partitions.");
  if ((await readdir(folder)).length > 0) {
    throw new UsageError(
      `The folder ${folder} is not empty.`,
      "Name a new one, or empty it first: its files would be taken for rows of these.",
    );
  }
}

/** Takes an empty folder out of the way of the one that is to be put there. */
export async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function checkAround(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new UsageError(`The folder ${dirname(path)} does not exist.`, "Make it, or write somewhere else.");
  }
}
