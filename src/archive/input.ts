import type { Hour } from "../hour.js";

/** One stretch of NDJSON in an input: an entry of a zip, or the whole of a gzip or plain file. */
export interface Member {
  /** Its path in the zip, or the file's own name. */
  readonly name: string;
  /** Bytes it takes in the file. */
  readonly compressedBytes: number;
  /** Upload hour, UTC, that its name tells; null if it tells none. A row's hour is its own, not this one. */
  readonly hour: Hour | null;
  /** Project id that its name tells; null if it tells none. */
  readonly project: number | null;
  /** Where and how a zip holds it; null if it is a file of its own. */
  readonly packed: Packed | null;
}

/** What a zip's directory says of the bytes of an entry. */
export interface Packed {
  /** Where its data begin in the file. */
  readonly data: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  /** Bytes of the entry; of a `.json.gz`, the gzip file's. */
  readonly bytes: number;
}

/** Something in an input that holds no events: a directory, a marker file, a table of merged ids. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** What has been proven of a member when its reading has ended. */
export interface MemberProof {
  /** Bytes of NDJSON. */
  readonly bytes: number;
  /** CRC-32 of those bytes. */
  readonly crc32: number;
}

/** Where the NDJSON of a member goes. */
export interface Sink {
  /** Memory for the next bytes, which stands until `take` has returned. */
  target(): Uint8Array;
  /** Takes the `bytes` bytes that now stand at the start of what `target` gave last. What it throws ends the reading. */
  take(bytes: number): void;
  /** The CRC-32 of bytes that stand in `target`, behind others of the CRC-32 `before`, if there is a faster way than zlib's. */
  crc32?(bytes: Uint8Array, before: number): number;
}

/** A file of events: an Export API zip, a `.json.gz` of a cloud export, or plain NDJSON. */
export interface Input {
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly format: "zip" | "gzip" | "ndjson" | "empty";
  /** Size of the file. */
  readonly bytes: number;
  /** Descriptor of the file until `close`, which other threads may read, too. */
  readonly fd: number;
  /** In the order of the file. */
  readonly members: readonly Member[];
  readonly skipped: readonly Skipped[];
  /**
   * Fills the sink's memory with the member's NDJSON, again and again. One read at a time is fastest; several may
   * run at once.
   *
   * The bytes are proven only when this resolves: sizes and CRC-32 of the zip entry and of each gzip
   * member hold. It throws ArchiveError as soon as one does not, or a limit is passed, and CancelledError when
   * `signal` is aborted; nothing taken before may then be kept.
   */
  read(member: Member, sink: Sink, signal?: AbortSignal): Promise<MemberProof>;
  /** SHA-256 of the file's bytes, in hexadecimal, by a pass of its own on the first call. */
  sha256(signal?: AbortSignal): Promise<string>;
  /** Lets go of the file. Reads that are not finished fail. */
  close(): Promise<void>;
}
