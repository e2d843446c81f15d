import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/start-emulator.js";
import { openEngine } from "../../src/engine/duckdb.js";
import { lakeSelect } from "../../src/engine/lake-view.js";
import { REAL_EFFECTS } from "../../src/export-api/effects.js";
import { type Hour, hourAt } from "../../src/hour.js";
import { openTable } from "../../src/pipeline/open-table.js";
import { type PullEffects, type PullOptions, pull } from "../../src/pipeline/pull.js";
import { type LakeStatus, status } from "../../src/pipeline/status.js";
import { verify } from "../../src/pipeline/verify.js";
import { ask, linesIn } from "../emulator/emulated.js";
import { afterThisTest } from "../undo.js";

/** These tests look at what is committed, not at what a power cut leaves: a disk in memory serves, where there is one. */
const disk = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** An empty folder that is removed after the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(disk, "pipeline-test-"));
  afterThisTest(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A path for a lake that is yet to be made. */
export async function newPlace(): Promise<string> {
  return join(await newFolder(), "lake");
}

const HOUR_MS = 3_600_000;

/** The time of a test: what the emulator and the pull take for now. */
export class Clock {
  now: number;

  constructor(iso: string) {
    this.now = Date.parse(iso);
  }

  pass(hours: number): void {
    this.now += hours * HOUR_MS;
  }
}

/** Half an hour past noon: 09 is the last settled hour. */
export const noon = () => new Clock("2026-11-23T12:30:00Z");

/** An emulator that is closed after the test: a small shop with many copies, or what the options say. */
export async function emulated(clock: Clock, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(
    {
      ...{ days: 2, eventsPerDay: 150, users: 30, duplicateRate: 0.05, end: "2026-11-22T23" as Hour },
      ...{ cacheDir: disk, ...options },
    },
    { now: () => clock.now },
  );
  afterThisTest(() => emulator.close());
  return emulator;
}

/** The real effects with the test's clock, and waits that take no time but are noted. */
export function effects(clock: Clock, waits: number[] = []): PullEffects {
  return {
    ...REAL_EFFECTS,
    now: () => clock.now,
    sleep: async (ms) => {
      waits.push(ms);
    },
    random: () => 1,
    freeBytes: async () => 10 ** 15,
  };
}

/** What a pull from an emulator needs. */
export function keysOf(emulator: Emulator): Pick<PullOptions, "credentials" | "endpoint"> {
  const { apiKey, secretKey, url: endpoint } = emulator;
  return { credentials: { apiKey, secretKey }, endpoint };
}

/** Pulls from an emulator; gives the report and the requests that were made for it, sorted. */
export async function bring(
  emulator: Emulator,
  clock: Clock,
  lake: string,
  options: Partial<PullOptions> = {},
  more: Partial<PullEffects> = {},
) {
  const before = emulator.requests.length;
  const report = await pull({ lake, ...keysOf(emulator), ...options }, { ...effects(clock), ...more });
  return { report, requests: asked(emulator, before).sort() };
}

/** `start-end` of the requests since the first `before`. */
export function asked(emulator: Emulator, before = 0): string[] {
  return emulator.requests.slice(before).map(({ start, end }) => `${start}-${end}`);
}

/** An event as it is served. */
export interface Served {
  readonly uuid: string;
  readonly event_type: string;
  readonly server_upload_time: string;
  readonly [field: string]: unknown;
}

/** Every line that the emulator serves of a range (both ends API hours, included), read by other code than ours. */
export async function served(emulator: Emulator, from: string, to: string): Promise<Served[]> {
  const answer = await ask(emulator, from, to);
  if (answer.status === 404) return [];
  expect(answer.status).toBe(200);
  return (await linesIn(answer.body)).map((line) => JSON.parse(line));
}

export const uuidsOf = (events: readonly Served[]) => [...new Set(events.map(({ uuid }) => uuid))].sort();

/** Ends with the process, as opening one takes longer than most questions; it keeps nothing of a file that tests change. */
const engine = await openEngine({ threads: 1, cacheFiles: false });

/** All rows of a lake, by plain SQL over the files that its log names. */
export async function rowsOf(lake: string, columns = "uuid", rest = "ORDER BY ALL"): Promise<unknown[][]> {
  const table = await openTable(lake);
  const files = [...table.snapshot.files.values()].map(({ path }) => {
    return { path: table.filePath(path), eventTime: null, serverUploadTime: null };
  });
  return (await engine.query(`SELECT ${columns} FROM (${lakeSelect(files)}) ${rest}`)).rows();
}

/** The uuids of all rows, sorted; one that is there twice is given twice. */
export async function lakeUuids(lake: string): Promise<string[]> {
  return (await rowsOf(lake)).map(([uuid]) => String(uuid)).sort();
}

/** Proves a lake: verify finds nothing, status agrees with the rows, nothing is left in staging. */
export async function expectWhole(lake: string, clock: Clock): Promise<LakeStatus> {
  const proof = await verify({ lake });
  expect(proof.faults).toEqual([]);
  expect(proof.ok).toBe(true);
  const [[rows] = []] = await rowsOf(lake, "count(*)", "");
  const found = await status({ lake }, () => clock.now);
  expect(found.rows).toBe(Number(rows));
  expect(proof.rows).toBe(Number(rows));
  return found;
}

/** The states of a source's hours: `held 48, empty 2`. */
export function countsOf(found: LakeStatus, source = 0): Partial<Record<string, number>> {
  return Object.fromEntries(Object.entries(found.sources[source]?.counts ?? {}).filter(([, n]) => n > 0));
}

let made = 0;

/** A line of an export: an event of `at` (`2026-11-20 05:10:00.000001`, UTC), with any other fields. */
export function eventAt(at: string, more: Readonly<Record<string, unknown>> = {}): Served {
  made += 1;
  const time = at.length === 19 ? `${at}.000000` : at;
  return {
    ...{
      app: 77,
      amplitude_id: 1000 + made,
      uuid: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
    },
    ...{ event_type: "view", event_time: time, server_upload_time: time },
    ...more,
  };
}

export const ndjson = (events: readonly object[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");

/** Writes a file, its folders as well; a name that ends with .gz is compressed. */
export async function write(path: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, path.endsWith(".gz") ? gzipSync(content) : content);
  return path;
}

/** Writes a member as the Export API names it into a folder that is to be replayed. */
export function member(folder: string, hour: string, events: readonly object[], part = 0): Promise<string> {
  const name = `77_${hour.slice(0, 10)}_${Number(hour.slice(11))}#${part}.json.gz`;
  return write(join(folder, name), ndjson(events));
}

export const currentHour = (clock: Clock) => hourAt(clock.now);

/** An emulator that serves just these events, each in the hour of its upload time. */
export async function replayed(
  clock: Clock,
  events: readonly Served[],
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const folder = await newFolder();
  const hours = new Map<string, Served[]>();
  for (const event of events) {
    const at = event.server_upload_time;
    const hour = `${at.slice(0, 10)}T${at.slice(11, 13)}`;
    hours.set(hour, [...(hours.get(hour) ?? []), event]);
  }
  for (const [hour, own] of hours) await member(folder, hour, own);
  return emulated(clock, { replay: folder, ...options });
}
