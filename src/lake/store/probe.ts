import { randomUUID } from "node:crypto";
import { LakeError } from "../../errors/index.js";
import { type ObjectClient, statusOf } from "./object-client.js";
import { textOf } from "./put-if-absent.js";

const RACERS = 4;

/**
 * Writes an object that nobody else uses from several sides at once, and once more afterwards, each only if there is none.
 * Throws LakeError if more than one was told to have won, or the object is not that one's: in such a store commits are
 * lost without a word. `prefix` is where the object is put; it is removed.
 */
export async function probe(client: ObjectClient, prefix: string, location: string): Promise<void> {
  const key = `${prefix}probe-${randomUUID()}`;
  try {
    const won: string[] = [];
    const put = async (text: string) => {
      try {
        await client.putIfAbsent(key, text);
        won.push(text);
      } catch (error) {
        const status = statusOf(error);
        if (status !== 412 && status !== 409) throw error;
      }
    };
    const racing = await Promise.allSettled(Array.from({ length: RACERS }, (_, i) => put(`racer ${i}`)));
    const failed = racing.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
    await put("late");
    const [first, ...others] = won;
    if (first === undefined || others.length > 0)
      throw refused(location, `${won.length} of ${RACERS + 1} writers`);
    if ((await textOf(client, key)) !== first) throw refused(location, "a writer whose file is not there");
  } finally {
    await client.remove(key).catch(() => undefined);
  }
}

function refused(location: string, winners: string): LakeError {
  return new LakeError(
    `The store of ${location} cannot keep a lake: of several writers that put a file "if there is none", it told ${winners} that they had, and one was expected.`,
    "Use a store that honours If-None-Match (Amazon S3, Ceph, SeaweedFS), or keep the lake on a disk.",
  );
}
