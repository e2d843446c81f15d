import type { Hour } from "../hour.js";
import type { AccountSummary, HourAccount } from "./account.js";

/**
 * How many copies were dropped in favour of rows of each of `hours` that answers for it have brought for `source`:
 * copies in answers for other hours, in files loaded by hand, left out by compaction, and of other projects. While there are any, no row
 * of the hour may go without its copy. Only the last answer with events counts for an hour, for it replaced those
 * before; `hours` themselves are about to be replaced, so what their old answers had dropped does not count.
 */
export function copiesDropped(
  accounts: Iterable<AccountSummary>,
  source: string,
  hours: ReadonlySet<Hour>,
): Map<Hour, number> {
  const answers = new Map<string, HourAccount>();
  const loaded: HourAccount[] = [];
  for (const account of accounts) {
    for (const hour of account.hours) {
      const key = `${account.source.id} ${hour.hour}`;
      if (hour.mark === "loaded" || account.operation === "compact") loaded.push(hour);
      else if (account.source.id === source && hours.has(hour.hour)) continue;
      else if (hour.loaded > 0) answers.set(key, hour);
    }
  }
  const dropped = new Map<Hour, number>();
  const add = (hour: Hour, copies: number) => {
    if (copies > 0 && hours.has(hour)) dropped.set(hour, (dropped.get(hour) ?? 0) + copies);
  };
  for (const { hour, duplicates, keptBy = {} } of [...loaded, ...answers.values()]) {
    for (const [kept, copies] of Object.entries(keptBy)) add(kept as Hour, copies);
    add(hour, duplicates - sum(keptBy));
  }
  return dropped;
}

function sum(copies: Readonly<Record<string, number>>): number {
  return Object.values(copies).reduce((total, count) => total + count, 0);
}
