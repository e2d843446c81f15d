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
  await oneWins(NEW, location, firstWaitMs, () => {
    const key = keyOf(prefix);
    return race(client, key, (text) => client.putIfAbsent(key, text));
  });
}

/**
 * The same of an object that each writer puts only if it is still what it was before. Throws LakeError if more than one was told to
 * have won: in such a store two writers of a list lose each other's changes.
 */
export async function probeReplacing(
  client: ObjectClient,
  prefix: string,
  location: string,
  firstWaitMs = FIRST_WAIT_MS,
): Promise<void> {
  await oneWins(SAME, location, firstWaitMs, async () => {
    const key = keyOf(prefix);
    const before = await client
      .put(key, "before")
      .then(() => client.read(key))
      .catch((failure: unknown) => ({ failure }));
    if (before === undefined) return { won: [], kept: undefined, failure: undefined };
    if ("failure" in before) return { won: [], kept: undefined, ...before };
    return race(client, key, (text) => client.putIfSame(key, text, before.tag));
  });
}

/** Who was told to have won, what the object is after it, undefined if that could not be read, and what failed. */
interface Raced {
  readonly won: readonly string[];
  readonly kept: string | undefined;
  readonly failure: unknown;
}

/** What is tried out, in words. */
interface Tried {
  readonly condition: string;
  readonly header: string;
  readonly what: string;
}

const NEW: Tried = { condition: "if there is none", header: "If-None-Match", what: "a lake" };
const SAME: Tried = { condition: "if it is still the same", header: "If-Match", what: "promoted properties" };

function keyOf(prefix: string): string {
  return `${prefix}probe-${randomUUID()}`;
}

async function oneWins(
  tried: Tried,
  location: string,
  firstWaitMs: number,
  attempt: () => Promise<Raced>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { won, kept, failure } = await attempt();
    const [first, ...others] = won;
    if (others.length > 0) throw refused(tried, location, `${won.length} of ${RACERS + 1} writers`);
    if (first !== undefined && kept !== undefined) {
      if (kept === first) return;
      throw refused(tried, location, "a writer whose file is not there");
    }
    if (tries >= TRIES || isRefusal(statusOf(failure)))
      throw failure ?? refused(tried, location, `none of ${RACERS + 1} writers`);
    await sleep(firstWaitMs * 2 ** (tries - 1));
  }
}

async function race(client: ObjectClient, key: string, put: (text: string) => Promise<void>): Promise<Raced> {
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
  const counted = (text: string) => noted(put(text).then(() => won.push(text)));
  await Promise.all(Array.from({ length: RACERS }, (_, i) => counted(`racer ${i}`)));
  await counted("late");
  const kept = await noted(textOf(client, key));
  await client.remove(key).catch(() => undefined);
  return { won, kept, failure };
}

function refused({ condition, header, what }: Tried, location: string, winners: string): LakeError {
  return new LakeError(
    `The store of ${location} cannot keep ${what}: of several writers that put a file "${condition}", it told ${winners} that they had, and one was expected.`,
    `Use a store that honours ${header} (Amazon S3, Ceph, SeaweedFS), or keep the lake on a disk.`,
  );
}
