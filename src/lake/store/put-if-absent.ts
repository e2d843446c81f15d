import { setTimeout as sleep } from "node:timers/promises";
import { NotConfirmedError } from "./lake-store.js";
import { type ObjectClient, statusOf } from "./object-client.js";

const TRIES = 8;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Puts an object if there is none of that key. True if it now has `body`, false if it has another. After an answer that
 * leaves it open whether the request took effect (a time-out, a 5xx, a 409, and a 412 that may mean our own earlier try)
 * the object is read; if it is not there, the same request is made again, for only an answer to it makes sure that a
 * request on its way cannot take effect later. Throws NotConfirmedError if none comes, and what the store says if it
 * surely did nothing. `firstWaitMs` is the wait before the second try; it doubles with each.
 */
export async function putIfAbsent(
  client: ObjectClient,
  key: string,
  body: string,
  firstWaitMs = FIRST_WAIT_MS,
): Promise<boolean> {
  let isOpen = false;
  return untilConfirmed(firstWaitMs, async () => {
    let failure: unknown;
    try {
      await client.putIfAbsent(key, body);
      return { isOurs: true };
    } catch (error) {
      failure = error;
      if (!isRefusal(statusOf(error))) isOpen = true;
      else if (!isOpen) throw error;
    }
    try {
      return { isOurs: (await textOf(client, key)) === body };
    } catch (error) {
      return { failure: statusOf(error) === 404 ? failure : error };
    }
  });
}

/**
 * Puts an object in the place of what it is, or of none, if `isStill` says of that (undefined for none) that it may go. True if it
 * now has `body`, false if it has something else; of several who do so at once one is told true. The store must honour
 * If-Match. What an answer leaves open is found out by reading, as in `putIfAbsent`, whose errors and waits it has.
 */
export async function putIfStill(
  client: ObjectClient,
  key: string,
  isStill: (found: Buffer | undefined) => boolean,
  body: string,
  firstWaitMs = FIRST_WAIT_MS,
): Promise<boolean> {
  let isOpen = false;
  return untilConfirmed(firstWaitMs, async () => {
    try {
      const found = await client.read(key);
      if (isOpen && found?.body.toString("utf8") === body) return { isOurs: true };
      if (!isStill(found?.body)) return { isOurs: false };
      if (found === undefined) await client.putIfAbsent(key, body);
      else await client.putIfSame(key, body, found.tag);
      return { isOurs: true };
    } catch (error) {
      const status = statusOf(error);
      if (isRefusal(status) && status !== 404) throw error;
      isOpen = true;
      return { failure: error };
    }
  });
}

/** What a try made certain, or why it left the outcome open. */
type Tried = { readonly isOurs: boolean } | { readonly failure: unknown };

/** Tries, with waits that double, until the outcome is certain. Throws NotConfirmedError if no try made it so. */
async function untilConfirmed(firstWaitMs: number, attempt: () => Promise<Tried>): Promise<boolean> {
  let failure: unknown;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await sleep(Math.min(firstWaitMs * 2 ** (tries - 1), LONGEST_WAIT_MS));
    const tried = await attempt();
    if ("isOurs" in tried) return tried.isOurs;
    failure = tried.failure;
  }
  throw new NotConfirmedError(failure instanceof Error ? failure.message : String(failure), {
    cause: failure,
  });
}

/** Answers after which the object may be there all the same: in time, or written by an earlier try of ours. */
const OPEN: ReadonlySet<number> = new Set([408, 409, 412, 429]);

/** True if a request that was answered so surely had no effect. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && !OPEN.has(status);
}

/** The whole object as text. */
export async function textOf(client: ObjectClient, key: string): Promise<string> {
  return (await bytesOf(client, key)).toString("utf8");
}

/** The whole object. */
export async function bytesOf(client: ObjectClient, key: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await client.get(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}
