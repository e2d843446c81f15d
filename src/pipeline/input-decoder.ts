import { openInput } from "../archive/index.js";
import { Decoder, type SpoolContent } from "../decode/decoder.js";
import { CancelledError } from "../errors/index.js";
import type { MemberAccount } from "../lake/account.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** What comes out while inputs are decoded. */
export interface DecodeEvents {
  /** Resolves when the next spool may be written. */
  readonly onSpool: (spool: SpoolContent) => Promise<void>;
  readonly onRejected: (line: RejectedLineOf) => void;
  /** After each member: bytes of the input that are done, events that were decoded from it. */
  readonly onMember: (input: string, archiveBytes: number, events: number) => void;
}

/** Decodes inputs one after the other; in this thread, or in one of its own. */
export interface InputDecoder {
  /**
   * Decodes all members of the file at `path`, which is called `name` in the account. Throws ArchiveError if it
   * is damaged: what came of it must then be dropped.
   */
  decode(path: string, name: string): Promise<readonly MemberAccount[]>;
  /** Ends the spool that is being written. */
  seal(): Promise<void>;
  /** Forgets what is not in a spool that was handed out. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

/** How long decoding may keep other work of the thread waiting, in milliseconds. */
const TURN_MS = 12;

/** A decoder in this thread, which writes its spools into `folder`. */
export async function decoderHere(
  folder: string,
  events: DecodeEvents,
  signal: AbortSignal | undefined,
): Promise<InputDecoder> {
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
    async decode(path, name) {
      const input = await openInput(path, signal ? { signal } : {});
      try {
        const members: MemberAccount[] = [];
        let [done, decoded, turn] = [0, 0, performance.now()];
        for (const member of input.members) {
          where = { input: name, member: member.name };
          decoder.startMember();
          const reading = input.read(member, () => decoder.target(), signal);
          let step = await reading.next();
          while (!step.done) {
            decoder.take(step.value);
            await decoder.settle();
            await passSpools();
            if (performance.now() - turn > TURN_MS) {
              await new Promise((resolve) => setImmediate(resolve));
              throwIfCancelled(signal);
              turn = performance.now();
            }
            step = await reading.next();
          }
          const counts = decoder.endMember();
          members.push({ name: member.name, ...step.value, ...counts });
          decoded += counts.loaded;
          done += member.compressedBytes;
          events.onMember(name, done, decoded);
        }
        return members;
      } finally {
        await input.close();
      }
    },
    async seal() {
      await decoder.endSpool();
      await passSpools();
    },
    drop: () => decoder.abandon(),
    close: () => decoder.abandon(),
  };
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "The work was cancelled; what was committed before stays.",
    "Run the same command again to go on.",
    { cause: signal.reason },
  );
}
