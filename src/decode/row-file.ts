import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync, writevSync } from "node:fs";
import { parquetFooter } from "./parquet-footer.js";
import { type RowGroup, rowGroupOf } from "./row-group.js";
import { COLUMNS, type DecoderExports } from "./wasm.js";
import type { Compress } from "./zstd.js";

const MAGIC = Buffer.from("PAR1");

/** A Parquet file that is being written from the decoder's columns: zstd, dictionaries where they save room. */
export class RowFile {
  private position = 0;
  private readonly groups: RowGroup[] = [];
  private readonly hash = createHash("sha256");
  rows = 0;

  private constructor(
    readonly path: string,
    private readonly file: number,
    private readonly columns: readonly number[],
    private readonly compress: Compress,
  ) {
    this.write([MAGIC]);
  }

  /** Makes the file; there must be none yet. `without` names a column that it does not have. */
  static create(path: string, compress: Compress, without?: string): RowFile {
    const columns = [...COLUMNS.keys()].filter((index) => COLUMNS[index]!.name !== without);
    return new RowFile(path, openSync(path, "wx"), columns, compress);
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.position;
  }

  /** Takes all rows that the decoder holds, as one row group. */
  takeRows(decoder: DecoderExports): void {
    const { group, pieces } = rowGroupOf(decoder, this.columns, this.position, this.compress);
    this.write(pieces);
    this.groups.push(group);
    this.rows += group.rows;
    decoder.clearRows();
  }

  /** Ends the file, and gives the SHA-256 of what was written. */
  finish(): string {
    try {
      const footer = parquetFooter(
        this.columns.map((index) => COLUMNS[index]!),
        this.groups,
      );
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      this.write([footer, length, MAGIC]);
      return this.hash.digest("hex");
    } finally {
      closeSync(this.file);
    }
  }

  /** Closes the file as it is; nobody will read it. */
  abandon(): void {
    closeSync(this.file);
  }

  private write(pieces: readonly Uint8Array[]): void {
    const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
    let written = writevSync(this.file, pieces, this.position);
    if (written < total) {
      const all = Buffer.concat(pieces);
      while (written < total) {
        written += writeSync(this.file, all, written, total - written, this.position + written);
      }
    }
    for (const piece of pieces) this.hash.update(piece);
    this.position += total;
  }
}
