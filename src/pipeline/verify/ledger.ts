import type { Hour } from "../../hour.js";
import type { Account, AccountSummary, FileAccount, InputAccount } from "../../lake/account.js";
import { summarize } from "../../lake/account-json.js";
import { brokenIdentities } from "../../lake/account-proof.js";
import { type AccountReading, lostEntries, readAccounts, wrongGathered } from "../../lake/account-reading.js";
import type { Archive } from "../../lake/archives-proof.js";
import { LastTouches, wrongHours } from "../../lake/hours-proof.js";
import { quarantineName } from "../../lake/live-quarantine.js";
import { FORGOTTEN } from "../../lake/paths.js";
import { wrongQuarantine } from "../../lake/quarantine-proof.js";
import type { LakeTable } from "../../lake/table.js";
import { EntryProof } from "./entry-proof.js";
import type { Findings } from "./findings.js";

/** A data file by its account, and the versions that brought it in and took it out. */
export interface LedgerFile {
  readonly account: FileAccount;
  readonly source: string;
  readonly added: number;
  removed: number | undefined;
  /** Upload hours for which its rows came in an answer; rows of others came by hand or with other hours' answers. */
  readonly own: ReadonlySet<Hour>;
}

/** The last answer of the Export API for an hour of a source, by which its rows are held. */
export interface HeldHour {
  readonly version: number;
  readonly duplicates: number;
  /** Rows of earlier answers that stayed although this one does not have them. */
  readonly kept: number;
  readonly provisional: boolean;
  /** The archive that it came in, if one. */
  readonly input: InputAccount | undefined;
}

/** What all accounts of a lake say together. */
export interface Ledger {
  accounts: number;
  /** Versions whose account is lost: rows that they brought are known to nobody. */
  readonly lost: number[];
  readonly files: Map<string, LedgerFile>;
  readonly summaries: AccountSummary[];
  /** By source and name, oldest first. */
  readonly archives: Map<string, Map<string, Archive[]>>;
  /** By source and hour. */
  readonly held: Map<string, Map<Hour, HeldHour>>;
}

/** Proves every account in itself, against its log entry and its quarantine file, and gathers what they say. */
export async function readLedger(table: LakeTable, findings: Findings): Promise<Ledger> {
  const { store, snapshot } = table;
  const ledger: Ledger = {
    ...{ accounts: 0, lost: [], files: new Map(), summaries: [], archives: new Map() },
    held: new Map(),
  };
  const touches = new LastTouches();
  const entries = new EntryProof(store, findings);
  const quarantines: Account[] = [];
  const forgotten = new Set<string>();
  for await (const reading of readAccounts(store, snapshot)) {
    findings.throwIfCancelled();
    ledger.accounts += 1;
    const { account, version, id, faults } = reading;
    findings.add(faults, faults.length > 0 ? (account?.hours.map(({ hour }) => hour) ?? []) : []);
    await entries.prove(reading);
    if (!account) {
      ledger.lost.push(version);
      continue;
    }
    proveInItself(reading, findings);
    enter(ledger, reading, findings);
    touches.add(version, account);
    ledger.summaries.push(summarize(account, version, id));
    if (account.quarantine) quarantines.push(account);
    if (account.operation !== "forget") continue;
    for (const { sha256 } of account.inputs) forgotten.add(quarantineName(sha256));
  }
  for (const account of quarantines) {
    if (forgotten.has(account.quarantine?.file ?? "")) continue;
    findings.add(await wrongQuarantine(store, account));
  }
  try {
    await table.tombstones();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    findings.add([{ what: FORGOTTEN, found, expected: "tombstones of those who were forgotten" }]);
  }
  if (ledger.lost.length === 0) findings.add(touches.wrongIn(snapshot));
  await entries.proveTheRest(snapshot.version);
  findings.add(await wrongGathered(store));
  findings.add(await lostEntries(store, () => table.refresh()));
  return ledger;
}

function proveInItself({ account, version }: AccountReading, findings: Findings): void {
  if (!account) return;
  for (const found of [...brokenIdentities(account), ...wrongHours(account)]) {
    findings.add([{ what: `account of version ${version}`, found, expected: "figures that agree" }]);
  }
}

function enter(ledger: Ledger, { account, version }: AccountReading, findings: Findings): void {
  if (!account) return;
  const { source, files, removed, operation, hours, inputs } = account;
  const what = `account of version ${version}`;
  const moved = new Map<string, number>();
  const move = (file: FileAccount, sign: 1 | -1) => {
    for (const [hour, rows] of Object.entries(file.hours))
      moved.set(hour, (moved.get(hour) ?? 0) + sign * rows);
  };
  let known = true;
  const isRewrite = operation === "compact" || operation === "forget";
  const inherited = new Set<Hour>();
  for (const path of removed) {
    const file = ledger.files.get(path);
    if (!file || file.removed !== undefined) {
      known = false;
      if (ledger.lost.length > 0 && !file) continue;
      const found = file ? `takes out ${path}, which version ${file.removed} took out` : `takes out ${path}`;
      findings.add([{ what, found, expected: "a file that is in the table" }]);
      continue;
    }
    file.removed = version;
    if (isRewrite) for (const hour of file.own) inherited.add(hour);
    move(file.account, -1);
  }
  const answered = hours.filter(({ mark }) => mark === "held" || mark === "empty");
  const own = isRewrite ? inherited : new Set(answered.map(({ hour }) => hour));
  for (const file of files) {
    if (ledger.files.has(file.path)) {
      findings.add([{ what, found: `adds ${file.path} again`, expected: "each file once" }]);
    }
    ledger.files.set(file.path, {
      account: file,
      source: source.id,
      added: version,
      removed: undefined,
      own: file.compacted === "others" ? new Set() : own,
    });
    move(file, 1);
  }
  if ((operation === "forget" || (operation === "compact" && hours.length === 0)) && known) {
    for (const { hour, forgotten = 0 } of hours) moved.set(hour, (moved.get(hour) ?? 0) + forgotten);
    for (const [hour, rows] of moved) {
      if (rows === 0) continue;
      const found = `${Math.abs(rows)} rows ${rows > 0 ? "more" : "fewer"} of hour ${hour}`;
      const rest = operation === "forget" ? " but for those that were forgotten" : "";
      findings.add([{ what, found, expected: `the same rows in other files${rest}` }], [hour as Hour]);
    }
  }
  if (operation === "pull" || operation === "refresh") {
    const held = ledger.held.get(source.id) ?? new Map<Hour, HeldHour>();
    ledger.held.set(source.id, held);
    for (const { hour, duplicates, changes, provisional = false } of answered) {
      held.set(hour, { version, duplicates, kept: changes?.kept ?? 0, provisional, input: inputs[0] });
    }
  }
  for (const { name, bytes, sha256 } of inputs) {
    const bySource = ledger.archives.get(source.id) ?? new Map<string, Archive[]>();
    bySource.set(name, [...(bySource.get(name) ?? []), { bytes, sha256 }]);
    ledger.archives.set(source.id, bySource);
  }
}
