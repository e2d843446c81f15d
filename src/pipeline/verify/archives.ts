import type { Hour } from "../../hour.js";
import type { InputAccount } from "../../lake/account.js";
import { type KeptArchive, keptArchives, wrongArchive } from "../../lake/archives-proof.js";
import { unequal } from "../../lake/fault.js";
import { NO_ARCHIVE_LIMITS } from "../../limits.js";
import { load } from "../load.js";
import { openTable } from "../open-table.js";
import { compareHours, type ProvenLake, unsoundHours, withLakeBeside } from "./compare.js";

/** Holds every kept archive against its account, and with `deep` its events against the rows that the lake holds. */
export async function proveArchives(
  lake: ProvenLake,
  deep: boolean,
): Promise<{ archives: number; compared: number }> {
  const { table, ledger, findings } = lake;
  const kept = await keptArchives(table.store);
  let compared = 0;
  for (const archive of kept) {
    findings.throwIfCancelled();
    const faults = await wrongArchive(table.store, archive, ledger.archives);
    findings.add(faults);
    if (deep && faults.length === 0) compared += await decodeAgain(lake, archive);
  }
  return { archives: kept.length, compared };
}

/** Decodes an archive anew into a lake of its own and compares: the counts of each member, then row by row. */
async function decodeAgain(lake: ProvenLake, { source, name, path }: KeptArchive): Promise<number> {
  const { table, ledger, findings, limits, signal } = lake;
  const unsound = unsoundHours(lake);
  const held = [...(ledger.held.get(source) ?? [])].filter(
    ([hour, { input }]) => input?.name === name && !unsound.has(hour),
  );
  const input = held[0]?.[1].input;
  const hours: Hour[] = held.filter(([, last]) => last.input?.sha256 === input?.sha256).map(([hour]) => hour);
  if (!input || hours.length === 0) return 0;
  return withLakeBeside(table, async (beside) => {
    const release = await table.store.hold([path], { fresh: true, signal });
    const { refused } = await load({
      ...{ lake: beside, paths: [table.filePath(path)], minFree: 0, signal },
      limits: { ...limits, ...NO_ARCHIVE_LIMITS },
    }).finally(release);
    for (const { reason } of refused) {
      findings.add([{ what: path, found: reason, expected: "an archive that can be read" }], hours);
    }
    if (refused.length > 0) return 0;
    await compareMembers(lake, path, beside, input, hours);
    return compareHours(lake, source, hours, beside, `the archive ${name}`);
  });
}

async function compareMembers(
  { findings }: ProvenLake,
  path: string,
  beside: string,
  input: InputAccount,
  hours: readonly Hour[],
): Promise<void> {
  const again = new Map<string, InputAccount["members"][number]>();
  for await (const { account } of (await openTable(beside)).accounts()) {
    for (const one of account.inputs) for (const member of one.members) again.set(member.name, member);
  }
  for (const member of input.members) {
    const found = again.get(member.name);
    for (const figure of ["lines", "loaded", "quarantined", "blank", "bytes", "crc32"] as const) {
      const what = `${path}, member ${member.name}`;
      findings.add(unequal(what, found?.[figure] ?? 0, member[figure], `(${figure})`), hours);
    }
  }
}
