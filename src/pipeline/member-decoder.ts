import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { type Member, type OpenFile, openMembers } from "../archive/index.js";
import { type DecodedFile, Decoder, type HourEvents } from "../decode/decoder.js";
import { SeenUuids } from "../decode/seen-uuids.js";
import { CancelledError } from "../errors/index.js";
import type { MemberAccount } from "../lake/account.js";
import type { Limits } from "../limits.js";
import type { DecodeAnswer, DecodeRequest } from "./decode-messages.js";
import { DiskWatch } from "./disk-watch.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** A member to decode. */
export interface MemberTask {
  readonly file: OpenFile;
  /** The input's name in the account. */
  readonly input: string;
  readonly member: Member;
}

/** What came of a member, and the files that were ended meanwhile. */
export interface MemberResult {
  readonly account: MemberAccount;
  readonly hours: readonly HourEvents[];
  readonly files: readonly DecodedFile[];
}

/** What the decoders of a run share. */
export interface DecoderSetting {
  /** Of a SeenUuids. */
  readonly seen: WebAssembly.Memory;
  /** One figure: not 0 when the work is cancelled. */
  readonly cancelled: SharedArrayBuffer;
  readonly module: WebAssembly.Module;
  readonly limits: Limits;
}

/** Reads, verifies and decodes members into Parquet files, one after the other. */
export class MemberDecoder {
  private reader: { readonly of: OpenFile; readonly members: ReturnType<typeof openMembers> } | undefined;
  private rejecting = { input: "", member: "" };
  private readonly sink = {
    target: () => this.decoder.target(),
    crc32: (bytes: Uint8Array, before: number) => this.decoder.crc32(bytes, before),
    take: (bytes: number) => {
      this.disk.expect(bytes);
      this.decoder.take(bytes);
      this.throwIfCancelled();
    },
  };

  private constructor(
    private readonly decoder: Decoder,
    private readonly cancelled: Int32Array,
    private readonly limits: Limits,
    private readonly disk: DiskWatch,
  ) {}

  /** A decoder that writes into `folder`, for which it does not wait before it makes ready. */
  static async create(
    { seen, cancelled, module, limits }: DecoderSetting,
    folder: Promise<string>,
    onRejected: (line: RejectedLineOf) => void,
  ): Promise<MemberDecoder> {
    let place = "";
    const decoder = await Decoder.create({
      filePath: () => join(place, `${randomUUID()}-part.parquet`),
      onRejected: ({ line, offset, reason, raw }) =>
        onRejected({ ...member.rejecting, line, offset, reason, raw: Buffer.from(raw) }),
      mayHaveSeen: new SeenUuids(seen).mayHaveSeen,
      module,
      limits,
    });
    place = await folder;
    const disk = new DiskWatch(place, limits.freeBytes);
    const member = new MemberDecoder(decoder, new Int32Array(cancelled), limits, disk);
    return member;
  }

  /** Does what is asked. */
  answer(request: DecodeRequest): Promise<DecodeAnswer> {
    return request.kind === "decode" ? this.decode(request.ask) : this[request.kind]();
  }

  /**
   * Decodes a member. Throws ArchiveError if the input is damaged, CancelledError: all that came since the last
   * `seal` is then forgotten, and the next member finds nothing of this one.
   */
  private async decode(task: MemberTask): Promise<MemberResult> {
    try {
      return await this.decodeMember(task);
    } catch (error) {
      this.decoder.abandon();
      throw error;
    }
  }

  /** Ends all files. When it throws, what was in them is forgotten. */
  private async seal(): Promise<readonly DecodedFile[]> {
    this.letGo();
    try {
      this.decoder.endFiles();
      return this.decoder.takeFiles();
    } catch (error) {
      this.decoder.abandon();
      throw error;
    }
  }

  /** Forgets what is not in a file that was handed out. */
  private async drop(): Promise<null> {
    this.letGo();
    this.decoder.abandon();
    return null;
  }

  private async decodeMember({ file, input, member }: MemberTask): Promise<MemberResult> {
    const name = basename(file.path);
    this.rejecting = { input, member: member.name };
    this.decoder.startMember(file.format === "zip" ? `${name}, member ${member.name}` : name);
    const proof = await this.membersOf(file).read(member, this.sink);
    const { hours, ...counts } = this.decoder.endMember();
    const account = { name: member.name, ...proof, ...counts };
    return { account, hours, files: this.decoder.takeFiles() };
  }

  /** Reads the task's file, and is kept for the next task. */
  private membersOf(file: OpenFile): ReturnType<typeof openMembers> {
    const { reader } = this;
    if (reader?.of.path === file.path && reader.of.fd === file.fd) return reader.members;
    this.letGo();
    this.reader = { of: file, members: openMembers(file, this.limits) };
    return this.reader.members;
  }

  private letGo(): void {
    this.reader?.members.close();
    this.reader = undefined;
  }

  private throwIfCancelled(): void {
    if (Atomics.load(this.cancelled, 0) === 0) return;
    throw new CancelledError(
      "The work was cancelled; what was committed before stays.",
      "Run the same command again to go on.",
    );
  }
}
