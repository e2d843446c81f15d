import { type Hour, hourStart, hoursIn } from "../hour.js";
import type { Account, HourAccount } from "./account.js";
import type { Fault } from "./fault.js";
import type { Snapshot } from "./snapshot.js";
import { hourTransaction } from "./transactions.js";

const HOUR_MS = 3_600_000;
/** No hour counts as settling longer than this, whatever its user chose: a week. */
const LONGEST_SETTLING_MS = 168 * HOUR_MS;

/**
 * What in a pull's account says another thing of its hours than its requests: no hour is held, empty or refused that
 * was not asked for, every hour that was asked for has a mark unless it was still settling, and empty and refused
 * hours have no events.
 */
export function wrongHours(account: Account): string[] {
  const sentences = account.hours.flatMap(wrongDuplicates);
  if (account.operation !== "pull") return sentences;
  const answered = account.hours.filter(({ mark }) => mark !== "loaded");
  const marked = new Set(answered.map(({ hour }) => hour));
  const asked = new Set<Hour>();
  for (const { at, ...range } of account.requests) {
    for (const hour of hoursIn(range)) {
      asked.add(hour);
      if (marked.has(hour) || Date.parse(at) < hourStart(hour) + LONGEST_SETTLING_MS) continue;
      sentences.push(`Hour ${hour} was asked for, but has no mark.`);
    }
  }
  for (const { hour, mark, loaded } of answered) {
    if (!asked.has(hour)) sentences.push(`Hour ${hour} is ${mark}, but was not asked for.`);
    if (mark !== "held" && loaded > 0)
      sentences.push(`Hour ${hour} is ${mark}, but ${loaded} events of it came.`);
  }
  return sentences;
}

function wrongDuplicates({ hour, duplicates, keptBy = {} }: HourAccount): string[] {
  const elsewhere = Object.values(keptBy).reduce((sum, n) => sum + n, 0);
  if (elsewhere <= duplicates) return [];
  return [`Hour ${hour}: ${duplicates} duplicates, but ${elsewhere} kept by other hours.`];
}

/** The last version that touched each hour of each source, by the accounts. */
export class LastTouches {
  readonly #versions = new Map<string, { hour: Hour; version: number }>();

  add(version: number, { source, hours }: Pick<Account, "source" | "hours">): void {
    for (const { hour } of hours) this.#versions.set(hourTransaction(source.id, hour), { hour, version });
  }

  /** Where the table's transactions, by which runs know what others have brought, say otherwise. */
  wrongIn(snapshot: Snapshot): Fault[] {
    return [...this.#versions].flatMap(([id, { hour, version }]) => {
      const found = snapshot.transactions.get(id)?.version;
      if (found === version) return [];
      return [
        {
          what: `hour ${hour}`,
          found: found === undefined ? `no transaction ${id}` : `transaction ${id} at version ${found}`,
          expected: `at version ${version}`,
        },
      ];
    });
  }
}
