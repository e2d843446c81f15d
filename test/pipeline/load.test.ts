import { appendFileSync } from "node:fs";
import { mkdir, readdir, truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { writeArchives, writeMembers } from "../../src/emulator/write-archives.js";
import type { Hour } from "../../src/hour.js";
import { type LoadOptions, load } from "../../src/pipeline/load.js";
import type { Progress } from "../../src/pipeline/report.js";
import { status } from "../../src/pipeline/status.js";
import { damage } from "./damage.js";
import {
  countsOf,
  eventAt,
  expectWhole,
  lakeUuids,
  ndjson,
  newFolder,
  newPlace,
  noon,
  rowsOf,
  uuidsOf,
  write,
} from "./scene.js";

const clock = noon();
const shop = { days: 2, eventsPerDay: 200, users: 40, duplicateRate: 0.05, end: "2026-11-22T23" as Hour };

test("zips, members as S3 has them, and plain files bring the same events, copies dropped and counted", async () => {
  const [zips, members, plain] = [await newFolder(), await newFolder(), await newFolder()];
  const written = await writeArchives({ ...shop, dir: zips });
  await writeArchives({ ...shop, dir: join(zips, "deflated"), compression: "deflate", per: "hour" });
  await writeMembers({ ...shop, dir: members });
  const lakes = await Promise.all(
    [zips, join(zips, "deflated"), members].map(async (path) => {
      const lake = await newPlace();
      const report = await load({ lake, paths: [path] });
      return { lake, report };
    }),
  );
  const uuids = await lakeUuids(lakes[0]!.lake);
  expect(new Set(uuids).size).toBe(uuids.length);
  for (const { lake, report } of lakes.slice(1)) {
    expect(await lakeUuids(lake)).toEqual(uuids);
    expect(report).toMatchObject({ lines: written.lines, loaded: written.lines, members: written.members });
    expect(report.loaded - report.duplicates).toBe(uuids.length);
    await expectWhole(lake, clock);
  }
  const rows = await rowsOf(
    lakes[0]!.lake,
    "uuid, event_type, strftime(server_upload_time, '%Y-%m-%d %H:%M:%S.%f')",
  );
  const lines = rows.map(([uuid, event_type, server_upload_time]) => ({
    uuid,
    event_type,
    server_upload_time,
  }));
  const file = await write(join(plain, "events.ndjson"), ndjson(lines));
  const lake = await newPlace();
  expect(await load({ lake, paths: [file] })).toMatchObject({
    loaded: uuids.length,
    duplicates: 0,
    members: 1,
  });
  expect(await lakeUuids(lake)).toEqual(uuids);
});

test("a folder twice, in part, under other names and inside one another: what is known changes nothing", async () => {
  const folder = await newFolder();
  const events = Array.from({ length: 3 }, (_, i) => eventAt(`2026-11-20 0${i}:00:00`));
  const paths = await Promise.all(
    events.map((event, i) => write(join(folder, `sub/${i}.json.gz`), ndjson([event]))),
  );
  const lake = await newPlace();
  expect(await load({ lake, paths: [folder, join(folder, "sub"), paths[0]!] })).toMatchObject({
    ...{ members: 3, loaded: 3, alreadyLoaded: [] },
  });
  const { version } = await expectWhole(lake, clock);
  await write(join(folder, "again.json.gz"), ndjson(events.slice(1, 2)));
  expect(await load({ lake, paths: [folder] })).toMatchObject({
    ...{ members: 0, lines: 0, loaded: 0, hours: 0, bytes: 0 },
    alreadyLoaded: expect.arrayContaining([...paths, join(folder, "again.json.gz")]),
  });
  expect((await expectWhole(lake, clock)).version).toBe(version);

  const twin = await newPlace();
  const report = await load({ lake: twin, paths: [folder] });
  expect(report).toMatchObject({ members: 3, duplicates: 0 });
  expect(report.alreadyLoaded).toHaveLength(1);
});

test("a damaged file is refused whole and named; the good ones around it are brought, its rows are not", async () => {
  const folder = await newFolder();
  const good: string[] = [];
  const bad: string[] = [];
  for (let i = 0; i < 8; i++) {
    const events = Array.from({ length: 50 }, () => eventAt(`2026-11-20 0${i}:00:00`));
    const path = await write(join(folder, `${i}.json.gz`), ndjson(events));
    if (i % 3 === 1) {
      await damage(path, i === 1 ? "crc" : "cut");
      bad.push(path);
    } else good.push(...uuidsOf(events));
  }
  const lake = await newPlace();
  const progress: Progress[] = [];
  const report = await load({ lake, paths: [folder], onProgress: (step) => progress.push(step) });
  expect(report.refused.map(({ what }) => what)).toEqual(bad);
  for (const { reason, wayOut } of report.refused) {
    expect(reason).toMatch(/CRC|cut|end/i);
    expect(wayOut).toMatch(/\w{3}/);
  }
  expect(report).toMatchObject({ members: 5 + (8 - 5 - bad.length), loaded: good.length });
  expect(await lakeUuids(lake)).toEqual(good.sort());
  await expectWhole(lake, clock);
  const decoded = progress.filter(({ kind }) => kind === "decoded").length;
  expect(decoded).toBeLessThanOrEqual(2 * report.members);
});

test("one bad member refuses the whole zip, and a repaired zip is taken", async () => {
  const dir = await newFolder();
  const { files } = await writeArchives({ ...shop, dir });
  const whole = await Promise.all(files.map(({ path }) => damage(path, "middle")));
  const lake = await newPlace();
  const report = await load({ lake, paths: [dir] });
  expect(report.refused).toHaveLength(2);
  expect(report).toMatchObject({ loaded: 0, hours: 0 });
  expect(await lakeUuids(lake)).toEqual([]);
  await Promise.all(files.map(({ path }, i) => write(path, whole[i]!)));
  expect((await load({ lake, paths: [dir] })).refused).toEqual([]);
  expect((await lakeUuids(lake)).length).toBeGreaterThan(300);
  await expectWhole(lake, clock);
});

test("files without events are told apart", async () => {
  const folder = await newFolder();
  const good = eventAt("2026-11-20 05:00:00");
  await write(join(folder, "good.json"), ndjson([good]));
  await write(join(folder, "nothing.json"), "");
  await write(join(folder, "blank.json"), "\n\r\n  \n");
  await write(join(folder, "error.json"), '{"error":{"http_code":429,"message":"Too Many Requests"}}');
  await write(join(folder, "pretty.json"), JSON.stringify([eventAt("2026-11-20 05:01:00")], null, 2));
  await write(join(folder, "page.zip"), "<!DOCTYPE html><html>Sign in</html>");
  const lake = await newPlace();
  const report = await load({ lake, paths: [folder] });
  expect(report.skipped).toEqual([expect.stringContaining("nothing.json")]);
  const refused = report.refused.map(({ what, reason }) => `${basename(what)}: ${reason}`).sort();
  expect(refused).toEqual([
    expect.stringMatching(/^error\.json: .*error answer in JSON.*Too Many Requests/s),
    expect.stringMatching(/^page\.zip: /),
    expect.stringMatching(/^pretty\.json: .*several lines/s),
  ]);
  expect(report).toMatchObject({ lines: 4, loaded: 1, blank: 3, quarantined: 0 });
  expect(await lakeUuids(lake)).toEqual([good.uuid]);
  await expectWhole(lake, clock);
});

test("a file that grows or shrinks while it is read is refused or taken whole, never in part", async () => {
  const folder = await newFolder();
  const events = Array.from({ length: 3000 }, () =>
    eventAt("2026-11-20 05:00:00", { city: "x".repeat(200) }),
  );
  const path = await write(join(folder, "a.json.gz"), gzipSync(ndjson(events), { level: 0 }));
  const lake = await newPlace();
  const report = await load({
    lake,
    paths: [path],
    onProgress: ({ kind }) => void (kind === "planned" && truncate(path, 100)),
  });
  expect(report.refused.length + report.members).toBe(1);
  expect((await lakeUuids(lake)).length).toBe(report.loaded);
});

test.each<[string, Partial<LoadOptions>, RegExp]>([
  ["a path that is not there", { paths: ["/no/such/file.zip"] }, /no\/such\/file\.zip/],
  ["a range of thousands of years", { complete: { from: "2020-01-01", to: "9999-12-31" } }, /50 years/],
  ["a range before Amplitude", { complete: { from: "0001-01-01", to: "2020-12-31" } }, /before 2012/],
  ["a range upside down", { complete: { from: "2026-11-20", to: "2026-11-19" } }, /no range/],
])("%s is refused in words", async (_, wrong, words) => {
  const lake = await newPlace();
  const paths = [await write(join(await newFolder(), "a.json"), ndjson([eventAt("2026-11-20 05:00:00")]))];
  await expect(load({ lake, paths, ...wrong })).rejects.toMatchObject({
    ...{ name: "UsageError", message: expect.stringMatching(words) },
  });
  expect(await readdir(join(lake, ".."))).toEqual([]);
});

test("an empty folder, and one without events, are refused in words", async () => {
  const folder = await newFolder();
  await write(join(folder, "notes.txt"), "hello");
  for (const path of [folder, join(folder, "none")]) {
    await mkdir(path, { recursive: true });
    await expect(load({ lake: await newPlace(), paths: [path] })).rejects.toMatchObject({
      name: "UsageError",
    });
  }
});

test("hours that are stated to be complete are held or empty, keep their rows, and no second time is a new version", async () => {
  const folder = await newFolder();
  const events = ["01", "01", "03"].map((hour) => eventAt(`2026-11-20 ${hour}:00:00`));
  const paths = [await write(join(folder, "a.json"), ndjson(events))];
  const lake = await newPlace();
  await load({ lake, paths });
  expect(countsOf(await expectWhole(lake, clock))).toEqual({ loaded: 2, missing: 1 });
  const complete = { from: "2026-11-20T00", to: "2026-11-20T04" };
  await load({ lake, paths, complete });
  const found = await expectWhole(lake, clock);
  expect(countsOf(found)).toEqual({ held: 2, empty: 3 });
  expect(found.sources[0]?.hours.map(({ rows }) => rows)).toEqual([0, 2, 0, 1, 0]);
  await load({ lake, paths, complete });
  expect((await expectWhole(lake, clock)).version).toBe(found.version);
  const later = eventAt("2026-11-20 02:00:00");
  await load({ lake, paths: [await write(join(folder, "b.json"), ndjson([later, events[0]!]))] });
  expect(await expectWhole(lake, clock)).toMatchObject({ rows: 4 });
});

test("a load that is cancelled leaves a whole lake, and the next goes on", async () => {
  const folder = await newFolder();
  const events = Array.from({ length: 30 }, (_, i) => eventAt(`2026-11-20 05:00:${i + 10}`));
  for (const [i, event] of events.entries()) await write(join(folder, `${i}.json`), ndjson([event]));
  const lake = await newPlace();
  const cancelling = new AbortController();
  const onProgress = ({ kind }: Progress) => void (kind === "decoded" && cancelling.abort());
  const failed = load({ lake, paths: [folder], signal: cancelling.signal, onProgress });
  await expect(failed).rejects.toMatchObject({ name: "CancelledError" });
  await expectWhole(lake, clock);
  expect(await readdir(join(lake, "_ampframe/staging"))).toEqual([]);
  await load({ lake, paths: [folder] });
  expect(await lakeUuids(lake)).toEqual(uuidsOf(events));
});

test("lakes and files may lie under any name", async () => {
  const folder = await newFolder();
  const names = [
    "with space",
    "it's",
    'a "quote"',
    "#1 [x] {y}",
    "100%25",
    "größe 日本 🎉",
    "app=9",
    "a,b;c",
    "$HOME *?",
  ];
  for (const name of names) {
    const event = eventAt("2026-11-20 05:00:00");
    const file = await write(join(folder, name, `events ${name}.json.gz`), ndjson([event, event]));
    const lake = join(folder, name, `lake ${name}`);
    expect(await load({ lake, paths: [file] })).toMatchObject({ loaded: 2, duplicates: 1, refused: [] });
    expect(await rowsOf(lake, "uuid, app")).toEqual([[event.uuid, 77n]]);
    await load({
      lake,
      paths: [await write(join(folder, name, "2.json"), ndjson([event, eventAt("2026-11-20 06:00:00")]))],
    });
    expect(await expectWhole(lake, clock)).toMatchObject({ rows: 2, lake });
  }
});

test("status of a lake that is not there is refused in words", async () => {
  await expect(status({ lake: await newPlace() })).rejects.toMatchObject({
    ...{ name: "LakeError", wayOut: expect.stringMatching(/ampframe pull/) },
  });
});

test("a file that grows while it is read is refused, and the others are brought", async () => {
  const [folder, lake] = [await newFolder(), await newPlace()];
  const line = (n: number) => ndjson([eventAt("2026-11-22T05:00:00", { uuid: `growing-${n}` })]);
  const growing = await write(join(folder, "growing.ndjson"), line(1));
  await write(join(folder, "whole.ndjson"), line(2));
  const onProgress = (step: Progress) => {
    if (step.kind === "decoded" && step.input === "growing.ndjson") appendFileSync(growing, line(3));
  };
  const report = await load({ lake, paths: [folder], onProgress });
  expect(report.refused).toMatchObject([
    { what: growing, reason: expect.stringContaining("something writes to it") },
  ]);
  expect(await lakeUuids(lake)).toEqual(["growing-2"]);
});
