import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deltaCheckpoints } from "../../src/engine/delta-checkpoint.js";
import { openEngine } from "../../src/engine/duckdb.js";
import type { Hour } from "../../src/hour.js";
import type { AccountDraft, HourMark, InputAccount } from "../../src/lake/account.js";
import type { Change, StagedFile } from "../../src/lake/change.js";
import type { CheckpointStore } from "../../src/lake/checkpoint.js";
import type { Snapshot } from "../../src/lake/snapshot.js";
import { type LakeDoor, LakeTable } from "../../src/lake/table.js";
import { afterThisTest } from "../undo.js";

/** A disk in memory where there is one: these tests count and break operations, they need no real fsync. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A path for a lake in a folder that is removed after the test. */
export async function newPlace(): Promise<string> {
  const room = await mkdtemp(join(base, "lake-test-"));
  afterThisTest(() => rm(room, { recursive: true, force: true }));
  return join(room, "lake");
}

/** Ends with the process: files of tests share it. */
const engine = await openEngine({ threads: 1 });

/** Runs SQL on the tests' engine and returns the rows. */
export async function query(sql: string): Promise<unknown[][]> {
  return (await engine.query(sql)).rows();
}

export const checkpoints: CheckpointStore = deltaCheckpoints(engine);

export const HOUR_MS = 3_600_000;
export const hour = (text: string) => text as Hour;

/** A door with a clock that stands at noon of 2026-11-23. */
export function door(more: Partial<LakeDoor> = {}): LakeDoor {
  return { checkpoints, now: () => Date.parse("2026-11-23T12:00:00Z"), ...more };
}

export const newLake = async (more: Partial<LakeDoor> = {}) => LakeTable.create(await newPlace(), door(more));

let made = 0;

/** A Parquet file of `rows` events of one hour in the staging folder of `table`. */
export async function stage(
  table: LakeTable,
  at: Hour,
  rows: number,
  app: number | null = 7,
): Promise<StagedFile> {
  made += 1;
  const id = made;
  const path = join(await table.stagingDir(), `${id}.parquet`);
  const first = `TIMESTAMPTZ '${at}:00:00.000123Z'`;
  await engine.run(
    `COPY (SELECT 'u-${id}-' || i AS uuid, 'view' AS event_type, ${first} + to_milliseconds(i) AS event_time,
       ${first} + to_milliseconds(i) AS server_upload_time, i::BIGINT AS amplitude_id
       FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  return staged(path, at, rows, app);
}

export function staged(path: string, at: Hour, rows: number, app: number | null = 7): StagedFile {
  const first = BigInt(Date.parse(`${at}:00:00Z`)) * 1000n + 123n;
  const span = { min: first, max: first + BigInt(Math.max(rows - 1, 0)) * 1000n };
  return {
    ...{ path, app, rows, uploadDate: at.slice(0, 10), hours: { [at]: rows } },
    ...{ eventTime: span, serverUploadTime: span },
  };
}

export const input = (sha256: string, loaded: number): InputAccount => ({
  name: `${sha256}.zip`,
  bytes: 10,
  sha256,
  members: [{ name: "m", bytes: 10, crc32: 1, lines: loaded, loaded, quarantined: 0, blank: 0 }],
});

/** The account of a pull of some hours, each with a number of rows. */
export function draft(
  hours: Readonly<Record<string, number>>,
  more: { mark?: HourMark; source?: string; input?: string; operation?: AccountDraft["operation"] } = {},
): AccountDraft {
  const total = Object.values(hours).reduce((sum, n) => sum + n, 0);
  return {
    operation: more.operation ?? "pull",
    source: { id: more.source ?? "us-1", project: "shop" },
    requests: [],
    inputs:
      total > 0 || more.input ? [input(more.input ?? `sha-${made}-${Object.keys(hours)[0]}`, total)] : [],
    hours: Object.entries(hours).map(([at, rows]) => ({
      ...{ hour: hour(at), loaded: rows, duplicates: 0, rows },
      mark: more.mark ?? (rows > 0 ? "held" : "empty"),
    })),
    quarantine: null,
  };
}

/** Brings one hour of `rows` events into the lake; with `instead`, in place of those files. */
export async function bring(
  table: LakeTable,
  at: string,
  rows: number,
  more: Partial<Change> & { app?: number | null } = {},
) {
  const { app, ...change } = more;
  const add = rows > 0 ? [await stage(table, hour(at), rows, app)] : [];
  return table.commit({ account: draft({ [at]: rows }), add, basedOn: table.snapshot, ...change });
}

/** What of a snapshot is the same whether it came from a checkpoint or from the log's own entries. */
export function stateOf({ version, protocol, metaData, files, removed, transactions }: Snapshot) {
  const { minReaderVersion, minWriterVersion } = protocol;
  return {
    ...{ version, minReaderVersion, minWriterVersion, metaData, transactions },
    removed: [...removed.keys()].sort(),
    files: new Map(
      [...files].map(([path, { add }]) => [path, [add.path, add.partitionValues, add.size, add.stats]]),
    ),
  };
}
