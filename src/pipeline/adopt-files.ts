import { createHash, randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.js";
import { readFooter } from "../engine/every-row.js";
import { CancelledError, LakeError } from "../errors/index.js";
import type { StagedFile } from "../lake/change.js";
import { errorCode } from "../lake/files.js";
import type { LakeTable } from "../lake/table.js";

/** A Parquet file that another engine has written into the lake's place, and what that engine counted in it. */
export type WrittenFile = Omit<StagedFile, "path" | "sha256" | "bytes"> & {
  /** Inside the lake, in this run's `stagingInLake`: a commit gives it its name among the data files. */
  readonly path: string;
};

/** A footer of our events is some hundred kB; it is kept while the file streams by. */
const TAIL_BYTES = 16 * 2 ** 20;
const MAGIC = "PAR1";

/**
 * Makes files that another engine has written ready for a commit, as a `Change` takes them: each is streamed once for its SHA-256
 * and length, and its footer is held against what that engine says and against the columns of the lake. `engine` is this machine's.
 * The rows are not read here: that they are the right ones the caller must have proven.
 *
 * Throws LakeError if a file is not there, or not as it should be, or is not where this lake lies; CancelledError.
 */
export async function adoptFiles(
  table: LakeTable,
  engine: Engine,
  files: readonly WrittenFile[],
  signal?: AbortSignal,
): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  for (const file of files) {
    const name = table.store.nameOf(file.path);
    if (table.store.folder !== undefined) await table.store.disk.sync(name).catch(missing(name));
    const { sha256, bytes, tail } = await streamed(table, file.path, signal).catch(missing(name));
    await checkFooter(table, engine, file, bytes, tail);
    staged.push({ ...file, path: name, sha256, bytes });
  }
  return staged;
}

async function streamed(table: LakeTable, path: string, signal: AbortSignal | undefined) {
  const hash = createHash("sha256");
  let [bytes, tail, kept]: [number, Buffer[], number] = [0, [], 0];
  for await (const piece of table.store.stream(path)) {
    if (signal?.aborted) {
      throw new CancelledError("Taking in what was written was cancelled.", "Run the command again.", {
        cause: signal.reason,
      });
    }
    hash.update(piece);
    bytes += piece.length;
    tail.push(piece);
    kept += piece.length;
    while (kept - (tail[0]?.length ?? 0) >= TAIL_BYTES) kept -= tail.shift()?.length ?? 0;
  }
  return { sha256: hash.digest("hex"), bytes, tail: Buffer.concat(tail) };
}

/** The engine reads files of this machine: it gets one of the same length, with a hole where the rows are. */
async function checkFooter(
  table: LakeTable,
  engine: Engine,
  { path, rows }: WrittenFile,
  bytes: number,
  tail: Buffer,
): Promise<void> {
  const shell = join(await table.stagingDir(), `${randomUUID()}-footer.parquet`);
  try {
    const file = await open(shell, "wx");
    try {
      await file.write(MAGIC, 0);
      await file.write(tail, 0, tail.length, bytes - tail.length);
    } finally {
      await file.close();
    }
    const footer = await readFooter(engine, shell);
    if (footer.wrongColumns.length > 0) {
      throw new LakeError(
        `${table.store.nameOf(path)}, which another engine wrote, has columns that are not the lake's: ${footer.wrongColumns.join(", ")}.`,
        "Nothing was changed. See docs/spark.md for the settings of the cluster.",
      );
    }
    if (footer.rows === rows) return;
    throw new LakeError(
      `${table.store.nameOf(path)} has ${footer.rows} rows by its footer; the engine that wrote it counted ${rows}.`,
      "Nothing was changed. Run the command again.",
    );
  } finally {
    await rm(shell, { force: true });
  }
}

function missing(name: string): (error: unknown) => never {
  return (error) => {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new LakeError(
      `The other engine said that it had written ${name}, which is not there.`,
      "Nothing was changed. Check that the path or URL by which it finds the lake is this lake.",
      { cause: error },
    );
  };
}
