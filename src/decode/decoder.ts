import { ArchiveError } from "../errors/index.js";
import { dateOf, type Hour, hourAt } from "../hour.js";
import { DEFAULT_LIMITS, type Limits, raiseLimit } from "../limits.js";
import { crc32InMemory } from "./crc32.js";
import { reasonInWords, startsPrettyJson } from "./reasons.js";
import { RowFile } from "./row-file.js";
import { compileDecoder, type DecoderExports, instantiateDecoder, type MayHaveSeen, Wants } from "./wasm.js";
import { loadZstd } from "./zstd.js";

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

/** How many events a project has in an upload hour. */
export interface HourEvents {
  readonly app: bigint | null;
  readonly hour: Hour;
  readonly events: number;
}

/** What came of a member. */
export interface DecodedMember extends LineCounts {
  readonly hours: readonly HourEvents[];
}

/**
 * What rows a file holds:
 * `part`, of one project and upload date, without the column `app`, whose uuids are new;
 * `mixed`, of several, whose uuids are new; `repeats`, those whose uuid may have come before.
 */
export type FileKind =
  | { readonly kind: "part"; readonly app: bigint | null; readonly uploadDate: string }
  | { readonly kind: "mixed" }
  | { readonly kind: "repeats" };

/** A finished Parquet file of decoded rows, in the order of decoding. */
export type DecodedFile = FileKind & {
  readonly path: string;
  readonly rows: number;
  /** Of the bytes that were written, 64 hex digits. */
  readonly sha256: string;
};

export interface DecoderOptions {
  /** Gives the path of a new file. */
  readonly filePath: () => string;
  readonly onRejected: (line: RejectedLine) => void;
  /** Remembers uuids and tells those that may have come before. Default: none has. */
  readonly mayHaveSeen?: MayHaveSeen;
  /** Whether rows of one partition become parts. Default true; false makes all rows mixed. */
  readonly partitioned?: boolean;
  /** Bytes of a file after which it is ended. Default 128 MiB. */
  readonly fileBytes?: number;
  /** Of the longest line that is read, and of nesting. Default DEFAULT_LIMITS; a longer line refuses its member. */
  readonly limits?: Pick<Limits, "lineBytes" | "nesting">;
  /** The decoder, if it was compiled before. */
  readonly module?: WebAssembly.Module;
}

const CHUNK = 256 * 1024;
/** Bytes of repeated lines that wait in memory. */
const REPEAT_BYTES = 4 * 2 ** 20;
/** Files that are being written at a time. */
const OPEN_FILES = 4;
/** A part of so many bytes is ended when so many row groups have gone to other files since: its day is probably over. */
const IDLE_BYTES = 4 * 2 ** 20;
const IDLE_GROUPS = 2;
const LINE_FEED = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Turns NDJSON bytes of members into Parquet files of typed rows. Bytes are written to `target()` and decoded, as
 * far as whole lines go, by `take()`; all of it is synchronous and in bounded memory.
 */
export class Decoder {
  /** Files that are being written, the one that was written last at the end. */
  private readonly open = new Map<
    string,
    { readonly file: RowFile; readonly kind: FileKind; idleSince: number }
  >();
  /** Row groups so far. */
  private groups = 0;
  private readonly hours = new Map<string, HourEvents>();
  /** Bytes of an unfinished line at the start of the input. */
  private carry = 0;
  /** Where the input begins in the member. */
  private base = 0;
  private readonly finished: DecodedFile[] = [];
  private place = "";

  private constructor(
    private readonly wasm: DecoderExports,
    private readonly createFile: (without?: string) => RowFile,
    private readonly options: Required<Omit<DecoderOptions, "filePath" | "module" | "mayHaveSeen">>,
  ) {}

  static async create(options: DecoderOptions): Promise<Decoder> {
    const { filePath, mayHaveSeen, module, ...given } = options;
    const compress = await loadZstd();
    const wasm = await instantiateDecoder(module ?? (await compileDecoder()), mayHaveSeen);
    const all = { partitioned: true, fileBytes: 128 * 2 ** 20, limits: DEFAULT_LIMITS, ...given };
    wasm.setMaxDepth(all.limits.nesting);
    return new Decoder(wasm, (without) => RowFile.create(filePath(), compress, without), all);
  }

  /** Begins a member; `place` names it in errors. */
  startMember(place = ""): void {
    this.place = place;
    this.wasm.startMember();
    this.hours.clear();
    this.carry = 0;
    this.base = 0;
  }

  /** Where the next bytes of the member belong. Good until the next `take()`. */
  target(): Uint8Array {
    if (this.carry > this.options.limits.lineBytes) throw this.lineTooLong();
    this.wasm.ensureInput(this.carry + CHUNK);
    return new Uint8Array(this.wasm.memory.buffer, this.wasm.input.value + this.carry, CHUNK);
  }

