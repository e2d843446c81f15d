import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import {
  type DecodedFile,
  type DecodedMember,
  Decoder,
  type DecoderOptions,
  type RejectedLine,
} from "../../src/decode/decoder.js";
import type { Value } from "../../src/engine/column-type.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { pathList } from "../../src/engine/sql-text.js";
import { EXTRA, FIELDS } from "../../src/event.js";

const FILE_COLUMNS = [...FIELDS, { name: EXTRA, kind: "json" }];

/** The columns of a file that keeps `app`, in their order. */
export const COLUMN_NAMES: readonly string[] = FILE_COLUMNS.map(({ name }) => name);

/** Texts as bytes, because @duckdb/node-api 1.5.6 drops a U+FEFF at the start of a text. */
const SELECTED = FILE_COLUMNS.map(({ name, kind }) =>
  kind === "text" || kind === "json" ? `encode("${name}")` : `"${name}"`,
);

/** What the decoder made of some members. */
export interface Decoded {
  readonly members: readonly DecodedMember[];
  readonly rejected: readonly RejectedLine[];
  readonly files: readonly DecodedFile[];
}

/** A decoded row: its values in the order of COLUMN_NAMES. */
export type Row = readonly Value[];

/** How to feed the decoder, beside its own options. */
export interface Feeding extends Partial<DecoderOptions> {
  /** The size of the next piece, in bytes; what is larger than the decoder's target is cut. Default: all that fits. */
  readonly nextPiece?: () => number;
  /** Called after each piece with the decoder's whole memory in bytes. */
  readonly onMemory?: (bytes: number) => void;
}

/** A folder for files and an engine that reads them, for the tests of one file. */
export class Decoding {
  private fileCount = 0;

  private constructor(
    readonly engine: Engine,
    readonly folder: string,
  ) {}

  /** Opens before the tests of the calling file and is removed after them. */
  static forThisFile(): { readonly use: () => Decoding } {
    let opened: Decoding | undefined;
    beforeAll(async () => {
      opened = new Decoding(
        await openEngine({ threads: 2 }),
        mkdtempSync(join(tmpdir(), "ampframe-decode-")),
      );
    });
    afterAll(() => {
      opened?.engine.close();
      if (opened) rmSync(opened.folder, { recursive: true });
    });
    return {
      use: () => {
        if (!opened) throw new Error("Only within a test.");
        return opened;
      },
    };
  }

  /** A path that no file has yet. */
  readonly filePath = (): string => join(this.folder, `${this.fileCount++}.parquet`);

  /** Decodes members, one after the other, with one decoder; by default all rows go into one file, in their order. */
  async decode(members: readonly Uint8Array[], feeding: Feeding = {}): Promise<Decoded> {
    const { nextPiece, onMemory, ...options } = feeding;
    const rejected: RejectedLine[] = [];
    const decoder = await Decoder.create({
      filePath: this.filePath,
      onRejected: (line) => rejected.push(line),
      partitioned: false,
      ...options,
    });
    const decoded: DecodedMember[] = [];
    const files: DecodedFile[] = [];
    for (const member of members) {
      decoder.startMember();
      for (let at = 0; at < member.length; ) {
        const target = decoder.target();
        const bytes = Math.min(nextPiece?.() ?? target.length, target.length, member.length - at);
        target.set(member.subarray(at, at + bytes));
        decoder.take(bytes);
        onMemory?.(decoder.memoryBytes);
        files.push(...decoder.takeFiles());
        at += bytes;
      }
      decoded.push(decoder.endMember());
    }
    decoder.endFiles();
    files.push(...decoder.takeFiles());
    return { members: decoded, rejected, files };
  }

  /** The rows of files of one kind, file after file in their order, without `app` if they have none. */
  async rowsOf(...files: readonly DecodedFile[]): Promise<Row[]> {
    const [kind, ...others] = new Set(files.map(({ kind }) => kind));
    expect(others).toEqual([]);
    const columns = SELECTED.filter((_, column) => kind !== "part" || COLUMN_NAMES[column] !== "app");
    const paths = pathList(files.map(({ path }) => path));
    const sql = `SELECT ${columns.join(", ")} FROM read_parquet(${paths}, hive_partitioning = false)`;
    const found = await this.engine.query(sql);
    expect(found.length).toBe(files.reduce((sum, { rows }) => sum + rows, 0));
    return found.rows().map((row) => row.map(plain));
  }

  /** The rows of all files in their order; the files are removed. */
  async allRows(decoded: Decoded): Promise<Row[]> {
    const rows: Row[] = [];
    for (const file of decoded.files) {
      for (const row of await this.rowsOf(file)) rows.push(row);
      rmSync(file.path);
    }
    return rows;
  }
}

function plain(value: Value): Value {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
}
