import { ArchiveError } from "../errors/index.js";
import { type Hour, hourAt } from "../hour.js";
import { reasonInWords, startsPrettyJson } from "./reasons.js";
import { Spool } from "./spool.js";
import { type DecoderExports, instantiateDecoder, Wants } from "./wasm.js";

/** A line that could not be taken, with all that is needed to find it and to read it later. */
export interface RejectedLine {
  /** Counted from 1 within the member. */
  readonly line: number;
  /** Where the line begins in the member, in bytes after gunzip. */
  readonly offset: number;
  readonly reason: string;
  /** Where in the line the fault was seen, in bytes. */
  readonly place: number;
  readonly raw: Uint8Array;
}

/** How the lines of a member ended. `lines = loaded + quarantined + blank`. */
export interface LineCounts {
  readonly lines: number;
  readonly loaded: number;
  readonly quarantined: number;
  readonly blank: number;
}

/** How many rows a project has in an upload hour. */
export interface HourRows {
  readonly app: bigint | null;
  readonly hour: Hour;
  readonly rows: number;
}

/** A finished spool: a Parquet file of decoded rows, in the order of decoding. */
export interface SpoolContent {
  readonly path: string;
  readonly rows: number;
  readonly hours: readonly HourRows[];
  /** Rows, counted from 0, whose uuid may have occurred before in this decoder; all others are certain to be new. */
  readonly repeats: readonly number[];
  /** Columns that are null in all rows. */
  readonly empty: readonly string[];
}

export interface DecoderOptions {
  /** Gives the path of a new spool. */
  readonly spoolPath: () => string;
  readonly onRejected: (line: RejectedLine) => void;
  /** JSON bytes after which a spool is ended. Default 96 MiB. */
  readonly spoolBytes?: number;
  /** The longest line that is read, in bytes. Default 64 MiB; a longer one refuses its member. */
  readonly maxLineBytes?: number;
  /** Size of the filter for repeated uuids as a power of two, in bytes. Default 24 (16 MiB, good for 10 million). */
  readonly filterLogBytes?: number;
}

const CHUNK = 256 * 1024;
/** Rows, or bytes of JSON, after which rows leave memory; the decoder itself has room for a chunk more. */
const ROWS_OUT = 10_000;
const BYTES_OUT = 12 * 2 ** 20;
const LINE_FEED = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const HOUR_MS = 3_600_000;

/**
 * Turns NDJSON bytes of members into spools of typed rows. Bytes are written to `target()` and decoded, as far
 * as whole lines go, by `take()`; all of it is synchronous and in bounded memory.
 */
export class Decoder {
  private spool: Spool | undefined;
  private spooledBytes = 0;
  private repeats: number[] = [];
  private readonly hours = new Map<string, HourRows>();
  /** Bytes of an unfinished line at the start of the input. */
  private carry = 0;
  /** Where the input begins in the member. */
  private base = 0;
  private readonly finished: SpoolContent[] = [];

  private constructor(
    private readonly wasm: DecoderExports,
    private readonly options: Required<DecoderOptions>,
  ) {}

  static async create(options: DecoderOptions): Promise<Decoder> {
    const wasm = await instantiateDecoder();
    const all = {
      spoolBytes: 96 * 2 ** 20,
      maxLineBytes: 64 * 2 ** 20,
      filterLogBytes: 24,
      ...options,
    };
    wasm.resetFilter(all.filterLogBytes);
    return new Decoder(wasm, all);
  }

  startMember(): void {
    this.wasm.startMember();
    this.carry = 0;
    this.base = 0;
  }

  /** Where the next bytes of the member belong. Good until the next `take()`. */
  target(): Uint8Array {
    if (this.carry > this.options.maxLineBytes) {
      throw new ArchiveError(
        `Line ${this.wasm.lines.value + 1} is longer than ${this.options.maxLineBytes} bytes.`,
        "Check that the file holds one event per line.",
      );
    }
    this.wasm.ensureInput(this.carry + CHUNK);
    return new Uint8Array(this.wasm.memory.buffer, this.wasm.input.value + this.carry, CHUNK);
  }

  /** Decodes the next `bytes` bytes, which stand in `target()`. */
  take(bytes: number): void {
    this.wasm.countLineFeeds(this.carry, bytes);
    const length = this.carry + bytes;
    const last = this.input(length).subarray(this.carry).lastIndexOf(LINE_FEED);
    const end = last < 0 ? 0 : this.carry + last + 1;
    this.decode(end);
    this.input(length).copyWithin(0, end, length);
    this.base += end;
    this.carry = length - end;
  }

