import type { Account } from "./account.js";
import type { Action, AddAction } from "./actions.js";
import { wrongAdd } from "./add-proof.js";
import type { Fault } from "./fault.js";
import { decodePath } from "./paths.js";
import { transactionsOf } from "./transactions.js";

/** A log entry, and the account of the commit that wrote it. */
export interface ProvenEntry {
  readonly version: number;
  readonly accountId: string;
  readonly account: Account;
  readonly actions: readonly Action[];
}

/** What a log entry says that its account does not, and the other way round: files, partings, transactions. */
export function wrongEntry(entry: ProvenEntry): Fault[] {
  const { version, account, accountId, actions } = entry;
  const what = `log entry of version ${version}`;
  const faults: Fault[] = [];
  const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo?.ampframe;
  if (info?.commit !== account.commit || info.account !== accountId) {
    faults.push({
      what,
      found: info ? `commit ${info.commit}, account ${info.account}` : "no commitInfo of ampframe",
      expected: `commit ${account.commit}, account ${accountId}`,
    });
  }
  for (const kind of ["metaData", "protocol"] as const) {
    if (actions.some((action) => action[kind])) {
      faults.push({ what, found: `an action ${kind}`, expected: "none: commits of events have none" });
    }
  }
  const adds = actions.flatMap(({ add }) => add ?? []);
  const removed = actions.flatMap(({ remove }) => remove?.path ?? []).map(plain);
  return [
    ...faults,
    ...wrongAdds(what, adds, account),
    ...differing(what, "takes out", removed, account.removed),
    ...differing(what, "has the transaction", transactionsIn(actions), dueTransactions(entry)),
  ];
}

function wrongAdds(what: string, adds: readonly AddAction[], account: Account): Fault[] {
  const dataChange = account.operation === "pull" || account.operation === "load";
  const added = new Map(adds.map((add) => [plain(add.path), add]));
  return [
    ...differing(
      what,
      "adds",
      adds.map(({ path }) => plain(path)),
      account.files.map(({ path }) => path),
    ),
    ...account.files.flatMap((file) => {
      const add = added.get(file.path);
      return add ? wrongAdd(add, file, true) : [];
    }),
    ...adds
      .filter((add) => dataChange && add.dataChange !== true)
      .map(({ path }) => ({ what: plain(path), found: "dataChange false in the log", expected: "true" })),
  ];
}

/** Each of two lists that the other has not, or has less often. */
function differing(what: string, verb: string, found: readonly string[], due: readonly string[]): Fault[] {
  const surplus = new Map<string, number>();
  for (const item of found) surplus.set(item, (surplus.get(item) ?? 0) + 1);
  for (const item of due) surplus.set(item, (surplus.get(item) ?? 0) - 1);
  return [...surplus]
    .filter(([, times]) => times !== 0)
    .map(([item, times]) =>
      times > 0
        ? { what, found: `${verb} ${item}`, expected: "nothing of it, as its account says" }
        : { what, found: "nothing of it", expected: `${verb} ${item}` },
    );
}

function transactionsIn(actions: readonly Action[]): string[] {
  return actions.flatMap(({ txn }) => (txn ? [`${txn.appId} at ${txn.version}`] : []));
}

function dueTransactions({ version, account, accountId }: ProvenEntry): string[] {
  const hours = account.hours.map(({ hour }) => hour);
  return transactionsOf(version, accountId, account.source.id, hours, 0).map(
    (txn) => `${txn.appId} at ${txn.version}`,
  );
}

const plain = (path: string): string => decodePath(path) ?? path;
