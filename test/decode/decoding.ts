import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import {
  Decoder,
  type DecoderOptions,
  type LineCounts,
  type RejectedLine,
  type SpoolContent,
} from "../../src/decode/decoder.js";
import type { Value } from "../../src/engine/column-type.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Engine } from "../../src/engine/engine.js";
import { EXTRA, FIELDS } from "../../src/event.js";

const SPOOL_COLUMNS = [...FIELDS, { name: EXTRA, kind: "json" }];

/** The columns of a spool in their order. */
export const COLUMN_NAMES: readonly string[] = SPOOL_COLUMNS.map(({ name }) => name);

/** Texts as bytes, because @duckdb/node-api 1.5.6 drops a U+FEFF at the start of a text. */
const SELECTED = SPOOL_COLUMNS.map(({ name, kind }) =>
  kind === "text" || kind === "json" ? `encode("${name}")` : `"${name}"`,
);

/** What the decoder made of some members. */
export interface Decoded {
  /** Of each member. */
  readonly counts: readonly LineCounts[];
  readonly rejected: readonly RejectedLine[];
  readonly spools: readonly SpoolContent[];
}

/** A decoded row: its values in the order of COLUMN_NAMES. */
export type Row = readonly Value[];

/** How to feed the decoder, beside its own options. */
export interface Feeding extends Partial<DecoderOptions> {
  /** The size of the next piece, in bytes; what is larger than the decoder's target is cut. Default: all that fits. */
  readonly nextPiece?: () => number;
  /** Whether `settle` is called after each piece. Default true. */
  readonly settled?: boolean;
  /** Called after each piece with the decoder's whole memory in bytes. */
  readonly onMemory?: (bytes: number) => void;
}

/** A folder for spools and an engine that reads them, for the tests of one file. */
export class Decoding {
  private spoolCount = 0;

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

  /** A path that no spool has yet. */
  readonly spoolPath = (): string => join(this.folder, `${this.spoolCount++}.parquet`);

  /** Decodes members, one after the other, with one decoder. */
  async decode(members: readonly Uint8Array[], feeding: Feeding = {}): Promise<Decoded> {
    const { nextPiece, settled = true, onMemory, ...options } = feeding;
    const rejected: RejectedLine[] = [];
    const decoder = await Decoder.create({
      spoolPath: this.spoolPath,
      onRejected: (line) => rejected.push(line),
      filterLogBytes: 12,
      ...options,
    });
    const counts: LineCounts[] = [];
    const spools: SpoolContent[] = [];
    const takeSpools = () => {
      for (let spool = decoder.takeSpool(); spool; spool = decoder.takeSpool()) spools.push(spool);
    };
    for (const member of members) {
      decoder.startMember();
      for (let at = 0; at < member.length; ) {
        const target = decoder.target();
        const bytes = Math.min(nextPiece?.() ?? target.length, target.length, member.length - at);
        target.set(member.subarray(at, at + bytes));
        decoder.take(bytes);
        onMemory?.(target.buffer.byteLength);
        if (settled) await decoder.settle();
        takeSpools();
        at += bytes;
      }
      counts.push(decoder.endMember());
    }
    await decoder.endSpool();
    takeSpools();
    return { counts, rejected, spools };
  }

  /** The rows of a spool in their order; the columns that it says are empty must be. */
  async rowsOf(spool: SpoolContent): Promise<Row[]> {
    const counts = COLUMN_NAMES.map((name) => `count("${name}")`).join(", ");
    const counted = await this.engine.query(`SELECT ${counts} FROM read_parquet($1)`, [spool.path]);
    const filled = counted.rows()[0]!.map((count) => count !== 0n);
    expect(spool.empty).toEqual(COLUMN_NAMES.filter((_, column) => !filled[column]));
    const selected = SELECTED.filter((_, column) => filled[column]).join(", ");
    const found = await this.engine.query(`SELECT ${selected} FROM read_parquet($1)`, [spool.path]);
    return found.rows().map((row) => {
      const values = row.values();
      return filled.map((has) => (has ? plain(values.next().value ?? null) : null));
    });
  }

  /** The rows of all spools in their order; the spools are removed. */
  async allRows(decoded: Decoded): Promise<Row[]> {
    const rows: Row[] = [];
    for (const spool of decoded.spools) {
      for (const row of await this.rowsOf(spool)) rows.push(row);
      rmSync(spool.path);
    }
    return rows;
  }
}

function plain(value: Value): Value {
  if (!(value instanceof Uint8Array)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString();
}
