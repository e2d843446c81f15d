import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ensureFolder } from "./ensure-folder.js";
import type { LakeFiles } from "./files.js";
import { ownerState, parseOwner, thisOwner } from "./owner.js";
import { ACCOUNTS, inLake, isDataFile, STAGING } from "./paths.js";

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
  readonly folder: string;
  readonly #files: LakeFiles;

  private constructor(folder: string, files: LakeFiles) {
    this.folder = folder;
    this.#files = files;
  }

  /** Makes a folder for this run in the lake at `dir`. */
  static async open(dir: string, files: LakeFiles, now: number): Promise<Staging> {
    const folder = await ensureFolder(dir, `${STAGING}/${randomUUID()}`, files);
    await files.write(join(folder, OWNER), JSON.stringify(thisOwner(now)));
    return new Staging(folder, files);
  }

  /** A free path in the folder; `name` makes it known to a reader. */
  beside(name: string): string {
    return join(this.folder, `${randomUUID()}-${name}`);
  }

  /** Notes what a commit is about to do, on the disk. Returns what strikes the note out again. */
  async intend(intent: Intent): Promise<() => Promise<void>> {
    const path = join(this.folder, `intent-${randomUUID()}.json`);
    await this.#files.write(path, JSON.stringify(intent));
    return () => this.#files.remove(path);
  }

  /** Removes the folder and all that is left in it; it stays if a commit in it could not be taken back. */
  async close(): Promise<void> {
    const names = await this.#files.list(this.folder);
    if (!names.some((name) => INTENT.test(name))) await this.#files.removeFolder(this.folder);
  }
}

/** The folders of runs whose process is gone. */
export async function deadStaging(dir: string, files: LakeFiles, now: number): Promise<string[]> {
  const dead: string[] = [];
  for (const name of await files.list(inLake(dir, STAGING))) {
    const folder = inLake(dir, `${STAGING}/${name}`);
    const owner = await readOwner(join(folder, OWNER), files);
    if (owner) {
      if (ownerState(owner) === "dead") dead.push(folder);
    } else {
      const { modified } = (await files.stat(folder)) ?? { modified: now };
      if (modified < now - GRACE_MS) dead.push(folder);
    }
  }
  return dead;
}

/**
 * Removes a dead run's folder, and the files that it had put among the table's but never committed.
 * `isCommitted(account)` must know the table as it was after that run died.
 */
export async function clearStaging(
  dir: string,
  folder: string,
  isCommitted: (account: string) => boolean,
  files: LakeFiles,
): Promise<void> {
  for (const name of (await files.list(folder)).filter((name) => INTENT.test(name))) {
    const intent = parseIntent((await files.read(join(folder, name))).toString("utf8"));
    if (!intent || isCommitted(intent.account)) continue;
    for (const path of intent.files.filter(isDataFile)) {
      await files.remove(inLake(dir, path));
    }
    await removeAccount(dir, intent.account, files);
  }
  await files.removeFolder(folder);
}

/** Removes the file of an account that was not committed, whichever version it was tried for. */
export async function removeAccount(dir: string, id: string, files: LakeFiles): Promise<void> {
  for (const name of await files.list(inLake(dir, ACCOUNTS))) {
    if (name.endsWith(`-${id}.json`)) await files.remove(inLake(dir, `${ACCOUNTS}/${name}`));
  }
}

async function readOwner(path: string, files: LakeFiles): Promise<ReturnType<typeof parseOwner>> {
  if (!(await files.stat(path))) return undefined;
  return parseOwner((await files.read(path)).toString("utf8"));
}

/** A note that was cut short names nothing: the commit had not begun to move files. */
function parseIntent(text: string): Intent | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
