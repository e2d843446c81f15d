import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LakeError } from "../../errors/index.js";
import { type ObjectClient, statusOf } from "./object-client.js";
import { isRefusal, textOf } from "./put-if-absent.js";

const RACERS = 4;
const TRIES = 6;
const FIRST_WAIT_MS = 100;

/**
 * Writes an object that nobody else uses from several sides at once, and once more afterwards, each only if there is none.
 * Throws LakeError if more than one was told to have won, or the object is not that one's: in such a store commits are
 * lost without a word. Where answers leave it open who won, it tries again, and then throws what the store said. `prefix` is
 * where the object is put; it is removed. `firstWaitMs` as `putIfAbsent` has it.
 */
export async function probe(
  client: ObjectClient,
  prefix: string,
  location: string,
  firstWaitMs = FIRST_WAIT_MS,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { won, kept, failure } = await race(client, `${prefix}probe-${randomUUID()}`);
    const [first, ...others] = won;
    if (others.length > 0) throw refused(location, `${won.length} of ${RACERS + 1} writers`);
    if (first !== undefined && kept !== undefined) {
      if (kept === first) return;
      throw refused(location, "a writer whose file is not there");
    }
    if (tries >= TRIES || isRefusal(statusOf(failure)))
      throw failure ?? refused(location, `none of ${RACERS + 1} writers`);
    await sleep(firstWaitMs * 2 ** (tries - 1));
  }
}

/** Who was told to have won, what the object is after it, undefined if that could not be read, and what failed. */
async function race(
  client: ObjectClient,
  key: string,
): Promise<{ won: readonly string[]; kept: string | undefined; failure: unknown }> {
  const won: string[] = [];
  let failure: unknown;
  const noted = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      const status = statusOf(error);
      if (status !== 412 && status !== 409) failure = error;
      return undefined;
    }
  };
  const put = (text: string) => noted(client.putIfAbsent(key, text).then(() => won.push(text)));
  await Promise.all(Array.from({ length: RACERS }, (_, i) => put(`racer ${i}`)));
  await put("late");
  const kept = await noted(textOf(client, key));
  await client.remove(key).catch(() => undefined);
  return { won, kept, failure };
}

function refused(location: string, winners: string): LakeError {
  return new LakeError(
    `The store of ${location} cannot keep a lake: of several writers that put a file "if there is none", it told ${winners} that they had, and one was expected.`,
    "Use a store that honours If-None-Match (Amazon S3, Ceph, SeaweedFS), or keep the lake on a disk.",
  );
}
