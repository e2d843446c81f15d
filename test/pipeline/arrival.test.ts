import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openInput } from "../../src/archive/index.js";
import { ArchiveError } from "../../src/errors/index.js";
import { Arrival, FillingTurn } from "../../src/pipeline/arrival.js";
import type { Batch } from "../../src/pipeline/batch.js";
import { Ingest } from "../../src/pipeline/ingest.js";
import { openOrCreateTable } from "../../src/pipeline/open-table.js";
import { buildZip, type EntryPlan } from "../archive/build-zip.js";
import { afterThisTest } from "../undo.js";
import { eventAt, lakeUuids, ndjson, newFolder, newPlace, type Served, uuidsOf } from "./scene.js";

const PATIENCE_MS = 100;
const HOURS = ["01", "02", "03"];
const entry = (hour: string, events: readonly Served[]): EntryPlan => ({
  name: `1/1_2026-11-20_${Number(hour)}#0.json.gz`,
  data: gzipSync(ndjson(events)),
});
const eventsOf = (day: string) =>
  HOURS.map((hour) => [eventAt(`${day} ${hour}:00:00`), eventAt(`${day} ${hour}:30:00`)]);
const zipOf = (events: readonly Served[][]) => buildZip(HOURS.map((hour, i) => entry(hour, events[i]!)));

/** A lake into which archives come. */
async function scene() {
  const lake = await newPlace();
  const told: string[] = [];
  const ingest = await Ingest.open(openOrCreateTable(lake), {
    onProgress: (progress) =>
      progress.kind === "decoded" && told.push(`${progress.input} ${progress.events}`),
  });
  afterThisTest(() => ingest.close());
  const turn = new FillingTurn(PATIENCE_MS);
  const folder = await newFolder();

  /** An archive, and what a download would do with its bytes. */
  const coming = async (name: string, zip: Buffer) => {
    const arrival = new Arrival(ingest, turn, name);
    const part = join(folder, `${name}.part`);
    await appendFile(part, "");
    const watcher = await arrival.watch(part);
    let at = 0;
    const comes = async (bytes: number) => {
      const piece = zip.subarray(at, at + bytes);
      at += piece.length;
      await appendFile(part, piece);
      watcher.written(piece);
    };
    const isWhole = async (pauseMs = 0) => {
      await comes(zip.length);
      const input = await openInput(part);
      afterThisTest(() => input.close());
      await arrival.takeTurn();
      await sleep(pauseMs);
      try {
        return await arrival.complete(input, await input.sha256());
      } finally {
        await arrival.end();
      }
    };
    return { comes, isWhole, failed: () => watcher.failed(), end: () => arrival.end() };
  };
  const commit = (batch: Batch) =>
    ingest.commit(batch, async () => ({
      ...{ operation: "load", source: { id: "files", project: "files" }, requests: [], hours: new Map() },
      ...{ remove: [], basedOn: await ingest.table.refresh() },
    }));
  const staged = async () =>
    (await readdir(join(lake, "_ampframe/staging"), { recursive: true })).filter((name) =>
      /parquet$/.test(name),
    );
  return { lake, told, coming, commit, staged };
}

