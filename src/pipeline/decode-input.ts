import type { Input } from "../archive/index.js";
import { CancelledError } from "../errors/index.js";
import type { MemberAccount } from "../lake/account.js";
import type { ByteDecoder } from "./byte-decoder.js";

/** How long inflating may keep other work of the thread waiting, in milliseconds. */
const TURN_MS = 12;

/**
 * Passes all members of `input`, called `name` in the account, through `decoder`, and gives each one's account.
 * `onMember` is told the bytes of the input that are done and the events decoded from it.
 *
 * Throws ArchiveError if the input is damaged, CancelledError: what came of it must then be dropped.
 */
export async function decodeInput(
  input: Input,
  name: string,
  decoder: ByteDecoder,
  onMember: (archiveBytes: number, events: number) => void,
  signal: AbortSignal | undefined,
): Promise<MemberAccount[]> {
  const members: MemberAccount[] = [];
  let [done, events, turn] = [0, 0, performance.now()];
  for (const member of input.members) {
    decoder.startMember(name, member.name);
    const reading = input.read(member, () => decoder.target(), signal);
    let step = await reading.next();
    while (!step.done) {
      await decoder.push(step.value);
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        throwIfCancelled(signal);
        turn = performance.now();
      }
      step = await reading.next();
    }
    const counts = await decoder.endMember();
    members.push({ name: member.name, ...step.value, ...counts });
    events += counts.loaded;
    done += member.compressedBytes;
    onMember(done, events);
  }
  return members;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError(
    "The work was cancelled; what was committed before stays.",
    "Run the same command again to go on.",
    { cause: signal.reason },
  );
}
