import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownerState, parseOwner, thisOwner } from "../owner.js";

const OWNER = "owner.json";
/** A folder that does not yet say whose it is, is let live this long. */
const GRACE_MS = 3_600_000;

/** Folders to be removed when the process ends. */
const leaving = new Set<string>();

function removeAll(): void {
  for (const folder of leaving) rmSync(folder, { recursive: true, force: true });
}

/** The folder of one run on this machine, for a lake that lies elsewhere. It is made when it is first asked for. */
export class LocalRun {
  /** Absolute. */
  readonly folder: string;
  readonly #runs: string;
  #made: Promise<void> | undefined;

  /** `runs` is the absolute path of the folder of all runs. */
  constructor(runs: string) {
    this.#runs = runs;
    this.folder = join(runs, randomUUID());
  }

  /** Makes the folder, and removes those of runs whose process is gone. */
  make(): Promise<void> {
    this.#made ??= this.#make();
    return this.#made;
  }

  /** Removes the folder, if it was made; it can be made again. */
  async close(): Promise<void> {
    if (this.#made === undefined) return;
    await this.#made.catch(() => undefined);
    this.#made = undefined;
    leaving.delete(this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #make(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (!process.listeners("exit").includes(removeAll)) process.on("exit", removeAll);
    leaving.add(this.folder);
    await writeFile(join(this.folder, OWNER), JSON.stringify(thisOwner(Date.now())));
    for (const name of await readdir(this.#runs)) {
      const folder = join(this.#runs, name);
      if (folder !== this.folder && (await isDead(folder)))
        await rm(folder, { recursive: true, force: true });
    }
  }
}

async function isDead(folder: string): Promise<boolean> {
  const owner = parseOwner(await readFile(join(folder, OWNER), "utf8").catch(() => ""));
  if (owner) return ownerState(owner) === "dead";
  const made = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now();
  return made < Date.now() - GRACE_MS;
}