test("members are decoded while the rest comes, and nothing is committed before the archive is whole", async () => {
  const { lake, told, coming, commit, staged } = await scene();
  const events = eventsOf("2026-11-20");
  const zip = zipOf(events);
  const one = await coming("one.zip", zip);
  await one.comes(Math.floor(zip.length / 2));
  await expect.poll(() => told).toEqual(["one.zip 2", "one.zip 4"]);
  expect(await lakeUuids(lake)).toEqual([]);
  const batch = await one.isWhole();
  expect(await lakeUuids(lake)).toEqual([]);
  expect(await commit(batch)).toMatchObject({ kind: "committed" });
  expect(batch.inputs).toMatchObject([{ name: "one.zip", members: HOURS.map(() => ({ lines: 2 })) }]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
  expect(await staged()).toEqual([]);
});

test("what came of a body that is cut is dropped, and counts for nothing when it comes again", async () => {
  const { lake, told, coming, commit, staged } = await scene();
  const events = eventsOf("2026-11-20");
  const zip = zipOf(events);
  const cut = await coming("cut.zip", zip);
  await cut.comes(zip.length - 30);
  await expect.poll(() => told.length).toBeGreaterThan(0);
  await cut.failed();
  expect(await staged()).toEqual([]);
  const again = await coming("again.zip", zip);
  const committed = await commit(await again.isWhole());
  expect(committed).toMatchObject({ hours: HOURS.map(() => ({ loaded: 2, rows: 2, duplicates: 0 })) });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
});

test("an entry that the directory does not name leaves nothing, though it came first", async () => {
  const { lake, told, coming, commit } = await scene();
  const [phantom, real] = eventsOf("2026-11-20");
  const before = buildZip([entry("01", phantom!)]);
  const hidden = before.subarray(0, before.indexOf("PK\x01\x02", 0, "latin1"));
  const plan = entry("02", real!);
  const alone = buildZip([plan]);
  const directory = alone.indexOf("PK\x01\x02", 0, "latin1");
  const rest = buildZip([{ ...plan, central: { start: hidden.length } }], {
    start: hidden.length + directory,
  });
  const one = await coming("one.zip", Buffer.concat([hidden, rest]));
  await one.comes(hidden.length);
  await expect.poll(() => told).toEqual(["one.zip 2"]);
  expect(await commit(await one.isWhole())).toMatchObject({ hours: [{ loaded: 2, rows: 2 }] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(real!));
});

test("damage in a member that came early refuses the archive; the next one is not touched by it", async () => {
  const { lake, coming, commit, staged } = await scene();
  const zip = zipOf(eventsOf("2026-11-20"));
  zip[zip.indexOf("PK\x03\x04", 4, "latin1") - 12]! ^= 1;
  const events = eventsOf("2026-11-21");
  const [bad, good] = [await coming("bad.zip", zip), await coming("good.zip", zipOf(events))];
  await bad.comes(zip.length / 2);
  const refused = expect(bad.isWhole()).rejects.toThrow(ArchiveError);
  const taken = await good.isWhole();
  await refused;
  await commit(taken);
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events.flat()));
  expect(await staged()).toEqual([]);
});

test("one that is still coming gives way to one that is whole, and is decoded later", async () => {
  const { lake, coming, commit } = await scene();
  const [slow, fast] = [eventsOf("2026-11-20"), eventsOf("2026-11-21")];
  const zip = zipOf(slow);
  const first = await coming("slow.zip", zip);
  await first.comes(zip.length / 2);
  const second = await coming("fast.zip", zipOf(fast));
  await commit(await second.isWhole());
  expect(await lakeUuids(lake)).toEqual(uuidsOf(fast.flat()));
  await first.comes(zip.length / 4);
  expect(await commit(await first.isWhole())).toMatchObject({
    hours: HOURS.map(() => ({ rows: 2, duplicates: 0 })),
  });
  expect(await lakeUuids(lake)).toEqual(uuidsOf([...slow.flat(), ...fast.flat()]));
});

test("an event that two archives hold is kept once, however soon the second comes behind the first", async () => {
  const { lake, coming, commit } = await scene();
  const events = eventsOf("2026-11-20");
  const copies = eventsOf("2026-11-21").map((hour, i) => [
    { ...hour[0]!, uuid: events[2 - i]![1]!.uuid },
    hour[1]!,
  ]);
  const [one, two] = [await coming("one.zip", zipOf(events)), await coming("two.zip", zipOf(copies))];
  // The first keeps its turn although the second waits longer than it would for one that is still coming.
  const [first, second] = await Promise.all([one.isWhole(3 * PATIENCE_MS), two.isWhole()]);
  await Promise.all([commit(first), commit(second)]);
  expect(await lakeUuids(lake)).toEqual(uuidsOf([...events.flat(), ...copies.flat()]));
});