  /** The CRC-32 of bytes that stand in `target()`, behind others of the CRC-32 `before`. */
  crc32(bytes: Uint8Array, before: number): number {
    return crc32InMemory(this.wasm, bytes, before);
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
    if (this.wasm.repeatBytes() >= REPEAT_BYTES) this.storeRepeats();
  }

  /** Ends the member: decodes a last line without line feed, and tells what came of all lines. */
  endMember(): DecodedMember {
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
    return { ...counts, hours: [...this.hours.values()] };
  }

  /** Bytes of the memory that the decoder works in. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /** The files that were ended since the last call. */
  takeFiles(): DecodedFile[] {
    return this.finished.splice(0);
  }

  /** Ends all files that are being written. */
  endFiles(): void {
    this.storeRows();
    this.storeRepeats();
    for (const key of [...this.open.keys()]) this.endFile(key);
  }

  /** Forgets every row that was not handed out in a file, after a failure. */
  abandon(): void {
    for (const { file } of this.open.values()) file.abandon();
    this.open.clear();
    this.finished.length = 0;
    this.carry = 0;
    this.hours.clear();
    this.wasm.clearRows();
    this.wasm.clearTables();
    this.wasm.forgetRepeats();
  }

  private decode(end: number): void {
    let from = this.base === 0 && BOM.equals(this.input(3)) ? 3 : 0;
    while (true) {
      const wants = this.wasm.decode(from, end);
      from = this.wasm.decoded.value;
      if (wants === Wants.rowsTaken) this.storeRows();
      this.takeTables();
      if (wants === Wants.nothing) break;
    }
  }

  /** Moves the rows out of memory into the file where they belong. */
  private storeRows(): void {
    const { rowCount, mixed, rowsApp, rowsHaveApp, rowsDay } = this.wasm;
    if (rowCount.value === 0) return;
    if (mixed.value !== 0 || !this.options.partitioned) {
      this.store({ kind: "mixed" });
    } else {
      const app = rowsHaveApp.value === 0 ? null : rowsApp.value;
      this.store({ kind: "part", app, uploadDate: dateOf(hourAt(rowsDay.value * DAY_MS)) });
    }
  }

  /** Makes rows of the lines that were kept back, for a file of their own. */
  private storeRepeats(): void {
    if (this.wasm.repeatBytes() === 0) return;
    this.storeRows();
    let wants: number;
    do {
      wants = this.wasm.decodeRepeats();
      this.store({ kind: "repeats" });
    } while (wants !== Wants.nothing);
  }

  private store(kind: FileKind): void {
    const key = kind.kind === "part" ? `${kind.app} ${kind.uploadDate}` : kind.kind;
    const open = this.open.get(key) ?? {
      file: this.createFile(kind.kind === "part" ? "app" : undefined),
      kind,
      idleSince: 0,
    };
    this.open.delete(key);
    this.open.set(key, open);
    open.file.takeRows(this.wasm);
    open.idleSince = ++this.groups;
    this.endIdleFiles();
    if (open.file.bytes >= this.options.fileBytes) this.endFile(key);
    else if (this.open.size > OPEN_FILES) this.endFile([...this.open.keys()][0]!);
  }

  private endIdleFiles(): void {
    for (const [key, { file, kind, idleSince }] of this.open) {
      const isIdle = this.groups - idleSince >= IDLE_GROUPS && file.bytes >= IDLE_BYTES;
      if (kind.kind === "part" && isIdle) this.endFile(key);
    }
  }

  private endFile(key: string): void {
    const { file, kind } = this.open.get(key)!;
    this.open.delete(key);
    const sha256 = file.finish();
    this.finished.push({ ...kind, path: file.path, rows: file.rows, sha256 });
  }

  private lineTooLong(): ArchiveError {
    const { lineBytes } = this.options.limits;
    const where = this.place === "" ? "Line" : `${this.place}: line`;
    return new ArchiveError(
      `${where} ${this.wasm.lines.value + 1} has at least ${this.carry} bytes, the limit is ${lineBytes}.`,
      `Check that the file holds one event per line. ${raiseLimit("lineBytes")}`,
      { limit: "lineBytes" },
    );
  }

  private input(bytes: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, this.wasm.input.value, bytes);
  }

  private takeTables(): void {
    const { memory, REJECTS, rejectCount, HOURS, hourCount, input } = this.wasm;
    const view = new DataView(memory.buffer);
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
        reason: reasonInWords(reason, raw, this.options.limits.nesting),
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
    const events = Number(view.getBigInt64(at + 16, true)) + (this.hours.get(key)?.events ?? 0);
    this.hours.set(key, { app, hour, events });
  }
}
