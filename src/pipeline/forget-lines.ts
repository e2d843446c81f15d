import { crc32 } from "node:zlib";
import { LakeError } from "../errors/index.js";
import type { AccountSummary, InputAccount, Source } from "../lake/account.js";
import { hasId } from "../lake/ids-in-text.js";
import { liveQuarantine, quarantineName } from "../lake/live-quarantine.js";
import { quarantinePath } from "../lake/paths.js";
import type { QuarantinedLine } from "../lake/quarantine.js";
import { fileSha256 } from "../lake/sha256.js";
import { type PersonLines, quarantinesWithLines, type Search } from "./person-files.js";

/** The lines of a quarantine file, as the account of a forget names them. */
const MEMBER = "quarantined lines";

/** The quarantine files that one commit takes in. */
interface LinesOfSource {
  readonly source: Source;
  /** Those whose lines still wait, and those of which a retry has already taken what it could. */
  readonly waiting: string[];
  readonly tried: string[];
}

/**
 * Writes the lines in quarantine anew without those of the person, in one commit for each source, and deletes the
 * old files. Those whose lines had been tried again already, and what killed runs have left, go whole.
 * Gives the files that held lines of the person.
 */
export async function forgetLines(search: Search): Promise<PersonLines[]> {
  const found: PersonLines[] = [];
  for (;;) {
    const theirs = await quarantinesWithLines(search);
    if (theirs.length === 0) return found;
    found.push(...theirs.filter(({ file }) => !found.some((known) => known.file === file)));
    await search.table.refresh();
    const accounts = await search.table.summaries();
    const groups = groupsOf(theirs, accounts);
    const done = [];
    for (const group of groups) done.push(await commitWithout(search, group));
    if (done.includes(false)) continue;
    await search.table.erase(theirs.map(({ file }) => quarantinePath(file)));
  }
}

function groupsOf(theirs: readonly PersonLines[], accounts: readonly AccountSummary[]): LinesOfSource[] {
  const live = new Set(liveQuarantine(accounts).map(({ file }) => file));
  const takenIn = new Set(
    accounts
      .filter(({ operation }) => operation === "forget")
      .flatMap(({ inputs }) => inputs.map(quarantineName)),
  );
  const groups = new Map<string, LinesOfSource>();
  for (const { file } of theirs) {
    const account = accounts.find(({ quarantine }) => quarantine?.file === file);
    if (!account || takenIn.has(file)) continue;
    const group = groups.get(account.source.id) ?? { source: account.source, waiting: [], tried: [] };
    groups.set(account.source.id, group);
    (live.has(file) ? group.waiting : group.tried).push(file);
  }
  return [...groups.values()];
}

/** False if another run has taken in one of the files meanwhile. */
async function commitWithout(search: Search, { source, waiting, tried }: LinesOfSource): Promise<boolean> {
  const { table, isTheirs, signal } = search;
  const basedOn = table.snapshot;
  let forgottenLines = 0;
  async function* rest(): AsyncGenerator<QuarantinedLine> {
    for (const file of waiting) {
      for await (const line of table.quarantined(file)) {
        if (hasId(line.raw.toString("utf8"), isTheirs)) forgottenLines += 1;
        else yield line;
      }
    }
  }
  const inputs = [
    ...(await Promise.all(waiting.map((file) => inputOf(search, file, true)))),
    ...(await Promise.all(tried.map((file) => inputOf(search, file, false)))),
  ];
  const quarantine = await table.writeQuarantine(rest());
  const outcome = await table.commit({
    account: {
      ...{ operation: "forget", source, requests: [], inputs, hours: [], quarantine },
      ...(forgottenLines > 0 ? { forgottenLines } : {}),
    },
    ...{ add: [], basedOn },
    ...(signal ? { signal } : {}),
  });
  return outcome.kind === "committed";
}

/** A quarantine file as an account names it; without its lines if those count elsewhere already. */
async function inputOf({ table }: Search, file: string, counts: boolean): Promise<InputAccount> {
  const { store } = table;
  const path = quarantinePath(file);
  const sha256 = await fileSha256(path, store);
  if (quarantineName(sha256) !== file) {
    throw new LakeError(
      `The quarantine file ${store.nameOf(path)} was altered: its SHA-256 is ${sha256}.`,
      "Restore it from a backup, or delete it; then forget again.",
    );
  }
  const bytes = (await store.stat(path))?.bytes ?? 0;
  if (!counts) return { name: file, bytes, sha256, members: [] };
  let [crc, lines] = [0, 0];
  for await (const piece of store.stream(path)) {
    crc = crc32(piece, crc);
    for (const byte of piece) if (byte === 0x0a) lines += 1;
  }
  const member = { name: MEMBER, bytes, crc32: crc, lines, loaded: 0, quarantined: lines, blank: 0 };
  return { name: file, bytes, sha256, members: [member] };
}
