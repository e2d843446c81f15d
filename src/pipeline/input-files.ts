import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "../errors/index.js";

/** Names of files in a folder that are taken for events; a file named by the user is taken whatever its name. */
const EVENT_FILE = /\.(zip|gz|json|ndjson|jsonl)$/i;
const HIDDEN = /^[._]/;
const natural = new Intl.Collator("en", { numeric: true });

/** A file to load. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * The files that `paths` mean, in the natural order of their names (hour 2 before hour 10): files as they are,
 * folders with all that lies in them and looks like events. Throws UsageError if a path is not there.
 */
export async function inputFiles(paths: readonly string[]): Promise<InputFile[]> {
  const found = new Map<string, InputFile>();
  for (const path of paths) {
    const files = await filesAt(path);
    if (files.length === 0) {
      throw new UsageError(
        `The folder ${path} holds no file of events: .zip, .json.gz, .json, .ndjson or .jsonl were expected.`,
        "Name the folder into which the exports were saved, or the files themselves.",
      );
    }
    for (const file of files) found.set(file.path, file);
  }
  return [...found.values()].sort(
    (a, b) => natural.compare(basename(a.path), basename(b.path)) || natural.compare(a.path, b.path),
  );
}

async function filesAt(path: string): Promise<InputFile[]> {
  const stats = await stat(path).catch((cause) => {
    throw new UsageError(
      `${path} cannot be read: there is no such file or folder, or no right to it.`,
      "Check the path.",
      {
        cause,
      },
    );
  });
  if (!stats.isDirectory()) return [{ path, bytes: stats.size }];
  const files: InputFile[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (HIDDEN.test(entry.name)) continue;
    const inner = join(path, entry.name);
    if (entry.isDirectory()) files.push(...(await filesAt(inner)));
    else if (EVENT_FILE.test(entry.name)) files.push({ path: inner, bytes: (await stat(inner)).size });
  }
  return files;
}
