import { mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Engine } from "../../engine/engine.js";
import { type RowDifference, type RowsOfHours, rowDifferences } from "../../engine/row-differences.js";
import type { Hour } from "../../hour.js";
import { NOBODY, readTombstones } from "../../lake/forgotten.js";
import { FORGOTTEN } from "../../lake/paths.js";
import type { Snapshot } from "../../lake/snapshot.js";
import type { LakeStore } from "../../lake/store/lake-store.js";
import type { LakeTable } from "../../lake/table.js";
import type { Limits } from "../../limits.js";
import { filesAround } from "../files-around.js";
import { openOrCreateTable, openTable } from "../open-table.js";
import type { Findings } from "./findings.js";
import type { Ledger } from "./ledger.js";

/** The lake under proof, as far as rows are compared with it. */
export interface ProvenLake {
  readonly table: LakeTable;
  readonly snapshot: Snapshot;
  readonly ledger: Ledger;
  /** Paths, inside the lake, of the data files without a fault. */
  readonly sound: ReadonlySet<string>;
  readonly engine: Engine;
  readonly findings: Findings;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
}

/**
 * Compares what the lake holds of `hours` of a source with the rows of these hours in the lake `again`, by uuid and
 * by value. `origin` says in a fault where the latter come from. Gives how many rows of these hours are held.
 */
export async function compareHours(
  lake: ProvenLake,
  source: string,
  hours: readonly Hour[],
  again: string,
  origin: string,
): Promise<number> {
  const { table, ledger, findings, engine, signal } = lake;
  const held = heldRows(lake, source, hours);
  const other = await openTable(again);
  const paths = [...other.snapshot.files.keys()].map((path) => other.filePath(path));
  const comparison = {
    held: held.map(({ paths, hours }) => ({ paths: paths.map((path) => table.filePath(path)), hours })),
    again: { paths, hours },
    anywhere: filesAround(lake.snapshot, hours)
      .filter(({ path }) => lake.sound.has(path))
      .map(({ path }) => table.filePath(path)),
  };
  const duplicatesAgain = await duplicatesByHour(other);
  const differences = await rowDifferences(engine, comparison, { signal });
  for (const [hour, found] of byHour(differences)) {
    const kept = ledger.held.get(source)?.get(hour)?.kept ?? 0;
    const isTold = ({ kind, total }: RowDifference) =>
      kind !== "elsewhere" && kind !== "cameElsewhere" && !(kind === "gone" && total <= kept);
    tell(findings, hour, found.filter(isTold), origin);
    // Which of several copies stays is left to chance, here and there: each side has its own duplicates.
    const duplicates = ledger.held.get(source)?.get(hour)?.duplicates ?? 0;
    tellCopies(findings, hour, found, "elsewhere", duplicates, "its account");
    tellCopies(findings, hour, found, "cameElsewhere", kept + (duplicatesAgain.get(hour) ?? 0), origin);
  }
  return rowsIn(lake, held);
}

/** How many copies the lake of `table` has dropped of each hour. */
async function duplicatesByHour(table: LakeTable): Promise<Map<Hour, number>> {
  const counts = new Map<Hour, number>();
  for (const { hours } of await table.summaries()) {
    for (const { hour, duplicates } of hours) counts.set(hour, (counts.get(hour) ?? 0) + duplicates);
  }
  return counts;
}

/** Says so if more events of an hour have their row in other hours than copies of it were dropped. */
function tellCopies(
  findings: Findings,
  hour: Hour,
  differences: readonly RowDifference[],
  kind: "elsewhere" | "cameElsewhere",
  duplicates: number,
  teller: string,
): void {
  const total = differences.find((difference) => difference.kind === kind)?.total ?? 0;
  if (total <= duplicates) return;
  const found = kind === "elsewhere" ? "events kept by other hours" : "events that came in other hours only";
  const expected = `at most ${duplicates}, as ${teller} says`;
  findings.add([{ what: `hour ${hour}`, found: `${total} ${found}`, expected }], [hour]);
}

