import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { isAmpframeError } from "../../../src/errors/index.js";
import { parseOwner } from "../../../src/lake/owner.js";
import { LakeTable } from "../../../src/lake/table.js";
import { committedAccounts } from "../../../src/lake/transactions.js";
import type { FailureMode } from "../failing-files.js";
import { bring, door, draft, hour, stage } from "../making.js";
import { failingClient } from "./failing-client.js";
import { answerer, clientOf, newPrefix, storeAt } from "./in-bucket.js";

const MODES: readonly FailureMode[] = ["dead", "deadDone", "once", "onceDone"];
const HOURS = { "2026-11-20T05": 4, "2026-11-20T06": 5 };
const OLD = { "2026-11-20T04": 2, "2026-11-20T05": 3 };
const NEW = { "2026-11-20T04": 2, ...HOURS };

/** The change under test: two hours, one of them in place of an older one; a checkpoint is due after it. */
async function step(table: LakeTable) {
  const add = [];
  for (const [at, rows] of Object.entries(HOURS)) add.push(await stage(table, hour(at), rows));
  const old = [...table.snapshot.files.values()].find(({ add }) => add.stats?.includes("T05"));
  const account = draft(HOURS, { input: "the-archive" });
  return table.commit({ account, add, remove: [old?.path ?? ""], basedOn: table.snapshot });
}

/** Rows of each hour as the log has them, each file proven by its hash. */
async function proven(table: LakeTable): Promise<Record<string, number>> {
  const hours: Record<string, number> = {};
  for await (const { account } of table.accounts()) {
    for (const file of account.files) {
      if (!table.snapshot.files.has(file.path)) continue;
      const bytes = await table.store.read(file.path);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(file.sha256);
      for (const [at, rows] of Object.entries(file.hours)) hours[at] = (hours[at] ?? 0) + rows;
    }
  }
  return hours;
}

/** Makes all runs that left notes look like processes of an earlier boot of this machine. */
function bury(prefix: string): void {
  for (const [key, { body }] of answerer.objects) {
    const owner =
      key.startsWith(`${prefix}/`) && key.endsWith("/owner.json") ? parseOwner(body.toString()) : undefined;
    if (owner) {
      answerer.objects.set(key, {
        body: Buffer.from(JSON.stringify({ ...owner, boot: "earlier" })),
        modified: 0,
      });
    } else if (key.includes("/staging/")) answerer.objects.set(key, { body, modified: 0 });
  }
}

const keysOf = (prefix: string, part: RegExp) =>
  [...answerer.objects.keys()]
    .filter((key) => key.startsWith(`${prefix}/`) && part.test(key))
    .map((key) => key.slice(prefix.length + 1))
    .sort();

async function prepare(prefix: string): Promise<void> {
  const table = await LakeTable.create(prefix, door({ store: await storeAt(prefix) }));
  await bring(table, "2026-11-20T05", 3);
  await bring(table, "2026-11-20T04", 2);
  await table.close();
}

/** `AMPFRAME_SWEEP=full` breaks every request in every mode; else an eighth of them in that of a kill, and fewer in the others. */
const strideOf = (mode: FailureMode) =>
  process.env.AMPFRAME_SWEEP === "full" ? 1 : mode === "dead" ? 8 : 17;

test.each(MODES)(
  "a commit whose request number n fails (%s) leaves the old or the new state",
  async (mode) => {
    const seen = { old: 0, fresh: 0 };
    const stride = strideOf(mode);
    const prefix = newPrefix();
    await prepare(prefix);
    const prepared = [...answerer.objects];
    for (let at = 1; ; at += stride) {
      answerer.objects.clear();
      for (const [key, kept] of prepared) answerer.objects.set(key, kept);
      const failing = failingClient(await clientOf(prefix), at, mode);
      const store = await storeAt(prefix, failing.client, 1e9, 1);
      const outcome = await LakeTable.open(prefix, door({ store, checkpointEvery: 3 }))
        .then((table) => step(table))
        .catch((error: unknown) => error);
      if (failing.log.length < at) break;
      const where = failing.log[at - 1] ?? "";

      const after = await LakeTable.open(prefix, door({ store: await storeAt(prefix) }));
      const told = !(outcome instanceof Error);
      expect(told || isAmpframeError(outcome), `${where}: ${outcome}`).toBe(true);
      if (told) expect(after.snapshot.version, where).toBe(3);
      expect(await proven(after), where).toEqual(after.snapshot.version === 3 ? NEW : OLD);
      seen[after.snapshot.version === 3 ? "fresh" : "old"] += 1;

      bury(prefix);
      const next = await LakeTable.open(prefix, door({ store: await storeAt(prefix), checkpointEvery: 1 }));
      if (next.snapshot.version === 2) expect(await step(next)).toMatchObject({ kind: "committed" });
      expect(await bring(next, "2026-11-20T07", 0)).toMatchObject({ checkpoint: { kind: "written" } });
      await next.close();
      const last = await LakeTable.open(prefix, door({ store: await storeAt(prefix) }));
      expect(await proven(last)).toEqual(NEW);
      expect(keysOf(prefix, /^[^/]+\/app=/), where).toEqual(
        [...new Set([...last.snapshot.files.keys(), ...last.snapshot.removed.keys()])].sort(),
      );
      expect(
        keysOf(prefix, /accounts\/\d/).map((key) => key.slice(-21, -5)),
        where,
      ).toEqual([...committedAccounts(last.snapshot)].sort((a, b) => a[1] - b[1]).map(([id]) => id));
      expect(keysOf(prefix, /staging/), where).toEqual([]);
    }
    expect(seen.old).toBeGreaterThan(10 / stride);
    expect(seen.fresh).toBeGreaterThan(5 / stride);
  },
);

