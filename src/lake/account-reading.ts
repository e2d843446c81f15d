import type { Account } from "./account.js";
import { parseAccount } from "./account-json.js";
import type { Fault } from "./fault.js";
import { errorCode } from "./files.js";
import { listSegments, readAccountLines, type Segment } from "./gathered.js";
import { ACCOUNTS, accountPath, GATHERED, STAGING } from "./paths.js";
import { contentId } from "./sha256.js";
import type { Snapshot } from "./snapshot.js";
import type { LakeStore } from "./store/lake-store.js";
import { committedAccounts } from "./transactions.js";

/** An account as it was found on the disk. */
export interface AccountReading {
  readonly version: number;
  readonly id: string;
  /** Undefined if neither its own file nor a gathered copy holds it. */
  readonly account: Account | undefined;
  readonly faults: readonly Fault[];
}

/**
 * Every committed account of `snapshot`, in the order of versions, each from its own file; where that is missing or
 * altered, which is a fault, from its gathered copy. Throws nothing but what the disk throws at listing folders.
 */
export async function* readAccounts(store: LakeStore, snapshot: Snapshot): AsyncGenerator<AccountReading> {
  const copies = new Copies(store);
  for (const [id, version] of [...committedAccounts(snapshot)].sort((a, b) => a[1] - b[1])) {
    const path = accountPath(version, id);
    const own = await readOwn(path, id, store);
    const text = own.text ?? (await copies.find(version, id));
    const faults: Fault[] = [];
    const what = `account of version ${version}`;
    if (own.text === undefined) {
      const rest = text === undefined ? "" : "; its gathered copy is whole";
      faults.push({ what, found: `${own.found}${rest}`, expected: `${path} with a SHA-256 from ${id}` });
    }
    let account: Account | undefined;
    try {
      account = text === undefined ? undefined : parseAccount(text, path);
    } catch (error) {
      faults.push({ what, found: (error as Error).message, expected: "an account of format 1" });
    }
    yield { version, id, account, faults };
  }
}

async function readOwn(
  path: string,
  id: string,
  store: LakeStore,
): Promise<{ readonly text?: string; readonly found: string }> {
  try {
    const text = (await store.read(path)).toString("utf8");
    if (contentId(text) === id) return { text, found: "" };
    return { found: `altered: its SHA-256 begins with ${contentId(text)}` };
  } catch (error) {
    return { found: errorCode(error) === "ENOENT" ? "missing" : (error as Error).message };
  }
}

/** Gathered copies, one segment in memory at a time. */
class Copies {
  #segments: Promise<Segment[]> | undefined;
  #at: Segment | undefined;
  #texts = new Map<string, string>();

  constructor(private readonly store: LakeStore) {}

  async find(version: number, id: string): Promise<string | undefined> {
    this.#segments ??= listSegments(this.store);
    for (const segment of await this.#segments) {
      if (segment.from > version || segment.to < version) continue;
      if (segment !== this.#at) {
        const lines = (await readAccountLines(this.store, segment)) ?? [];
        [this.#at, this.#texts] = [segment, new Map(lines.map((line) => [contentId(line), line]))];
      }
      const text = this.#texts.get(id);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

const GATHERED_FILE = /-([0-9a-f]{16})-([0-9a-f]{16})\.(summary|accounts)\.ndjson$/;

/** The gathered files whose content is not what their name says, or whose other half is gone. */
export async function wrongGathered(store: LakeStore): Promise<Fault[]> {
  const faults: Fault[] = [];
  const names = await store.list(GATHERED);
  for (const name of names.sort()) {
    const parts = GATHERED_FILE.exec(name);
    if (!parts) continue;
    const what = `${GATHERED}/${name}`;
    const id = parts[3] === "accounts" ? parts[1] : parts[2];
    const found = await readOwn(what, id ?? "", store);
    // A run that is at work replaces gathered files; a name that is gone from the folder is no fault.
    const gone = async () => !(await store.list(GATHERED)).includes(name);
    if (found.text === undefined && !(await gone())) {
      faults.push({ what, found: found.found, expected: `a SHA-256 from ${id}, as its name says` });
    }
    const other = name.replace(".summary.", ".accounts.");
    if (!names.includes(other) && !(await gone())) {
      faults.push({
        what: `${GATHERED}/${other}`,
        found: "missing",
        expected: "the accounts of its summary",
      });
    }
  }
  return faults;
}

/**
 * Accounts that were written for a commit which the log does not hold, though no run is about to make it: their log
 * entries are lost. `newest` gives the newest table.
 */
export async function lostEntries(store: LakeStore, newest: () => Promise<Snapshot>): Promise<Fault[]> {
  const names = await store.list(ACCOUNTS);
  const intended = await intendedAccounts(store);
  const committed = committedAccounts(await newest());
  return names.sort().flatMap((name) => {
    const id = /^\d{20}-([0-9a-f]{16})\.json$/.exec(name)?.[1];
    if (id === undefined || committed.has(id) || intended.has(id)) return [];
    const version = Number(name.slice(0, 20));
    return [
      {
        what: `log entry of version ${version}`,
        found: `no transaction for the account ${ACCOUNTS}/${name}`,
        expected: "the entry with which it was committed",
      },
    ];
  });
}

/** Accounts that runs, alive or killed, were about to commit. */
async function intendedAccounts(store: LakeStore): Promise<Set<string>> {
  const intended = new Set<string>();
  for (const run of await store.list(STAGING)) {
    const folder = `${STAGING}/${run}`;
    for (const name of await store.list(folder).catch(() => [])) {
      if (!name.startsWith("intent-")) continue;
      try {
        const text = (await store.read(`${folder}/${name}`)).toString("utf8");
        intended.add(JSON.parse(text).account);
      } catch {}
    }
  }
  return intended;
}
