import type { Hour } from "../hour.js";
import type { FileAccount, Source } from "../lake/account.js";
import type { CommittedAccount } from "../lake/account-store.js";
import type { Snapshot } from "../lake/snapshot.js";
import type { LakeTable } from "../lake/table.js";

/** A data file of the table, and where its rows came from. */
export interface FileOrigin {
  readonly file: FileAccount;
  readonly source: Source;
  /** Hours for which answers of the Export API brought the file's rows of that hour. */
  readonly answered: ReadonlySet<Hour>;
}

/**
 * Where the rows of each file of the newest table came from, by path. Files of other writers have no account, and
 * so are not among them.
 */
export async function fileOrigins(table: LakeTable): Promise<Map<string, FileOrigin>> {
  const snapshot = await table.refresh();
  return originsIn(snapshot, table.accounts());
}

/** The same of a state of the table, as far as `accounts`, in the order of versions, tell. */
export async function originsIn(
  snapshot: Snapshot,
  accounts: AsyncIterable<CommittedAccount>,
): Promise<Map<string, FileOrigin>> {
  const origins = new Map<string, FileOrigin>();
  for await (const { account } of accounts) {
    const { source, operation } = account;
    const before = account.removed.flatMap((path) => [...(origins.get(path)?.answered ?? [])]);
    const asked = account.hours.filter(({ mark }) => mark === "held").map(({ hour }) => hour);
    const answered = new Set(operation === "compact" || operation === "forget" ? before : asked);
    for (const file of account.files) {
      const own = file.compacted === "others" ? new Set<Hour>() : answered;
      origins.set(file.path, { file, source, answered: own });
    }
  }
  for (const path of [...origins.keys()]) if (!snapshot.files.has(path)) origins.delete(path);
  return origins;
}
