import { fstatSync } from "node:fs";
import { basename } from "node:path";
import type { Input, Member, OpenFile } from "../archive/index.js";
import { ArchiveError, CancelledError } from "../errors/index.js";
import type { MemberAccount } from "../lake/account.js";
import { type Limits, raiseLimit } from "../limits.js";
import type { Batch } from "./batch.js";
import type { DecodePool } from "./decode-pool.js";
import type { Progress } from "./report.js";

/** What the inputs of a run are decoded with. */
export interface DecodingPlace {
  readonly decoders: DecodePool;
  readonly limits: Limits;
  /** Called when the first rows are there. */
  readonly onRows: () => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** An input whose members are being decoded into a batch; some of them perhaps before all of it is there. */
export class InputDecoding {
  private readonly members: MemberAccount[] = [];
  private readonly work: Promise<void>[] = [];
  private readonly failures: unknown[] = [];
  private archiveBytes = 0;
  private bytes = 0;
  private events = 0;

  /** `name` is the input's in the account. */
  constructor(
    private readonly place: DecodingPlace,
    private readonly batch: Batch,
    readonly name: string,
  ) {}

  /** Decodes the next member, of `file`, which must stay open until `done`, after what was given to the decoders before. */
  add(file: OpenFile, member: Member): void {
    this.work.push(this.decode(file, member, this.work.length));
  }

  /** Leaves out what is not being decoded yet; `done` then throws. */
  giveUp(): void {
    this.failures.push(new CancelledError("The input was given up.", "Read it again."));
  }

  /** Resolves when every member that was added is decoded or has failed; throws the first failure. */
  async done(): Promise<void> {
    await Promise.all(this.work);
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** Adds the rest of `input`, and tells the batch of the whole when it is decoded. When it throws, the batch must be dropped. */
  async complete(input: Input, sha256: string): Promise<void> {
    for (const member of input.members.slice(this.work.length)) this.add(input, member);
    await this.done();
    requireUngrown(input);
    this.batch.inputs.push({ name: this.name, bytes: input.bytes, sha256, members: this.members });
    this.batch.bytes += input.bytes;
  }

  private async decode({ path, format, fd }: OpenFile, member: Member, index: number): Promise<void> {
    const { decoders, onRows, onProgress } = this.place;
    try {
      const task = { file: { path, format, fd }, input: this.name, member };
      const result = await decoders.decode(task, {
        wanted: () => this.failures.length === 0,
        onRejected: (line) => this.batch.rejected.add(line),
      });
      if (!result) return;
      this.members[index] = result.account;
      this.bytes += result.account.bytes;
      this.checkTotal(path, format);
      this.batch.take(result.hours, result.files);
      onRows();
      this.archiveBytes += member.compressedBytes;
      this.events += result.account.loaded;
      const { name, archiveBytes, events } = this;
      onProgress?.({ kind: "decoded", input: name, archiveBytes, events });
    } catch (error) {
      this.failures.push(error);
    }
  }

  /** Each decoder sees only its members of an input: together they must not hold more than allowed either. */
  private checkTotal(path: string, format: Input["format"]): void {
    const { totalBytes } = this.place.limits;
    if (format === "ndjson" || this.bytes <= totalBytes) return;
    throw new ArchiveError(
      `${basename(path)}: it holds at least ${this.bytes} bytes of NDJSON, the limit is ${totalBytes}.`,
      raiseLimit("totalBytes"),
      { limit: "totalBytes" },
    );
  }
}

/** Throws ArchiveError if the file has another size than when it was opened. */
function requireUngrown({ fd, path, bytes }: Input): void {
  const { size } = fstatSync(fd);
  if (size === bytes) return;
  throw new ArchiveError(
    `${basename(path)} had ${bytes} bytes, and then ${size}: something writes to it.`,
    "Load it again when it is complete.",
  );
}
