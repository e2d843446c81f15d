import type { ByteSource } from "./byte-source.js";
import { CheckedPieces } from "./checked-pieces.js";
import { InflatedPieces } from "./inflated-pieces.js";
import type { Inflater } from "./inflater.js";
import type { Input, Member, MemberProof, Sink } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { readMember } from "./read-member.js";
import { refuser } from "./refuse.js";

/** A file whose members are read. */
export interface MemberFile {
  /** Names it in errors. */
  readonly path: string;
  readonly format: Input["format"];
  /** `length` bytes of it from `start` on. */
  readonly pieces: (start: number, length: number) => ByteSource;
  /** Gives back what was taken to read it. */
  readonly close?: () => void;
}

/** Reads the members of a file, which together may give no more than the limits allow. */
export class MemberReader {
  readonly #inflaters: Inflater[] = [];
  #given = 0;

  constructor(
    readonly file: MemberFile,
    readonly limits: ArchiveLimits,
    readonly createInflater: () => Inflater,
  ) {}

  /** As `Input.read`. */
  async read(member: Member, sink: Sink, signal?: AbortSignal): Promise<MemberProof> {
    const { path, format, pieces } = this.file;
    const refuse = format === "zip" ? refuser(path, member.name) : refuser(path);
    const inflaters = [this.#takeInflater()];
    try {
      const { packed, compressedBytes } = member;
      let source = pieces(packed?.data ?? 0, compressedBytes);
      if (packed) {
        if (packed.method === 8) {
          const inflater = this.#takeInflater();
          inflaters.push(inflater);
          source = new InflatedPieces(source, inflater, refuse);
        }
        source = new CheckedPieces(source, packed, refuse);
      }
      const limits =
        format === "ndjson" ? { ...this.limits, memberBytes: Number.POSITIVE_INFINITY } : this.limits;
      const count = (bytes: number) => this.#count(bytes);
      const inflater = inflaters[0]!;
      return await readMember({ source, inflater, compressedBytes, limits, count, refuse, signal }, sink);
    } finally {
      this.#inflaters.push(...inflaters);
    }
  }

  /** Lets go of zlib's memory. */
  close(): void {
    this.file.close?.();
    for (const inflater of this.#inflaters.splice(0)) inflater.close();
  }

  #count(bytes: number): void {
    const { path, format } = this.file;
    this.#given += bytes;
    if (format === "ndjson" || this.#given <= this.limits.totalBytes) return;
    throw refuser(path)(
      `it holds at least ${this.#given} bytes of NDJSON, the limit is ${this.limits.totalBytes}`,
      { limit: "totalBytes" },
    );
  }

  #takeInflater(): Inflater {
    return this.#inflaters.pop() ?? this.createInflater();
  }
}