/** Data files with rows that answers for `hours` have brought, and the hours for which each counts. */
function heldRows({ snapshot, ledger }: ProvenLake, source: string, hours: readonly Hour[]): RowsOfHours[] {
  const groups = new Map<string, { paths: string[]; hours: Hour[] }>();
  for (const path of snapshot.files.keys()) {
    const file = ledger.files.get(path);
    if (file?.source !== source) continue;
    const own = hours.filter((hour) => file.own.has(hour) && file.account.hours[hour] !== undefined);
    if (own.length === 0) continue;
    const group = groups.get(own.join()) ?? { paths: [], hours: own };
    group.paths.push(path);
    groups.set(own.join(), group);
  }
  return [...groups.values()];
}

function rowsIn({ ledger }: ProvenLake, held: readonly RowsOfHours[]): number {
  let rows = 0;
  for (const { paths, hours } of held) {
    for (const path of paths)
      for (const hour of hours) rows += ledger.files.get(path)?.account.hours[hour] ?? 0;
  }
  return rows;
}

/** Hours of which a data file has a fault of its own: they are in doubt already, and their rows may not be readable. */
export function unsoundHours({ snapshot, ledger, sound }: ProvenLake): Set<Hour> {
  const unsound = [...snapshot.files.keys()].filter((path) => !sound.has(path));
  return new Set(
    unsound.flatMap((path) => Object.keys(ledger.files.get(path)?.account.hours ?? {}) as Hour[]),
  );
}

function byHour(differences: readonly RowDifference[]): Map<Hour, RowDifference[]> {
  const hours = new Map<Hour, RowDifference[]>();
  for (const difference of differences) {
    const same = hours.get(difference.hour);
    if (same) same.push(difference);
    else hours.set(difference.hour, [difference]);
  }
  return hours;
}

const WORDS = {
  missing: (origin: string) => ({ found: "not in the lake", expected: `the event, which ${origin} has` }),
  gone: (origin: string) => ({ found: "in the lake", expected: `no such event, as ${origin} has none` }),
};

function tell(findings: Findings, hour: Hour, differences: readonly RowDifference[], origin: string): void {
  for (const { uuid, kind, columns } of differences) {
    const what = `hour ${hour}, uuid ${uuid}`;
    const words =
      kind === "missing" || kind === "gone"
        ? WORDS[kind](origin)
        : {
            found: `other values in ${columns.join(", ") || "its columns"}`,
            expected: `the values that ${origin} has`,
          };
    findings.add([{ what, ...words }], [hour]);
  }
  const totals = new Map(differences.map(({ kind, total }) => [kind, total]));
  const more = [...totals.values()].reduce((sum, total) => sum + total, 0) - differences.length;
  if (more === 0) return;
  const found = `${more} events more that differ`;
  findings.add([{ what: `hour ${hour}`, found, expected: `the events that ${origin} has` }], [hour]);
}

/** Does `work` with a path for a lake of its own on the same disk as the lake, beside it, removed afterwards. */
export async function withLakeBeside<T>(table: LakeTable, work: (lake: string) => Promise<T>): Promise<T> {
  const { dir, store } = table;
  const folder =
    store.folder === undefined
      ? await mkdtemp(join(await table.stagingDir(), "verify-"))
      : await mkdtemp(join(dirname(dir), `.${basename(dir)}-verify-`));
  try {
    const lake = join(folder, "lake");
    await takeTombstones(store, lake);
    return await work(lake);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whom the lake has forgotten the other one must not have either, or they would differ. */
async function takeTombstones(store: LakeStore, lake: string): Promise<void> {
  if ((await readTombstones(store)) === NOBODY) return;
  const beside = await openOrCreateTable(lake);
  await beside.close();
  for (const name of await store.list(FORGOTTEN)) {
    const path = `${FORGOTTEN}/${name}`;
    await beside.store.put(path, (await store.read(path)).toString("utf8"));
  }
}