  /** Ends the member: decodes a last line without line feed, and gives the counts. */
  endMember(): LineCounts {
    const tail = this.carry > 0;
    if (tail) {
      this.wasm.ensureInput(this.carry + 1);
      this.input(this.carry + 1)[this.carry] = LINE_FEED;
      this.decode(this.carry + 1);
      this.carry = 0;
    }
    const { lines, loaded, rejected, blank, lineFeeds } = this.wasm;
    const counts = {
      lines: lineFeeds.value + (tail ? 1 : 0),
      loaded: loaded.value,
      quarantined: rejected.value,
      blank: blank.value,
    };
    const decided = counts.loaded + counts.quarantined + counts.blank;
    if (counts.lines !== decided || counts.lines !== lines.value) {
      throw new ArchiveError(
        `${counts.lines} lines were counted, but ${decided} were decided upon. Nothing of this was committed.`,
        "This is a fault of ampframe: please report it with the file, if you can.",
      );
    }
    return counts;
  }

  /** Call after each `take()`: moves rows out of memory and, where one is full, ends a spool. */
  async settle(): Promise<void> {
    const { rowCount, rowBytes } = this.wasm;
    if (rowCount.value >= ROWS_OUT || rowBytes.value >= BYTES_OUT) await this.openSpool().takeRows(this.wasm);
    if (this.spooledBytes >= this.options.spoolBytes) await this.endSpool();
  }

  /** A spool that was ended, if there is one. */
  takeSpool(): SpoolContent | undefined {
    return this.finished.shift();
  }

  /** Ends the spool that is being written. */
  async endSpool(): Promise<void> {
    if (this.wasm.rowCount.value > 0) await this.openSpool().takeRows(this.wasm);
    const spool = this.spool;
    if (!spool) return;
    this.spool = undefined;
    await spool.finish();
    const { path, rows, empty } = spool;
    this.finished.push({ path, rows, hours: [...this.hours.values()], repeats: this.repeats, empty });
    this.restart();
  }

  /** Forgets every row that was not handed out as a spool, after a failure. */
  async abandon(): Promise<void> {
    await this.spool?.abandon();
    this.spool = undefined;
    this.finished.length = 0;
    this.carry = 0;
    this.wasm.clearRows();
    this.wasm.clearTables();
    this.restart();
  }

  private restart(): void {
    this.spooledBytes = 0;
    this.repeats = [];
    this.hours.clear();
    this.wasm.startSpool();
  }

  private openSpool(): Spool {
    this.spool ??= Spool.create(this.options.spoolPath());
    return this.spool;
  }

  private decode(end: number): void {
    let from = this.base === 0 && BOM.equals(this.input(3)) ? 3 : 0;
    while (true) {
      const wants = this.wasm.decode(from, end);
      from = this.wasm.decoded.value;
      if (wants === Wants.rowsTaken) this.openSpool().takeRowsNow(this.wasm);
      this.takeTables();
      if (wants === Wants.nothing) break;
    }
    this.spooledBytes += end;
  }

  private input(bytes: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, this.wasm.input.value, bytes);
  }

  private takeTables(): void {
    const { memory, REJECTS, rejectCount, REPEATS, repeatCount, HOURS, hourCount, input } = this.wasm;
    const view = new DataView(memory.buffer);
    for (let i = 0; i < repeatCount.value; i++) {
      this.repeats.push(view.getUint32(REPEATS.value + i * 4, true));
    }
    for (let i = 0; i < rejectCount.value; i++) {
      const at = REJECTS.value + i * 24;
      const start = view.getUint32(at, true);
      const raw = new Uint8Array(memory.buffer, start, view.getUint32(at + 4, true)).slice();
      const reason = view.getUint32(at + 8, true);
      const line = view.getFloat64(at + 16, true);
      if (line === 1 && startsPrettyJson(reason, raw)) {
        throw new ArchiveError(
          "The file holds JSON that is spread over several lines; expected one event per line (NDJSON).",
          "Bring it to one line an event first, for example: jq -c '.[]? // .' FILE > FILE.ndjson",
        );
      }
      this.options.onRejected({
        line,
        offset: this.base + start - input.value,
        reason: reasonInWords(reason, raw),
        place: view.getUint32(at + 12, true),
        raw,
      });
    }
    for (let i = 0; i < hourCount.value; i++) this.addHour(view, HOURS.value + i * 24);
    this.wasm.clearTables();
  }

  private addHour(view: DataView, at: number): void {
    const app = view.getUint32(at + 12, true) ? null : view.getBigInt64(at, true);
    const hour = hourAt(view.getInt32(at + 8, true) * HOUR_MS);
    const key = `${app} ${hour}`;
    const rows = Number(view.getBigInt64(at + 16, true)) + (this.hours.get(key)?.rows ?? 0);
    this.hours.set(key, { app, hour, rows });
  }
}
