import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { LakeError } from "../errors/index.js";
import { ownerState, parseOwner, thisOwner } from "./owner.js";
import { ACCOUNTS, isDataFile, STAGING } from "./paths.js";
import type { LakeStore } from "./store/lake-store.js";

const OWNER = "owner.json";
const INTENT = /^intent-.*\.json$/;
/** A run's folder that does not yet say whose it is, is let live this long. */
const GRACE_MS = 3_600_000;

/** What a commit is about to put among the table's files; of use only after a kill, to take it out again. */
export interface Intent {
  readonly account: string;
  /** Paths inside the lake. */
  readonly files: readonly string[];
  /** The version that it is to become; renewed before each attempt where writes may be late. */
  readonly version: number;
}

/** A note of a commit under way. */
export interface Note {
  /** Writes it anew for another version, where that matters. */
  renew(version: number): Promise<void>;
  /** Throws LakeError if the note is so old that others may have taken the commit for dead and its files away. */
  requireYoung(): void;
  /** Strikes it out. */
  strike(): Promise<void>;
}

/**
 * A run of another machine that has given no sign for so long is taken for dead, in a bucket; it must not commit by then.
 * A request that it has sent before is refused by then too, for its signature holds for minutes.
 */
const LEASE_MS = 24 * 3_600_000;
const LONGEST_COMMIT_MS = LEASE_MS / 2;

/** The folder in which one run writes its files before they join the lake. */
export class Staging {
  /** Absolute, on this machine's disk. */
  readonly folder: string;
  readonly #run: string;
  readonly #store: LakeStore;

  private constructor(folder: string, run: string, store: LakeStore) {
    this.folder = folder;
    this.#run = run;
    this.#store = store;
  }

  /** Makes a folder for this run of the lake in `store`. */
  static async open(store: LakeStore, now: number): Promise<Staging> {
    const run = randomUUID();
    const folder = await store.scratch(run);
    await store.write(`${STAGING}/${run}/${OWNER}`, JSON.stringify(thisOwner(now)));
    return new Staging(folder, run, store);
  }

  /** What time it is by the clock that dates the lake's files: the disk's is this machine's, `now`. */
  async storeTime(now: number): Promise<number> {
    if (!this.#store.lateWrites) return now;
    return (await this.#store.stat(`${STAGING}/${this.#run}/${OWNER}`))?.modified ?? 0;
  }

  /** Path, inside the lake, of the folder of this run there. It goes with the run, whatever is in it. */
  get inLake(): string {
    return `${STAGING}/${this.#run}`;
  }

  /** A free path in the folder; `name` makes it known to a reader. */
  beside(name: string): string {
    return join(this.folder, `${randomUUID()}-${name}`);
  }

  /** Notes what a commit is about to do, in the lake. */
  async intend(intent: Intent): Promise<Note> {
    const store = this.#store;
    const path = `${STAGING}/${this.#run}/intent-${randomUUID()}.json`;
    let written = intent.version;
    let clocks = [performance.now(), Date.now()] as const;
    await store.write(path, JSON.stringify(intent));
    return {
      async renew(version) {
        if (!store.lateWrites || version === written) return;
        requireYoung(clocks);
        const before = [performance.now(), Date.now()] as const;
        await store.write(path, JSON.stringify({ ...intent, version }));
        [written, clocks] = [version, before];
      },
      requireYoung: () => store.lateWrites && requireYoung(clocks),
      strike: () => store.remove(path),
    };
  }

  /** Removes the folder and all that is left in it; the notes stay if a commit could not be taken back. */
  async close(): Promise<void> {
    const notes = `${STAGING}/${this.#run}`;
    const names = await this.#store.list(notes);
    if (names.some((name) => INTENT.test(name))) return;
    await this.#store.removeFolder(notes);
    await this.#store.removeScratch(this.#run);
  }
}

/** Neither clock alone sees everything: one stands still while a machine sleeps, the other can be set. */
function requireYoung([ticks, time]: readonly [number, number]): void {
  if (Math.max(performance.now() - ticks, Date.now() - time) < LONGEST_COMMIT_MS) return;
  throw new LakeError(
    `The commit has taken more than ${LONGEST_COMMIT_MS / 3_600_000} hours; by then others may take its run for dead.`,
    "Run the command again; nothing was committed.",
  );
}

/** The folders, inside the lake, of runs whose process is gone. `now` is the time of the store, as `storeTime` gives it. */
export async function deadStaging(store: LakeStore, now: number): Promise<string[]> {
  const dead: string[] = [];
  for (const name of await store.list(STAGING)) {
    const folder = `${STAGING}/${name}`;
    const owner = await readOwner(`${folder}/${OWNER}`, store);
    const state = owner ? ownerState(owner) : "nameless";
    if (state === "dead") dead.push(folder);
    else if (state === "nameless" || (state === "unknown" && store.lateWrites)) {
      const patience = store.lateWrites ? LEASE_MS : GRACE_MS;
      if ((await lastSign(store, folder, now)) < now - patience) dead.push(folder);
    }
  }
  return dead;
}

/** When anything in a run's folder was written last, by the store's clock. */
async function lastSign(store: LakeStore, folder: string, now: number): Promise<number> {
  if (!store.lateWrites) return (await store.stat(folder))?.modified ?? now;
  let last: number | undefined;
  for await (const { modified } of store.walk(folder)) last = Math.max(last ?? modified, modified);
  return last ?? now;
}

/**
 * Removes a dead run's folder (inside the lake), and the files that it had put among the table's but never committed.
 * `isCommitted(account)` must know the table as it was after that run died. False if something must wait: where writes may
 * be late, a commit can still come until another stands at its version, and the newest one is `latest`.
 */
export async function clearStaging(
  store: LakeStore,
  folder: string,
  isCommitted: (account: string) => boolean,
  latest: number,
): Promise<boolean> {
  let mustWait = false;
  for (const name of (await store.list(folder)).filter((name) => INTENT.test(name))) {
    const intent = parseIntent((await store.read(`${folder}/${name}`)).toString("utf8"));
    if (!intent || isCommitted(intent.account)) continue;
    if (store.lateWrites && latest < intent.version) {
      mustWait = true;
      continue;
    }
    for (const path of intent.files.filter(isDataFile)) await store.remove(path);
    await removeAccount(store, intent.account);
  }
  if (!mustWait) await store.removeFolder(folder);
  return !mustWait;
}

/** Removes the file of an account that was not committed, whichever version it was tried for. */
export async function removeAccount(store: LakeStore, id: string): Promise<void> {
  for (const name of await store.list(ACCOUNTS)) {
    if (name.endsWith(`-${id}.json`)) await store.remove(`${ACCOUNTS}/${name}`);
  }
}

async function readOwner(path: string, store: LakeStore): Promise<ReturnType<typeof parseOwner>> {
  if (!(await store.stat(path))) return undefined;
  return parseOwner((await store.read(path)).toString("utf8"));
}

/** A note that was cut short names nothing: the commit had not begun to move files. */
function parseIntent(text: string): Intent | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
