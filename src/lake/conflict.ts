import type { AccountSummary } from "./account.js";
import type { Change } from "./change.js";
import { copiesDropped } from "./copies-dropped.js";
import { loadedInputs } from "./hour-states.js";
import type { Snapshot } from "./snapshot.js";
import { hourTransaction } from "./transactions.js";

/**
 * Why `change`, planned on an older table, must not be applied to `latest`, as a sentence; null if it may.
 * `accounts` gives those that were committed since.
 */
export async function conflictWith(
  change: Change,
  latest: Snapshot,
  accounts: () => Promise<readonly AccountSummary[]>,
): Promise<string | null> {
  const { basedOn, account } = change;
  if (latest.version === basedOn.version) return null;
  for (const { hour, mark } of account.hours) {
    const id = hourTransaction(account.source.id, hour);
    const [before, now] = [basedOn.transactions.get(id)?.version, latest.transactions.get(id)?.version];
    if (mark !== "loaded" && before !== now) {
      return `Hour ${hour} was brought by another run, in version ${now}.`;
    }
  }
  const gone = (change.remove ?? []).find((path) => !latest.files.has(path));
  if (gone !== undefined) return `The file ${gone} was replaced by another run.`;
  const since = account.inputs.length > 0 || change.remove?.length ? await accounts() : [];
  const replaced = new Set(change.remove?.length ? account.hours.map(({ hour }) => hour) : []);
  for (const [hour, copies] of copiesDropped(since, account.source.id, replaced)) {
    if (copies > 0) return `Another run has dropped copies in favour of rows of hour ${hour}.`;
  }
  const loaded = loadedInputs(since);
  const twice = account.inputs.find(({ sha256 }) => loaded.has(sha256));
  if (twice) return `The input ${twice.name} was loaded by another run.`;
  return (await change.recheck?.(latest)) ?? null;
}
