import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { QueryOptions } from "../../engine/engine.js";
import { UsageError } from "../../errors/index.js";
import type { Frame } from "../frame.js";
import { besideOf, writeError } from "./beside.js";
import { chunksOf } from "./chunks.js";
import { checkedForm, type FileForm, formOf, type WriteFormat } from "./format.js";
import { writePartitions } from "./partitions.js";
import { checkPlaceOfFile, checkPlaceOfFolder, removeEmpty } from "./place.js";
import { synced } from "./synced.js";
import { FILE_WRITERS } from "./whole-file.js";

/** A file's path, or a stream such as process.stdout, which is not ended. */
export type WriteTarget = string | Writable;

/** How a frame is written. */
export interface WriteOptions extends QueryOptions {
  /** Outranks the file's name; needed for a stream. */
  readonly format?: WriteFormat | undefined;
  /** Gzips csv, ndjson and json. Default: whether the file's name ends in `.gz`. */
  readonly gzip?: boolean | undefined;
  /**
   * For csv: write `'` before text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, so that no
   * spreadsheet runs it as a formula. Default false, because it changes the data: use it for files that people
   * open in a spreadsheet.
   */
  readonly escapeFormulas?: boolean | undefined;
  /**
   * Writes a folder in place of a file: in it a folder `name=value` for each value of each of these, and files in
   * the innermost, as Hive, Spark, pandas and DuckDB read them. Each is a column, or `day` or `month`, which are
   * those of `event_time` in UTC. For parquet (the default), csv and ndjson. The columns named are not in Parquet
   * files, since their folders say them; lines keep all. The folder must be new or empty.
   */
  readonly partitionBy?: string | readonly string[] | undefined;
}

/** What was written. */
export interface Written {
  /** The file, or the folder of a partitioned one. Undefined for a stream. */
  readonly file: string | undefined;
  readonly format: WriteFormat;
  readonly rows: number;
  /** Bytes in the file, the files or the stream. */
  readonly bytes: number;
  /** With `partitionBy`: how many files there are. */
  readonly files?: number | undefined;
}

/** Writes all rows of `frame`; see `Frame.write`. Throws UsageError, QueryError, CancelledError. */
export async function writeFrame<Row>(
  frame: Frame<Row>,
  target: WriteTarget,
  options: WriteOptions,
): Promise<Written> {
  await frame.ready(options);
  if (options.partitionBy !== undefined) return writeFolder(frame, target, options);
  const form = checkedFormOf(target, options);
  const file = typeof target === "string" ? target : undefined;
  const folder = file === undefined ? await mkdtemp(join(tmpdir(), "ampframe-write-")) : dirname(file);
  const beside = besideOf(join(folder, basename(file ?? "rows")));
  try {
    if (file !== undefined) await checkPlaceOfFile(file);
    const figures = await writeTo(frame, form, target, beside, options);
    if (file !== undefined) await rename(beside, file);
    return { file, format: form.format, ...figures };
  } catch (thrown) {
    throw writeError(thrown, file, options.signal);
  } finally {
    await rm(file === undefined ? folder : beside, { recursive: true, force: true });
  }
}

async function writeFolder<Row>(
  frame: Frame<Row>,
  target: WriteTarget,
  options: WriteOptions,
): Promise<Written> {
  if (typeof target !== "string") {
    throw new UsageError("A stream cannot be partitioned.", "Name a folder, or leave out partitionBy.");
  }
  const form = checkedForm({ format: options.format ?? "parquet", gzip: options.gzip ?? false });
  const folder = resolve(target);
  const beside = besideOf(folder);
  try {
    await checkPlaceOfFolder(folder);
    await mkdir(beside);
    const rows = await writePartitions(frame, form, beside, {
      ...options,
      partitionBy: [options.partitionBy ?? []].flat(),
    });
    const figures = await synced(beside);
    await removeEmpty(folder);
    await rename(beside, folder);
    return { file: target, format: form.format, rows, ...figures };
  } catch (thrown) {
    throw writeError(thrown, target, options.signal);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

type Figures = Pick<Written, "rows" | "bytes">;

async function writeTo<Row>(
  frame: Frame<Row>,
  { format, gzip }: FileForm,
  target: WriteTarget,
  beside: string,
  options: WriteOptions,
): Promise<Figures> {
  if (isFileFormat(format)) {
    const rows = await FILE_WRITERS[format](frame, beside, options);
    const { bytes } = await synced(beside);
    if (typeof target !== "string") await pipeline(createReadStream(beside), target, { end: false });
    return { rows, bytes };
  }
  await frame.ready(options);
  const chunks = chunksOf(frame, format, options);
  let bytes = 0;
  const metered = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      bytes += piece.length;
      yield piece;
    }
  };
  const encoded = Readable.from(utf8(chunks.pieces), { objectMode: false });
  const squeezed = gzip ? encoded.pipe(createGzip()) : encoded;
  if (gzip) encoded.on("error", (error) => squeezed.destroy(error));
  const end = typeof target === "string";
  const sink = end ? createWriteStream(beside, { flags: "wx", flush: true }) : target;
  await pipeline(squeezed, metered, sink, { end, ...(options.signal && { signal: options.signal }) });
  return { rows: chunks.rows(), bytes };
}

async function* utf8(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    yield typeof piece === "string"
      ? Buffer.from(piece)
      : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
}

function isFileFormat(format: WriteFormat): format is keyof typeof FILE_WRITERS {
  return format in FILE_WRITERS;
}

function checkedFormOf(target: WriteTarget, { format, gzip }: WriteOptions): FileForm {
  if (typeof target === "string") {
    const form = formOf(target, format);
    return checkedForm({ format: form.format, gzip: gzip ?? form.gzip });
  }
  if (format !== undefined) return checkedForm({ format, gzip: gzip ?? false });
  throw new UsageError(
    "A stream has no name to tell the format by.",
    'Give the format, such as { format: "csv" }.',
  );
}
