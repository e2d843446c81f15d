import { randomUUID } from "node:crypto";
import { join } from "node:path";
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
}

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

  /** A free path in the folder; `name` makes it known to a reader. */
  beside(name: string): string {
    return join(this.folder, `${randomUUID()}-${name}`);
  }

  /** Notes what a commit is about to do, in the lake. Returns what strikes the note out again. */
  async intend(intent: Intent): Promise<() => Promise<void>> {
    const path = `${STAGING}/${this.#run}/intent-${randomUUID()}.json`;
    await this.#store.write(path, JSON.stringify(intent));
    return () => this.#store.remove(path);
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

/** The folders, inside the lake, of runs whose process is gone. */
export async function deadStaging(store: LakeStore, now: number): Promise<string[]> {
  const dead: string[] = [];
  for (const name of await store.list(STAGING)) {
    const folder = `${STAGING}/${name}`;
    const owner = await readOwner(`${folder}/${OWNER}`, store);
    if (owner) {
      if (ownerState(owner) === "dead") dead.push(folder);
    } else {
      const { modified } = (await store.stat(folder)) ?? { modified: now };
      if (modified < now - GRACE_MS) dead.push(folder);
    }
  }
  return dead;
}

/**
 * Removes a dead run's folder (inside the lake), and the files that it had put among the table's but never committed.
 * `isCommitted(account)` must know the table as it was after that run died.
 */
export async function clearStaging(
  store: LakeStore,
  folder: string,
  isCommitted: (account: string) => boolean,
): Promise<void> {
  for (const name of (await store.list(folder)).filter((name) => INTENT.test(name))) {
    const intent = parseIntent((await store.read(`${folder}/${name}`)).toString("utf8"));
    if (!intent || isCommitted(intent.account)) continue;
    for (const path of intent.files.filter(isDataFile)) await store.remove(path);
    await removeAccount(store, intent.account);
  }
  await store.removeFolder(folder);
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
