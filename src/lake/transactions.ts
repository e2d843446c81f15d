import type { Hour } from "../hour.js";
import type { TxnAction } from "./actions.js";
import type { Snapshot } from "./snapshot.js";

const ACCOUNT = "ampframe-account/";

/** The Delta application id under which the last commit of an hour of a source is counted. */
export function hourTransaction(source: string, hour: Hour): string {
  return `ampframe/${source}/${hour}`;
}

/** What a commit leaves in the log: its account's mark and, for each hour, that it was the last to touch it. */
export function transactionsOf(
  version: number,
  accountId: string,
  source: string,
  hours: readonly Hour[],
  lastUpdated: number,
): TxnAction[] {
  return [`${ACCOUNT}${accountId}`, ...hours.map((hour) => hourTransaction(source, hour))].map((appId) => ({
    appId,
    version,
    lastUpdated,
  }));
}

/** The ids of the accounts that were committed after version `since`, with the versions of their commits. */
export function committedAccounts(snapshot: Snapshot, since = -1): Map<string, number> {
  const accounts = new Map<string, number>();
  for (const { appId, version } of snapshot.transactions.values()) {
    if (version > since && appId.startsWith(ACCOUNT)) accounts.set(appId.slice(ACCOUNT.length), version);
  }
  return accounts;
}

/** True if the account is committed in `snapshot`. */
export function isCommitted(snapshot: Snapshot, accountId: string): boolean {
  return snapshot.transactions.has(`${ACCOUNT}${accountId}`);
}
