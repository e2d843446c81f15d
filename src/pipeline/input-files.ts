import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "../errors/index.js";
import { isBucketUrl } from "../lake/store/bucket-url.js";
import { bucketFiles } from "./bucket-files.js";

/** Names of files in a folder that are taken for events; a file named by the user is taken whatever its name. */
const EVENT_FILE = /\.(zip|gz|json|ndjson|jsonl)$/i;
const HIDDEN = /^[._]/;

/** A file to load. */
export interface InputFile {
  /** On this machine, or the address of an object. */
  readonly path: string;
  readonly bytes: number;
  /** Of an object: brings it to this machine, where it lies at `at` until `release` is called. */
  readonly bring?: (signal: AbortSignal | undefined) => Promise<BroughtFile>;
}

/** A file that was brought to this machine. */
export interface BroughtFile {
  /** Absolute; ends with the object's own name. */
  readonly at: string;
  readonly release: () => Promise<void>;
}

/** What was found at the paths. */
export interface InputFiles {
  readonly files: readonly InputFile[];
  /** Files in folders that are not events by their names. */
  readonly others: readonly string[];
  /** Gives back what was taken to read objects. */
  close(): Promise<void>;
}

/**
 * The files that `paths` mean, in the natural order of their names (hour 2 before hour 10): files as they are,
 * folders with all that lies in them and is named as events are, and so do addresses of buckets. Throws UsageError if a path
 * is not there, or a folder holds no events; LakeError if a bucket cannot be read.
 */
export async function inputFiles(paths: readonly string[]): Promise<InputFiles> {
  const found = new Map<string, InputFile>();
  const others: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  for (const path of paths) {
    const isBucket = isBucketUrl(path);
    const count = isBucket
      ? await collectObjects(path, found, others, closing)
      : await collect(path, found, others);
    if (count === 0) {
      throw new UsageError(
        `The ${isBucket ? "bucket's" : "folder"} ${path} holds no file of events: .zip, .json.gz, .json, .ndjson or .jsonl were expected.`,
        "Name the folder into which the exports were saved, or the files themselves.",
      );
    }
  }
  const natural = new Intl.Collator("en", { numeric: true });
  const files = [...found.values()].sort(
    (a, b) => natural.compare(basename(a.path), basename(b.path)) || natural.compare(a.path, b.path),
  );
  return { files, others, close: async () => void (await Promise.all(closing.map((close) => close()))) };
}

/** As `collect`, of a bucket; a single object is taken whatever its name. */
async function collectObjects(
  address: string,
  found: Map<string, InputFile>,
  others: string[],
  closing: (() => Promise<void>)[],
): Promise<number> {
  const { files, close } = await bucketFiles(address);
  closing.push(close);
  let count = 0;
  for (const file of files) {
    const name = basename(file.path);
    if (HIDDEN.test(name)) continue;
    if (files.length > 1 && !EVENT_FILE.test(name)) others.push(file.path);
    else {
      found.set(file.path, file);
      count += 1;
    }
  }
  return count;
}

/** Adds what is at `path` and gives the number of files that were taken for events. */
async function collect(path: string, found: Map<string, InputFile>, others: string[]): Promise<number> {
  const stats = await stat(path).catch((cause) => {
    throw new UsageError(
      `${path} cannot be read: there is no such file or folder, or no right to it.`,
      "Check the path.",
      { cause },
    );
  });
  if (!stats.isDirectory()) {
    found.set(path, { path, bytes: stats.size });
    return 1;
  }
  let count = 0;
  for (const { name } of await readdir(path, { withFileTypes: true })) {
    if (HIDDEN.test(name)) continue;
    const inner = join(path, name);
    if (EVENT_FILE.test(name) || (await stat(inner)).isDirectory()) {
      count += await collect(inner, found, others);
    } else {
      others.push(inner);
    }
  }
  return count;
}