test("eight writers at once, with answers that are lost or wrong, lose nothing and double nothing", async () => {
  const prefix = newPrefix();
  await (await LakeTable.create(prefix, door({ store: await storeAt(prefix) }))).close();
  let asked = 0;
  answerer.fault = ({ kind, key }) => {
    asked += 1;
    if (!key.includes("_delta_log/0") || kind !== "PUT if-absent" || asked % 3 > 0) return undefined;
    return (
      [
        { status: 500, after: true },
        { status: 409 },
        { status: "cut", after: true },
        { status: 412, after: true },
        { status: 503 },
      ] as const
    )[asked % 5];
  };
  const writer = async (number: number) => {
    const table = await LakeTable.open(prefix, door({ store: await storeAt(prefix), checkpointEvery: 5 }));
    for (let i = 0; i < 3; i += 1) {
      const at = `2026-11-2${number % 4}T${String(number * 3 + i).padStart(2, "0")}`;
      expect(
        await bring(table, at, 2, { account: draft({ [at]: 2 }, { input: `${number}-${i}` }) }),
      ).toMatchObject({
        kind: "committed",
      });
    }
    await table.close();
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  answerer.fault = () => undefined;
  const table = await LakeTable.open(prefix, door({ store: await storeAt(prefix) }));
  expect(table.snapshot.version).toBe(24);
  expect(Object.values(await proven(table))).toEqual(Array.from({ length: 24 }, () => 2));
  expect(keysOf(prefix, /accounts\/\d/)).toHaveLength(24);
  expect(keysOf(prefix, /^[^/]+\/app=/)).toHaveLength(24);
  expect(keysOf(prefix, /staging/)).toEqual([]);
});

test("a run of another machine is taken for dead after a day, and never commits after half of it", async () => {
  const prefix = newPrefix();
  await prepare(prefix);
  const note = {
    account: "0000000000000000",
    files: ["app=7/upload_date=2026-11-20/part-orphan.parquet"],
    version: 3,
  };
  const put = (key: string, text: string, hoursAgo: number) =>
    answerer.objects.set(`${prefix}/${key}`, {
      body: Buffer.from(text),
      modified: Date.now() - hoursAgo * 3_600_000,
    });
  const owner = JSON.stringify({
    pid: 1,
    host: "elsewhere",
    machine: "m",
    boot: "b",
    pidSpace: null,
    started: null,
    at: "",
  });
  const staging = "_ampframe/staging/theirs";
  put(note.files[0] ?? "", "rows", 23);
  put(`${staging}/owner.json`, owner, 23);
  put(`${staging}/intent-1.json`, JSON.stringify(note), 23);
  const open = async () => LakeTable.open(prefix, door({ store: await storeAt(prefix) }));
  const first = await open();
  await bring(first, "2026-11-20T07", 1);
  await first.close();
  expect(keysOf(prefix, /staging|orphan/)).toHaveLength(3);
  for (const name of ["owner", "intent-1"]) {
    const key = `${prefix}/${staging}/${name}.json`;
    answerer.objects.set(key, {
      body: answerer.objects.get(key)?.body ?? Buffer.from(""),
      modified: Date.now() - 25 * 3_600_000,
    });
  }
  const second = await open();
  await second.stagingDir();
  await second.close();
  expect(keysOf(prefix, /staging|orphan/)).toEqual([]);
});
