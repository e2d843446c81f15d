import { Decoder, type LineCounts, type SpoolContent } from "../decode/decoder.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** What comes out while bytes are decoded. */
export interface DecodeEvents {
  /** Resolves when the next spool may be written. */
  readonly onSpool: (spool: SpoolContent) => Promise<void>;
  readonly onRejected: (line: RejectedLineOf) => void;
}

/** Decodes the bytes of members, one member after the other; in this thread, or in one of its own. */
export interface ByteDecoder {
  /** Begins a member of an input; both names go with the lines that are rejected. */
  startMember(input: string, member: string): void;
  /** Where the member's next bytes belong; good until they are pushed. */
  target(): Uint8Array;
  /**
   * Takes the first `bytes` bytes of the target; resolves when there is a target for the next. Throws
   * ArchiveError if they cannot be lines of events at all: what came of the input must then be dropped.
   */
  push(bytes: number): Promise<void>;
  /** Ends the member. Throws as `push` does. */
  endMember(): Promise<LineCounts>;
  /** Ends the spool that is being written. */
  seal(): Promise<void>;
  /** Forgets what is not in a spool that was handed out. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

/** A decoder in this thread, which writes its spools into `folder`. */
export async function decoderHere(folder: string, events: DecodeEvents): Promise<ByteDecoder> {
  let where = { input: "", member: "" };
  let spools = 0;
  const decoder = await Decoder.create({
    spoolPath: () => `${folder}/spool-${spools++}.parquet`,
    onRejected: ({ line, offset, reason, raw }) =>
      events.onRejected({ ...where, line, offset, reason, raw: Buffer.from(raw) }),
  });
  const passSpools = async () => {
    for (let spool = decoder.takeSpool(); spool; spool = decoder.takeSpool()) await events.onSpool(spool);
  };
  return {
    startMember(input, member) {
      where = { input, member };
      decoder.startMember();
    },
    target: () => decoder.target(),
    async push(bytes) {
      decoder.take(bytes);
      await decoder.settle();
      await passSpools();
    },
    endMember: async () => decoder.endMember(),
    async seal() {
      await decoder.endSpool();
      await passSpools();
    },
    drop: () => decoder.abandon(),
    close: () => decoder.abandon(),
  };
}
