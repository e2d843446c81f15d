import type { Hour } from "../../hour.js";
import { rowsOfHours } from "../../lake/hour-states.js";
import type { Snapshot } from "../../lake/snapshot.js";
import type { Findings } from "./findings.js";
import type { Ledger, LedgerFile } from "./ledger.js";

/** Rows of each upload hour, as they were counted in each data file. */
export type CountedRows = ReadonlyMap<string, ReadonlyMap<Hour, number>>;

/**
 * Holds the rows that were counted against those that the accounts say, hour by hour: by their files, and by the
 * states of hours that `status` shows. Gives the files that no account names though every hour is right: another
 * program has put the rows into other files, and only their numbers can be proven.
 */
export function proveHours(
  snapshot: Snapshot,
  counted: CountedRows,
  ledger: Ledger,
  findings: Findings,
): string[] {
  const [found, byFiles] = [new Map<string, number>(), new Map<string, number>()];
  for (const hours of counted.values()) addRows(found, hours);
  const live = [...ledger.files].filter(([, { removed }]) => removed === undefined);
  for (const [, { account }] of live) addRows(byFiles, Object.entries(account.hours));
  const strangers = [...snapshot.files.keys()].filter((path) => !ledger.files.has(path));
  const wrong = new Set<string>();
  for (const hour of new Set([...found.keys(), ...byFiles.keys()])) {
    if (found.get(hour) === byFiles.get(hour)) continue;
    wrong.add(hour);
    // A lost account knows of these rows: that it is lost has been said.
    if (ledger.lost.length > 0 && strangers.some((path) => counted.get(path)?.has(hour as Hour))) continue;
    findings.compare(`hour ${hour}`, found.get(hour) ?? 0, byFiles.get(hour) ?? 0, "rows", [hour]);
  }
  nameFiles(snapshot, counted, live, wrong, findings, ledger);
  if (ledger.lost.length === 0) {
    const byStates = rowsOfHours(ledger.summaries);
    for (const hour of new Set([...byFiles.keys(), ...byStates.keys()])) {
      findings.compare(
        `hour ${hour} by its accounts`,
        byFiles.get(hour) ?? 0,
        byStates.get(hour as Hour) ?? 0,
        "rows",
        [hour],
      );
    }
  }
  return strangers.filter((path) => {
    const hours = [...(counted.get(path)?.keys() ?? [])];
    return hours.length > 0 && !hours.some((hour) => wrong.has(hour));
  });
}

/** The files to which a wrong hour is owed: those that no account names, and those that the log has lost. */
function nameFiles(
  snapshot: Snapshot,
  counted: CountedRows,
  live: readonly (readonly [string, LedgerFile])[],
  wrong: ReadonlySet<string>,
  findings: Findings,
  ledger: Ledger,
): void {
  for (const path of snapshot.files.keys()) {
    const file = ledger.files.get(path);
    const hours = [...(counted.get(path)?.keys() ?? [])];
    if (file?.removed !== undefined) {
      const expected = `none: version ${file.removed} took it out`;
      findings.add([{ what: path, found: "a file in the log", expected }], hours);
    }
    if (file || (counted.has(path) && !hours.some((hour) => wrong.has(hour)))) continue;
    findings.add(
      [{ what: path, found: "no account names it", expected: "a file of a commit of ampframe" }],
      hours,
    );
  }
  for (const [path, { account, added }] of live) {
    const hours = Object.keys(account.hours);
    if (snapshot.files.has(path) || !hours.some((hour) => wrong.has(hour))) continue;
    const expected = `the file that version ${added} added`;
    findings.add([{ what: path, found: "not in the log", expected }], hours);
  }
}

function addRows(sums: Map<string, number>, hours: Iterable<readonly [string, number]>): void {
  for (const [hour, rows] of hours) sums.set(hour, (sums.get(hour) ?? 0) + rows);
}
