import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../dist/index.js";
import { type S3Server, startSeaweedFs } from "./seaweedfs.js";

const MAIN = join(import.meta.dirname, "../../dist/main.js");
const BUCKET = "ampframe-scale";
const EXPORTERS = 8;
/** So often one of the exporters is killed before they are let finish. */
const KILLS = 24;

let s3: S3Server;
let emulator: Emulator;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "ampframe-scale-"));
  s3 = await startSeaweedFs(BUCKET);
  emulator = await startEmulator({
    days: 4,
    eventsPerDay: 3_000,
    duplicateRate: 0.05,
    apiKey: "key",
    secretKey: "secret",
  });
});

afterAll(async () => {
  await emulator?.close();
  await s3?.stop();
  await rm(home, { recursive: true, force: true });
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line; `onStart` may kill it. */
function ampframe(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Ran> {
  const env = {
    ...{ PATH: process.env.PATH ?? "", HOME: home, AMPFRAME_CACHE: join(home, "cache") },
    ...{ AMPLITUDE_API_KEY: "key", AMPLITUDE_SECRET_KEY: "secret", ...s3.env },
  };
  const child = spawn(process.execPath, [MAIN, ...args], { env, cwd: home });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (piece: Buffer) => {
    stdout += piece;
  });
  child.stderr.on("data", (piece: Buffer) => {
    stderr += piece;
  });
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const ran = await ampframe([...args, "--json"]);
  expect(ran, ran.stderr).toMatchObject({ status: 0 });
  return JSON.parse(ran.stdout);
}

/** A generator with the period 2^31 (Park and Miller), so that a run can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("eight exporters fill one bucket and are killed at random: nothing is lost or doubled", async () => {
  const lake = `s3://${BUCKET}/exporters`;
  const { from, to } = emulator.truth();
  const pull = ["pull", "--lake", lake, "--endpoint", emulator.url, "--from", from, "--to", to, "--json"];
  const random = randomOf(Number(process.env.AMPFRAME_SEED ?? 7));
  let kills = 0;
  const exporter = async (): Promise<Ran> => {
    for (;;) {
      const mayKill = kills < KILLS;
      if (mayKill) kills += 1;
      let timer: NodeJS.Timeout | undefined;
      const ran = await ampframe(pull, (child) => {
        if (mayKill) timer = setTimeout(() => child.kill("SIGKILL"), 300 + 4_000 * random());
      });
      clearTimeout(timer);
      if (!mayKill || ran.status !== null) return ran;
    }
  };
  const ended = await Promise.all(Array.from({ length: EXPORTERS }, exporter));
  expect(ended.map(({ status, stderr }) => (status === 0 ? "" : stderr)).join("")).toBe("");
  expect(kills).toBe(KILLS);

  const truth = emulator.truth();
  expect(await json("verify", "--lake", lake)).toMatchObject({ ok: true, rows: truth.events });
  const [{ n, uuids }] = JSON.parse(
    (
      await ampframe([
        "sql",
        "--lake",
        lake,
        "--format",
        "json",
        "SELECT count(*) n, count(DISTINCT uuid) uuids FROM events",
      ])
    ).stdout,
  );
  expect([Number(n), Number(uuids)]).toEqual([truth.events, truth.events]);
  // Each further run occupies a version, after which what the killed ones had uploaded can go.
  await json("compact", "--lake", lake);
  const status = await json("status", "--lake", lake);
  expect(status).toMatchObject({ rows: truth.events, disk: { staging: 0 } });
});

test("a lake goes from the bucket to a folder and back, and stays whole", async () => {
  const [lake, folder, again] = [`s3://${BUCKET}/exporters`, join(home, "lake"), `s3://${BUCKET}/again`];
  const there = await json("copy", lake, folder);
  expect(there).toMatchObject({ copied: there.files });
  expect(await json("verify", "--lake", folder)).toMatchObject({ ok: true });
  expect(await json("copy", folder, again)).toMatchObject({ files: there.files, copied: there.files });
  expect(await json("verify", "--lake", again)).toMatchObject({ ok: true });
  expect(await json("copy", folder, again)).toMatchObject({ copied: 0 });
});
