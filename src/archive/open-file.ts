import { type FileHandle, open } from "node:fs/promises";
import { UsageError } from "../errors/index.js";
import { quote } from "./refuse.js";

/** Opens the file at `path` to be read. Throws UsageError if it cannot be opened, or is no file. */
export async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(
      `${quote(path)} cannot be opened: ${reason}.`,
      "Check the path and who may read it.",
      {
        cause: error,
      },
    );
  }
  await file.close();
  throw new UsageError(`${quote(path)} is not a file.`, "Name a zip, a .json.gz or a file of NDJSON.");
}
