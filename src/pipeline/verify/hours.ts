import { dateOf, type Hour } from "../../hour.js";
import { rowsOfHours } from "../../lake/hour-states.js";
import type { Snapshot } from "../../lake/snapshot.js";
import type { Findings } from "./findings.js";
import type { Ledger } from "./ledger.js";

/** Rows of each upload hour, as they were counted in each data file. */
export type CountedRows = ReadonlyMap<string, ReadonlyMap<Hour, number>>;

/**
 * Holds the rows that were counted against those that the accounts say, hour by hour: by their files, and by the
 * states of hours that `status` shows; and names the files to which a wrong hour is owed. Gives the files that no
 * account names though every hour of their day is right: another program has put the rows into other files, and only
 * their numbers can be proven.
 */
export function proveHours(
  snapshot: Snapshot,
  counted: CountedRows,
  ledger: Ledger,
  findings: Findings,
): string[] {
  const strangers = [...snapshot.files.values()].filter(({ path }) => !ledger.files.has(path));
  const expected = expectedRows(ledger);
  const wrong = wrongHours(counted, expected);
  // A lost account knows of rows in such files: that it is lost has been said.
  const known = (hour: Hour) =>
    ledger.lost.length === 0 || !strangers.some(({ path }) => counted.get(path)?.has(hour));
  for (const [hour, found] of wrong) {
    if (known(hour)) findings.compare(`hour ${hour}`, found, expected.get(hour) ?? 0, "rows", [hour]);
  }
  if (ledger.lost.length === 0) proveStates(ledger, expected, findings);
  nameAccounted(snapshot, ledger, wrong, findings);
  const days = new Set([...wrong.keys()].map(dateOf));
  const isSuspect = (path: string, day: string | null) => !counted.has(path) || day === null || days.has(day);
  for (const { path, uploadDate } of strangers.filter((file) => isSuspect(file.path, file.uploadDate))) {
    const hours = [...(counted.get(path)?.keys() ?? [])].filter((hour) => dateOf(hour) === uploadDate);
    findings.add(
      [{ what: path, found: "no account names it", expected: "a file of a commit of ampframe" }],
      hours,
    );
  }
  return strangers.filter((file) => !isSuspect(file.path, file.uploadDate)).map(({ path }) => path);
}

/** Rows that the files of the accounts have, but for those that later accounts took out. */
function expectedRows(ledger: Ledger): Map<Hour, number> {
  const rows = new Map<Hour, number>();
  for (const { account, removed } of ledger.files.values()) {
    if (removed === undefined) addRows(rows, Object.entries(account.hours) as [Hour, number][]);
  }
  return rows;
}

/** Hours of which another number of rows was counted, and that number. */
function wrongHours(counted: CountedRows, expected: ReadonlyMap<Hour, number>): Map<Hour, number> {
  const found = new Map<Hour, number>();
  for (const hours of counted.values()) addRows(found, hours);
  const all = new Set([...found.keys(), ...expected.keys()]);
  const wrong = [...all].filter((hour) => (found.get(hour) ?? 0) !== (expected.get(hour) ?? 0));
  return new Map(wrong.map((hour) => [hour, found.get(hour) ?? 0]));
}

function proveStates(ledger: Ledger, expected: ReadonlyMap<Hour, number>, findings: Findings): void {
  const states = rowsOfHours(ledger.summaries);
  for (const hour of new Set([...expected.keys(), ...states.keys()])) {
    const what = `hour ${hour} by its accounts`;
    findings.compare(what, expected.get(hour) ?? 0, states.get(hour) ?? 0, "rows", [hour]);
  }
}

/** Accounted files that the log still has though they were taken out, or has lost though a wrong hour needs them. */
function nameAccounted(
  { files }: Snapshot,
  ledger: Ledger,
  wrong: ReadonlyMap<Hour, number>,
  findings: Findings,
): void {
  for (const [path, { account, added, removed }] of ledger.files) {
    const hours = Object.keys(account.hours) as Hour[];
    if (removed !== undefined && files.has(path)) {
      const expected = `none: version ${removed} took it out`;
      findings.add([{ what: path, found: "a file in the log", expected }], hours);
    }
    if (removed !== undefined || files.has(path) || !hours.some((hour) => wrong.has(hour))) continue;
    const expected = `the file that version ${added} added`;
    findings.add([{ what: path, found: "not in the log", expected }], hours);
  }
}

function addRows(sums: Map<Hour, number>, hours: Iterable<readonly [Hour, number]>): void {
  for (const [hour, rows] of hours) sums.set(hour, (sums.get(hour) ?? 0) + rows);
}
