import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { sha256OfFile } from "./file-hash.js";
import { FilePieces } from "./file-pieces.js";
import type { Inflater } from "./inflater.js";
import type { Input, Member, MemberProof, Sink, Skipped } from "./input.js";
import type { ArchiveLimits } from "./limits.js";
import { MemberReader } from "./member-reader.js";
import { asRefusal, refuser } from "./refuse.js";

/** What was found out about a file when it was opened. */
export interface Contents {
  readonly format: Input["format"];
  readonly members: readonly Member[];
  readonly skipped: readonly Skipped[];
}

/** An Input over an open file. */
export class FileInput implements Input {
  readonly name: string;
  readonly format: Input["format"];
  readonly members: readonly Member[];
  readonly skipped: readonly Skipped[];
  readonly #reader: MemberReader;
  #sha256: string | undefined;

  constructor(
    readonly path: string,
    readonly bytes: number,
    readonly file: FileHandle,
    contents: Contents,
    limits: ArchiveLimits,
    createInflater: () => Inflater,
  ) {
    this.name = basename(path);
    this.format = contents.format;
    this.members = contents.members;
    this.skipped = contents.skipped;
    const pieces = (start: number, length: number) => new FilePieces(file, start, start + length);
    this.#reader = new MemberReader({ path, format: this.format, pieces }, limits, createInflater);
  }

  get fd(): number {
    return this.file.fd;
  }

  read(member: Member, sink: Sink, signal?: AbortSignal): Promise<MemberProof> {
    return this.#reader.read(member, sink, signal);
  }

  async sha256(signal?: AbortSignal): Promise<string> {
    try {
      this.#sha256 ??= await sha256OfFile(this.file, this.bytes, signal);
      return this.#sha256;
    } catch (error) {
      throw asRefusal(error, refuser(this.path));
    }
  }

  async close(): Promise<void> {
    this.#reader.close();
    await this.file.close();
  }
}
