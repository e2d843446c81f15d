import type { Account, FileAccount } from "./account.js";
import type { Action } from "./actions.js";
import { encodePath } from "./paths.js";
import { FORMAT_VERSION } from "./rules.js";
import type { LakeFile } from "./snapshot.js";
import { statsText } from "./stats.js";
import { transactionsOf } from "./transactions.js";

/** What a log entry is made of. */
export interface EntryParts {
  readonly version: number;
  readonly account: Account;
  readonly accountId: string;
  readonly removed: readonly LakeFile[];
  readonly dataChange: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The actions of the log entry of a commit. */
export function entryOf({ version, account, accountId, removed, dataChange, now }: EntryParts): Action[] {
  const { source, hours, files, operation, commit } = account;
  return [
    {
      commitInfo: {
        timestamp: now,
        operation: `ampframe ${operation}`,
        engineInfo: "ampframe",
        operationParameters: { source: source.id, project: source.project },
        ampframe: { formatVersion: FORMAT_VERSION, commit, account: accountId },
      },
    },
    ...transactionsOf(
      version,
      accountId,
      source.id,
      hours.map(({ hour }) => hour),
      now,
    ).map((txn) => ({ txn })),
    ...removed.map(({ add }) => ({
      remove: {
        path: add.path,
        deletionTimestamp: now,
        dataChange,
        extendedFileMetadata: true,
        partitionValues: add.partitionValues,
        size: add.size,
      },
    })),
    ...files.map((file) => ({ add: addOf(file, dataChange, now) })),
  ];
}

function addOf(file: FileAccount, dataChange: boolean, now: number) {
  return {
    path: encodePath(file.path),
    partitionValues: { app: file.app === null ? null : String(file.app), upload_date: file.uploadDate },
    size: file.bytes,
    modificationTime: now,
    dataChange,
    stats: statsText(file.rows, file.eventTime, file.serverUploadTime),
  };
}
