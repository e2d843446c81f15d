import { randomUUID } from "node:crypto";
import { CancelledError, LakeError } from "../errors/index.js";
import type { Account, AccountSummary, FileAccount } from "./account.js";
import { formatAccount } from "./account-json.js";
import { brokenIdentities } from "./account-proof.js";
import type { Change } from "./change.js";
import { conflictWith } from "./conflict.js";
import { entryOf } from "./entry.js";
import { errorCode, type LakeFiles } from "./files.js";
import { accountPath, partitionFolder } from "./paths.js";
import { putEntry } from "./put-entry.js";
import { requireReadable, requireWritable } from "./rules.js";
import { contentId, fileSha256 } from "./sha256.js";
import type { LakeFile, Snapshot } from "./snapshot.js";
import type { Note, Staging } from "./staging.js";
import type { LakeStore } from "./store/lake-store.js";

/** What a commit needs of its table. */
export interface CommitPlace {
  readonly store: LakeStore;
  readonly staging: Staging;
  readonly now: () => number;
  /** The newest state of the table. */
  readonly refresh: () => Promise<Snapshot>;
  /** The accounts of the newest table that were committed after a version. */
  readonly accountsSince: (version: number) => Promise<readonly AccountSummary[]>;
}

/** A change that stands in the log, or why it must not. */
export type CommitResult =
  | { readonly kind: "committed"; readonly version: number; readonly account: Account }
  | { readonly kind: "conflict"; readonly reason: string; readonly latest: Snapshot };

/**
 * Applies `change` to the newest table, or finds that it must not be. In this order, each step on the disk
 * before the next: a note of what is meant, the data files under their names, the account, the log entry.
 */
export async function commitChange(place: CommitPlace, change: Change): Promise<CommitResult> {
  const latest = await place.refresh();
  const refusal = await refusalOf(place, change, latest);
  if (refusal !== null) return { kind: "conflict", reason: refusal, latest };
  const account = await draftAccount(place, change);
  const text = formatAccount(account);
  const id = contentId(text);
  const paths = account.files.map(({ path }) => path);
  const note = await place.staging.intend({ account: id, files: paths, version: latest.version + 1 });
  const undo = new Undo();
  try {
    const result = await settle(place, change, account, text, id, latest, undo, note);
    if (result.kind === "unsure") throw result.error;
    return result;
  } finally {
    if (undo.isClear) await note.strike().catch(() => undefined);
  }
}

async function settle(
  place: CommitPlace,
  change: Change,
  account: Account,
  text: string,
  id: string,
  newest: Snapshot,
  undo: Undo,
  note: Note,
): Promise<CommitResult | { kind: "unsure"; error: LakeError }> {
  const { store } = place;
  let latest = newest;
  try {
    await moveFiles(place, change, account.files, undo);
    for (;;) {
      cancelIf(change.signal);
      const version = latest.version + 1;
      await note.renew(version);
      await placeAccount(place, version, id, text, undo);
      const removed = (change.remove ?? []).map((path) => fileIn(latest, path));
      const parts = { version, account, accountId: id, removed, now: place.now() };
      const entry = entryOf({ ...parts, dataChange: change.dataChange ?? true });
      const temporary = place.staging.beside(`${version}.json`);
      note.requireYoung();
      const outcome = await putEntry(store, version, entry, temporary);
      if (outcome.kind === "unsure") return outcome;
      if (outcome.kind === "won") {
        undo.forget();
        return { kind: "committed", version, account };
      }
      await store.remove(accountPath(version, id));
      latest = await place.refresh();
      const reason = await refusalOf(place, change, latest);
      if (reason === null) continue;
      await undo.all();
      return { kind: "conflict", reason, latest };
    }
  } catch (error) {
    await undo.all();
    throw error;
  }
}

async function refusalOf(place: CommitPlace, change: Change, latest: Snapshot): Promise<string | null> {
  requireReadable(place.store.location, latest);
  requireWritable(place.store.location, latest, (change.remove ?? []).length > 0);
  return conflictWith(change, latest, () => place.accountsSince(change.basedOn.version));
}

/** The account of `change` with its files measured, brought to the disk and given their names. */
async function draftAccount(place: CommitPlace, change: Change): Promise<Account> {
  const { disk } = place.store;
  const files: FileAccount[] = [];
  for (const staged of change.add) {
    cancelIf(change.signal);
    const { path, app, uploadDate, rows, eventTime, serverUploadTime, hours, compacted } = staged;
    const bytes = staged.bytes ?? (await bytesOnDisk(disk, path));
    const sha256 = staged.sha256 ?? (await fileSha256(path, disk));
    const name = `${partitionFolder(app, uploadDate)}/part-${randomUUID()}.parquet`;
    files.push({
      ...{ path: name, app, uploadDate, bytes, rows, sha256 },
      ...{ eventTime, serverUploadTime, hours },
      ...(compacted ? { compacted } : {}),
    });
  }
  const account: Account = {
    formatVersion: 1,
    commit: randomUUID(),
    ...change.account,
    at: new Date(place.now()).toISOString(),
    files,
    removed: change.remove ?? [],
  };
  const broken = brokenIdentities(account);
  if (broken.length === 0) return account;
  throw new LakeError(
    `The figures of this ${account.operation} do not agree, so it is not committed. ${broken.slice(0, 5).join(" ")}`,
    "Nothing was changed. This is a fault of ampframe: please report it with this message.",
  );
}

async function bytesOnDisk(disk: LakeFiles, path: string): Promise<number> {
  await disk.sync(path);
  const stat = await disk.stat(path);
  if (!stat) throw new LakeError(`The staged file ${path} is gone.`, "Run the command again.");
  return stat.bytes;
}

async function moveFiles(
  { store }: CommitPlace,
  change: Change,
  named: readonly FileAccount[],
  undo: Undo,
): Promise<void> {
  const moves = change.add.map(({ path }, i) => ({ from: path, to: named[i]?.path ?? "" }));
  for (const move of moves) undo.push(() => store.takeBack(move));
  await store.place(moves);
}

/** Writes the account under the name that it has if `version` is won. */
async function placeAccount(
  { store, staging }: CommitPlace,
  version: number,
  id: string,
  text: string,
  undo: Undo,
): Promise<void> {
  const path = accountPath(version, id);
  undo.push(() => store.remove(path));
  await store.put(path, text, staging.beside("account.json"));
}

function fileIn(latest: Snapshot, path: string): LakeFile {
  const file = latest.files.get(path);
  if (file) return file;
  throw new LakeError(
    `The file ${path} is to leave the table, but version ${latest.version} does not hold it.`,
    "Nothing was changed. Run the command again.",
  );
}

function cancelIf(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError("The commit was cancelled; nothing was changed.", "Run the command again.", {
    cause: signal.reason,
  });
}

/** Takes back what was done beside the log, last first. What fails is left to the next run. */
class Undo {
  #steps: (() => Promise<void>)[] = [];

  /** True if nothing is left to take back. */
  get isClear(): boolean {
    return this.#steps.length === 0;
  }

  push(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  forget(): void {
    this.#steps = [];
  }

  async all(): Promise<void> {
    const failed: (() => Promise<void>)[] = [];
    for (const step of this.#steps.reverse()) {
      await step().catch((error) => {
        if (errorCode(error) !== "ENOENT") failed.push(step);
      });
    }
    this.#steps = failed;
  }
}
