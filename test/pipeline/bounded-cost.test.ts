import { expect, test } from "vitest";
import { addHours, type Hour, hourStart } from "../../src/hour.js";
import type { Account } from "../../src/lake/account.js";
import { formatAccount, summarize } from "../../src/lake/account-json.js";
import { writeCheckpoint } from "../../src/lake/checkpoint.js";
import { entryOf } from "../../src/lake/entry.js";
import { diskFiles } from "../../src/lake/files.js";
import { writeSegment } from "../../src/lake/gathered.js";
import { accountPath, inLake, logPath } from "../../src/lake/paths.js";
import { contentId } from "../../src/lake/sha256.js";
import { SnapshotBuilder } from "../../src/lake/snapshot.js";
import { LakeTable } from "../../src/lake/table.js";
import { makePlan, sourceOf } from "../../src/pipeline/pull-plan.js";
import { filesWith } from "../../src/pipeline/take-out-hours.js";
import { failingFiles } from "../lake/failing-files.js";
import { checkpoints, door, draft } from "../lake/making.js";
import { newPlace } from "./scene.js";

const LAST = "2026-11-20T05" as Hour;
const CREDENTIALS = { apiKey: "key", secretKey: "secret" };
const GATHERED_AT_ONCE = 20;

const source = async (lake: string) => ({
  id: sourceOf({ lake, credentials: CREDENTIALS }).id,
  project: "shop",
});

/** The account of an hourly pull, as if it had been committed. */
function accountOf(hour: Hour, of: Account["source"]): Account {
  const time = { min: BigInt(hourStart(hour)) * 1000n, max: BigInt(hourStart(hour)) * 1000n + 5n };
  const path = `app=7/upload_date=${hour.slice(0, 10)}/part-${hour}.parquet`;
  return {
    ...{
      formatVersion: 1,
      commit: hour,
      at: new Date(hourStart(hour) + 3 * 3_600_000).toISOString(),
      removed: [],
    },
    ...draft({ [hour]: 5 }, { input: `sha-${hour}` }),
    source: of,
    files: [
      {
        ...{ path, app: 7, uploadDate: hour.slice(0, 10), bytes: 1000, rows: 5, sha256: hour },
        ...{ eventTime: time, serverUploadTime: time, hours: { [hour]: 5 } },
      },
    ],
  };
}

/** A lake of `hours` hourly commits up to LAST: checkpoint and gathered accounts as 20 commits at a time leave them. */
async function lakeOf(hours: number): Promise<string> {
  const dir = await newPlace();
  const table = await LakeTable.create(dir, door());
  const of = await source(dir);
  const builder = new SnapshotBuilder(table.snapshot);
  const staging = await table.stagingDir();
  let names = 0;
  const beside = (name: string) => `${staging}/${names++}-${name}`;
  const all = Array.from({ length: hours }, (_, i) => {
    const account = accountOf(addHours(LAST, i + 1 - hours), of);
    const text = formatAccount(account);
    const [version, id] = [i + 1, contentId(text)];
    builder.apply(
      entryOf({ version, account, accountId: id, removed: [], dataChange: true, now: 0 }),
      "here",
    );
    return { summary: summarize(account, version, id), text };
  });
  const gathered = hours - (hours % GATHERED_AT_ONCE);
  let from = 0;
  for (let size = 2 ** 20 * GATHERED_AT_ONCE; size >= GATHERED_AT_ONCE; size /= 2) {
    if (from + size > gathered) continue;
    await writeSegment(table.store, all.slice(from, from + size), beside);
    from += size;
  }
  for (const { summary, text } of all.slice(-100)) {
    await diskFiles.write(inLake(dir, accountPath(summary.version, summary.id)), text);
  }
  await writeCheckpoint(builder.build(hours, hours), checkpoints, table.store, beside, 0);
  await diskFiles.write(inLake(dir, logPath(hours)), `{"commitInfo":{"timestamp":0}}\n`);
  await table.close();
  return dir;
}

/** What is done for a new hour: open, plan, find the rows of the hour before that it replaces, commit. By kind of call. */
async function costOf(hours: number) {
  const lake = await lakeOf(hours);
  const files = failingFiles(0, "once", checkpoints);
  const now = hourStart(LAST) + 4 * 3_600_000;
  const table = await LakeTable.open(lake, door(files));
  const plan = await makePlan(table, { lake, credentials: CREDENTIALS }, now);
  const replaced = await filesWith(table, plan.source, new Set([LAST]));
  const account = { ...draft({ [addHours(LAST, 1)]: 0 }), source: plan.source };
  const outcome = await table.commit({ account, add: [], basedOn: table.snapshot });
  await table.close();
  const count = (start: string) => files.log.filter((name) => name.startsWith(start)).length;
  const log = files.log.filter((name) => name.startsWith("read") && name.includes("_delta_log/0")).length;
  const whole = files.log.filter((name) => name.endsWith(".accounts.ndjson")).length;
  return {
    plan,
    replaced,
    outcome,
    log,
    whole,
    reads: count("read"),
    stats: count("stat"),
    lists: count("list"),
  };
}

test("a new hour reads no more of a lake of three years than of one of two days", async () => {
  const [days, years] = [await costOf(40), await costOf(3 * 365 * 24)];
  for (const { plan, replaced, outcome } of [days, years]) {
    expect(plan).toMatchObject({ hours: 1, windows: [{ from: addHours(LAST, 1), to: addHours(LAST, 1) }] });
    expect(replaced).toMatchObject([{ hours: [LAST] }]);
    expect(outcome.kind).toBe("committed");
  }
  expect(years.plan.held).toBe(3 * 365 * 24);
  expect(years.log).toBe(days.log);
  expect([days.whole, years.whole]).toEqual([0, 0]);
  expect([years.lists, years.stats]).toEqual([days.lists, days.stats]);
  // Gathered accounts lie in about log2 of their number of files.
  expect(years.reads - days.reads).toBeLessThanOrEqual(11);
  expect(days.reads).toBeLessThan(20);
}, 120_000);
