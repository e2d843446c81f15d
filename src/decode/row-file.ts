import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { parquetFooter } from "./parquet-footer.js";
import { type RowGroup, writeRowGroup } from "./row-group.js";
import { COLUMNS, type DecoderExports } from "./wasm.js";
import type { Compress } from "./zstd.js";

const MAGIC = Buffer.from("PAR1");
/**
 * Where small pieces are gathered for one write, empty between the calls of a file's methods: pieces that were kept until a row
 * group is whole outlive the collection of young garbage, and the memory of a long run grows by them.
 */
const room = Buffer.allocUnsafeSlow(2 ** 18);

/** A Parquet file that is being written from the decoder's columns: zstd, dictionaries where they save room. */
export class RowFile {
  private readonly groups: RowGroup[] = [];
  private readonly hash = createHash("sha256");
  /** Bytes so far. */
  bytes = 0;
  rows = 0;
  private gathered = 0;

  private constructor(
    readonly path: string,
    private readonly file: number,
    private readonly columns: readonly number[],
    private readonly compress: Compress,
  ) {
    this.write(MAGIC);
    this.flush();
  }

  /** Makes the file; there must be none yet. `without` names a column that it does not have. */
  static create(path: string, compress: Compress, without?: string): RowFile {
    const columns = [...COLUMNS.keys()].filter((index) => COLUMNS[index]!.name !== without);
    return new RowFile(path, openSync(path, "wx"), columns, compress);
  }

  /** Takes all rows that the decoder holds, as one row group. */
  takeRows(decoder: DecoderExports): void {
    const group = writeRowGroup(decoder, this.columns, this.bytes, this.compress, this.write);
    this.flush();
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
      this.write(footer);
      this.write(length);
      this.write(MAGIC);
      this.flush();
      return this.hash.digest("hex");
    } finally {
      closeSync(this.file);
    }
  }

  /** Closes the file as it is; nobody will read it. */
  abandon(): void {
    closeSync(this.file);
  }

  private readonly write = (piece: Uint8Array): void => {
    for (let at = 0; at < piece.length; ) {
      if (this.gathered === room.length) this.flush();
      const part = piece.subarray(at, at + room.length - this.gathered);
      room.set(part, this.gathered);
      this.gathered += part.length;
      this.bytes += part.length;
      at += part.length;
    }
  };

  private flush(): void {
    const bytes = room.subarray(0, this.gathered);
    const start = this.bytes - bytes.length;
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.file, bytes, at, bytes.length - at, start + at);
    }
    this.hash.update(bytes);
    this.gathered = 0;
  }
}
