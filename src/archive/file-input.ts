import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import type { ByteSource } from "./byte-source.js";
import { CheckedPieces } from "./checked-pieces.js";
import { sha256OfFile } from "./file-hash.js";
import { FilePieces, PieceBuffers } from "./file-pieces.js";
import { InflatedPieces } from "./inflated-pieces.js";
import type { Inflater } from "./inflater.js";
import type { Input, Member, MemberProof, Sink, Skipped } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { readMember } from "./read-member.js";
import { asRefusal, refuser } from "./refuse.js";

/** What was found out about a file when it was opened. */
export interface Contents {
  readonly format: Input["format"];
  readonly members: readonly Member[];
  readonly skipped: readonly Skipped[];
}

/** Kept from one file to the next: with many small files, new buffers would be most of the memory. */
const BUFFERS = new PieceBuffers();

/** An Input over an open file. */
export class FileInput implements Input {
  readonly name: string;
  readonly format: Input["format"];
  readonly members: readonly Member[];
  readonly skipped: readonly Skipped[];
  readonly #inflaters: Inflater[] = [];
  #given = 0;
  #sha256: string | undefined;

  constructor(
    readonly path: string,
    readonly bytes: number,
    readonly file: FileHandle,
    contents: Contents,
    readonly limits: ArchiveLimits,
    readonly createInflater: () => Inflater,
    readonly blocking: boolean,
  ) {
    this.name = basename(path);
    this.format = contents.format;
    this.members = contents.members;
    this.skipped = contents.skipped;
  }

  async read(member: Member, sink: Sink, signal?: AbortSignal): Promise<MemberProof> {
    const refuse = this.format === "zip" ? refuser(this.path, member.name) : refuser(this.path);
    const inflaters = [this.#takeInflater()];
    try {
      const { packed, compressedBytes } = member;
      let source: ByteSource = this.#pieces(packed?.data ?? 0, compressedBytes);
      if (packed) {
        if (packed.method === 8) {
          const inflater = this.#takeInflater();
          inflaters.push(inflater);
          source = new InflatedPieces(source, inflater, refuse);
        }
        source = new CheckedPieces(source, packed, refuse);
      }
      const count = (bytes: number): void => {
        this.#given += bytes;
        if (this.format !== "ndjson" && this.#given > this.limits.totalBytes) {
          const found = `it holds at least ${this.#given} bytes of NDJSON`;
          throw refuser(this.path)(`${found}, the limit is ${this.limits.totalBytes}`, {
            limit: "totalBytes",
          });
        }
      };
      const limits =
        this.format === "ndjson" ? { ...this.limits, memberBytes: Number.POSITIVE_INFINITY } : this.limits;
      const inflater = inflaters[0]!;
      return await readMember({ source, inflater, compressedBytes, limits, count, refuse, signal }, sink);
    } finally {
      this.#inflaters.push(...inflaters);
    }
  }

  async sha256(signal?: AbortSignal): Promise<string> {
    try {
      this.#sha256 ??= await sha256OfFile(this.file, this.bytes, BUFFERS, signal);
      return this.#sha256;
    } catch (error) {
      throw asRefusal(error, refuser(this.path));
    }
  }

  async close(): Promise<void> {
    for (const inflater of this.#inflaters.splice(0)) inflater.close();
    await this.file.close();
  }

  #pieces(start: number, length: number): ByteSource {
    return new FilePieces(this.file, start, start + length, BUFFERS, this.blocking);
  }

  #takeInflater(): Inflater {
    return this.#inflaters.pop() ?? this.createInflater();
  }
}
