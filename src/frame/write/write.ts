import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { QueryOptions } from "../../engine/engine.js";
import { literal } from "../../engine/sql-text.js";
import { CancelledError, isAmpframeError, UsageError } from "../../errors/index.js";
import { castSql, parquetCast } from "../convert/cast-sql.js";
import type { Frame } from "../frame.js";
import { chunksOf } from "./chunks.js";
import { checkedForm, type FileForm, formOf, type WriteFormat } from "./format.js";

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
}

/** What was written. */
export interface Written {
  /** Undefined for a stream. */
  readonly file: string | undefined;
  readonly format: WriteFormat;
  readonly rows: number;
  /** Bytes in the file or stream. */
  readonly bytes: number;
}

/** Writes all rows of `frame`; see `Frame.write`. Throws UsageError, QueryError, CancelledError. */
export async function writeFrame<Row>(
  frame: Frame<Row>,
  target: WriteTarget,
  options: WriteOptions,
): Promise<Written> {
  const form = checkedFormOf(target, options);
  const file = typeof target === "string" ? target : undefined;
  const folder = file === undefined ? await mkdtemp(join(tmpdir(), "ampframe-write-")) : dirname(file);
  const beside = join(folder, `.${basename(file ?? "rows")}.${randomUUID().slice(0, 8)}.part`);
  try {
    if (file !== undefined) await checkPlace(file);
    const figures = await writeTo(frame, form, target, beside, options);
    if (file !== undefined) await rename(beside, file);
    return { file, format: form.format, ...figures };
  } catch (thrown) {
    throw writeError(thrown, file, options.signal);
  } finally {
    await rm(file === undefined ? folder : beside, { recursive: true, force: true });
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
  if (format === "parquet") {
    const figures = await writeParquet(frame, beside, options);
    if (typeof target !== "string") await pipeline(createReadStream(beside), target, { end: false });
    return figures;
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

async function writeParquet<Row>(frame: Frame<Row>, file: string, options: WriteOptions): Promise<Figures> {
  const { engine, sql, params } = await frame.statement();
  const select = castSql(sql, frame.schema, parquetCast);
  const copy = `COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`;
  const rows = Number((await engine.query(copy, params, options)).rows()[0]?.[0] ?? 0);
  const handle = await open(file, "r+");
  try {
    await handle.sync();
    return { rows, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
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

async function checkPlace(file: string): Promise<void> {
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new UsageError(`The folder ${dirname(file)} does not exist.`, "Make it, or write somewhere else.");
  }
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw new UsageError(`${file} is a folder.`, "Name a file in it.");
}

function writeError(thrown: unknown, file: string | undefined, signal: AbortSignal | undefined): unknown {
  if (isAmpframeError(thrown)) return thrown;
  if (signal?.aborted) {
    return new CancelledError("Writing was cancelled.", "No file was left behind; write it again.", {
      cause: thrown,
    });
  }
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === undefined || file === undefined) return thrown;
  return new UsageError(
    `${file} cannot be written (${code}).`,
    "Check the disk's space and your rights there.",
    {
      cause: thrown,
    },
  );
}
