import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LakeError } from "../errors/index.js";
import { ensureFolder, ensureRoot } from "./ensure-folder.js";
import { guarded } from "./failure.js";
import { diskFiles, errorCode, type LakeFiles } from "./files.js";
import { type Owner, ownerState, parseOwner, thisOwner } from "./owner.js";
import { inLake, LOCK, OURS } from "./paths.js";

interface Held {
  readonly token: string;
  readonly owner: Owner | undefined;
}

/** Which lock of a lake to take, and how long to wait for whoever has it. */
export interface LockOptions {
  /** Path of the lock's file inside the lake; default the one of `pull --every`. */
  readonly path?: string;
  /** Default 0. */
  readonly patienceMs?: number;
}

const LOOK_AGAIN_MS = 20;

/**
 * Takes the lock of the lake at `dir`, so that two runs do not do the same work. What is committed is right
 * without it. A lock whose process is gone (kill −9, power cut) is taken over.
 * Returns what gives it back. Throws LakeError, saying who holds it, if it is taken and stays so.
 */
export async function acquireLock(
  dir: string,
  files: LakeFiles = diskFiles,
  now: () => number = Date.now,
  { path = LOCK, patienceMs = 0 }: LockOptions = {},
): Promise<() => Promise<void>> {
  const token = randomUUID();
  const lock = inLake(dir, path);
  const until = performance.now() + patienceMs;
  const mine = `${lock}.${token}`;
  return guarded(`locking the lake ${dir}`, async () => {
    await ensureRoot(dir, files);
    await ensureFolder(dir, OURS, files);
    await files.write(mine, JSON.stringify({ token, ...thisOwner(now()) }));
    try {
      while (!(await linked(mine, lock, files))) {
        try {
          await breakIfStale(dir, lock, `${mine}.stale`, files);
        } catch (error) {
          if (!(error instanceof LakeError) || performance.now() >= until) throw error;
          await sleep(LOOK_AGAIN_MS);
        }
      }
    } finally {
      await files.remove(mine).catch(() => undefined);
    }
    return () =>
      guarded(`unlocking the lake ${dir}`, async () => {
        if ((await held(lock, files))?.token === token) await files.remove(lock);
      });
  });
}

/** Who holds the lock of the lake at `dir`, and whether that process still runs; undefined if it is free. */
export async function lockHolder(
  dir: string,
  files: LakeFiles = diskFiles,
): Promise<{ readonly owner: Owner; readonly state: "alive" | "dead" | "unknown" } | undefined> {
  const owner = (await held(inLake(dir, LOCK), files))?.owner;
  return owner && { owner, state: ownerState(owner) };
}

async function linked(from: string, to: string, files: LakeFiles): Promise<boolean> {
  try {
    await files.link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function held(lock: string, files: LakeFiles): Promise<Held | undefined> {
  try {
    const text = (await files.read(lock)).toString("utf8");
    const token: unknown = /"token":"([^"]*)"/.exec(text)?.[1];
    return { token: String(token), owner: parseOwner(text) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Returns if the lock is free to try for again. */
async function breakIfStale(dir: string, lock: string, aside: string, files: LakeFiles): Promise<void> {
  const found = await held(lock, files);
  if (!found) return;
  const state = found.owner ? ownerState(found.owner) : "dead";
  if (state !== "dead" && found.owner) throw taken(dir, lock, found.owner, state);
  try {
    await files.rename(lock, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  const moved = await held(aside, files);
  if (moved && moved.token !== found.token) await linked(aside, lock, files);
  await files.remove(aside);
}

function taken(dir: string, lock: string, owner: Owner, state: "alive" | "unknown"): LakeError {
  const who = owner.pid === process.pid && state === "alive" ? "this process" : `process ${owner.pid}`;
  return new LakeError(
    `The lake ${dir} is in use by ${who} on ${owner.host} since ${owner.at}.`,
    state === "alive"
      ? "Wait until it ends, or end it; its lock then frees itself."
      : `If that process has ended, remove the file ${lock}; it runs on another machine or in a container.`,
  );
}
