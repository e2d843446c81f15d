import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DiskStore } from "../../../src/lake/store/disk-store.js";
import type { LakeStore } from "../../../src/lake/store/lake-store.js";
import { answerer, clientOf, newPrefix, storeAt } from "./in-bucket.js";

const PART = "app=7/upload_date=2026-11-20/part-1.parquet";

async function withStore(
  kind: string,
  work: (store: LakeStore, scratch: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ampframe-store-"));
  const store = kind === "disk" ? new DiskStore(join(folder, "lake")) : await storeAt(newPrefix());
  try {
    await store.makePlace();
    await work(store, await store.scratch("run"));
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test.each(["disk", "bucket"])("files of a %s are written, read, listed and removed alike", (kind) =>
  withStore(kind, async (store, scratch) => {
    await store.put("_ampframe/a b+ü&<.json", "old");
    await store.put("_ampframe/a b+ü&<.json", "new");
    await store.write("_ampframe/staging/run/one.json", "1");
    expect((await store.read("_ampframe/a b+ü&<.json")).toString()).toBe("new");
    expect((await store.stat("_ampframe/a b+ü&<.json"))?.bytes).toBe(3);
    expect(await store.stat("_ampframe/none")).toBeUndefined();
    await expect(store.read("_ampframe/none")).rejects.toMatchObject({ code: "ENOENT" });
    const names = (await store.list("_ampframe")).filter((name) => name !== "accounts" && name !== "staging");
    expect(names).toEqual(["a b+ü&<.json"]);
    expect(await store.list("_ampframe/staging")).toEqual(["run"]);
    expect(await store.list("nowhere")).toEqual([]);
    await writeFile(join(scratch, "x"), "rows");
    await store.place([{ from: join(scratch, "x"), to: PART }]);
    const pieces: Buffer[] = [];
    for await (const piece of store.stream(PART)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe("rows");
    const found = new Map<string, number>();
    for await (const { path, bytes } of store.walk("")) found.set(path, bytes);
    expect(found.get(PART)).toBe(4);
    expect(found.get("_ampframe/staging/run/one.json")).toBe(1);
    await store.takeBack({ from: join(scratch, "x"), to: PART });
    expect(await readFile(join(scratch, "x"), "utf8")).toBe("rows");
    expect(await store.stat(PART)).toBeUndefined();
    await store.removeFolder("_ampframe/staging/run");
    await store.remove("_ampframe/a b+ü&<.json");
    await store.remove("_ampframe/a b+ü&<.json");
    expect(await store.stat("_ampframe/staging/run/one.json")).toBeUndefined();
  }),
);

test.each(["disk", "bucket"])("of many writers of a new file on a %s one wins", (kind) =>
  withStore(kind, async (store, scratch) => {
    const path = "_delta_log/00000000000000000001.json";
    const won = await Promise.all(
      Array.from({ length: 12 }, (_, i) => store.putNew(path, `writer ${i}`, join(scratch, String(i)))),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await store.read(path)).toString()).toBe(`writer ${won.indexOf(true)}`);
    expect(await store.putNew(path, "late", join(scratch, "late"))).toBe(false);
    expect(await store.putNew(path, `writer ${won.indexOf(true)}`, join(scratch, "same"))).toBe(true);
  }),
);

test("a listing of many pages is whole, with and without folders", () =>
  withStore("bucket", async (store) => {
    answerer.pageKeys = 3;
    const names = Array.from({ length: 10 }, (_, i) => `f${i}`);
    for (const name of names) await store.write(`x/${name}`, name);
    for (const name of names) await store.write(`x/sub-${name}/y`, name);
    expect((await store.list("x")).sort()).toEqual([...names, ...names.map((name) => `sub-${name}`)].sort());
    let count = 0;
    for await (const _ of store.walk("x")) count += 1;
    expect(count).toBe(20);
  }));

test("held files are there until they are let go, and come from the cache the next time", () =>
  withStore("bucket", async (store, scratch) => {
    await writeFile(join(scratch, "x"), "rows");
    await store.place([{ from: join(scratch, "x"), to: PART }]);
    await store.keepOnly(() => false);
    const gets = () => answerer.asked.filter(({ kind, key }) => kind === "GET" && key.endsWith(PART)).length;
    const releases = await Promise.all([store.hold([PART]), store.hold([PART, PART])]);
    expect(await readFile(store.filePath(PART), "utf8")).toBe("rows");
    expect(store.pathsIn(`SELECT * FROM read_parquet(['${store.filePath(PART)}'])`)).toEqual([PART]);
    await releases[0]?.();
    await releases[0]?.();
    expect(await readFile(store.filePath(PART), "utf8")).toBe("rows");
    await releases[1]?.();
    await expect(stat(store.filePath(PART))).rejects.toMatchObject({ code: "ENOENT" });
    expect(gets()).toBe(1);
    await (await store.hold([PART]))();
    expect(gets()).toBe(1);
    const fresh = await store.hold([PART], { fresh: true });
    expect(gets()).toBe(2);
    await fresh();
    await expect(store.hold(["app=7/upload_date=2026-11-20/none.parquet"])).rejects.toMatchObject({
      code: "ENOENT",
    });
  }));

test("a cached file of another size is brought anew", () =>
  withStore("bucket", async (store, scratch) => {
    await writeFile(join(scratch, "x"), "rows");
    await store.place([{ from: join(scratch, "x"), to: PART }]);
    // The cache has a link to the same file.
    await writeFile(join(scratch, "x"), "torn");
    await writeFile(join(scratch, "x"), "ro");
    const release = await store.hold([PART]);
    expect(await readFile(store.filePath(PART), "utf8")).toBe("rows");
    await release();
  }));

test("a cache that passes its limit loses what was not read for longest, but no held file", async () => {
  const prefix = newPrefix();
  const store = await storeAt(prefix, undefined, 1000);
  const path = (i: number) => `app=7/upload_date=2026-11-20/part-${i}.parquet`;
  try {
    for (let i = 0; i < 8; i += 1) await store.write(path(i), String(i).repeat(300));
    const held = await store.hold([path(0)]);
    for (let i = 1; i < 8; i += 1) await (await store.hold([path(i)]))();
    expect(await readFile(store.filePath(path(0)), "utf8")).toBe("0".repeat(300));
    await held();
    const before = answerer.asked.length;
    for (const i of [7, 6, 5]) await (await store.hold([path(i)]))();
    expect(answerer.asked.slice(before).filter(({ kind }) => kind === "GET")).toEqual([]);
    await (await store.hold([path(1)]))();
    expect(answerer.asked.slice(before).filter(({ kind }) => kind === "GET")).toHaveLength(1);
  } finally {
    await store.close();
  }
});

test("a large file goes in parts, and leaves none behind when it fails", async () => {
  const prefix = newPrefix();
  const store = await storeAt(prefix, await clientOf(prefix, 100_000));
  const scratch = await store.scratch("run");
  try {
    const content = randomBytes(250_000);
    await writeFile(join(scratch, "large"), content);
    await store.place([{ from: join(scratch, "large"), to: PART }]);
    expect(answerer.asked.filter(({ kind }) => kind === "PUT part")).toHaveLength(3);
    expect((await store.read(PART)).equals(content)).toBe(true);
    answerer.fault = ({ kind }) => (kind === "POST complete" ? { status: 403 } : undefined);
    const other = PART.replace("1", "2");
    await expect(store.place([{ from: join(scratch, "large"), to: other }])).rejects.toThrow("403");
    expect([...answerer.uploads]).toEqual([]);
    answerer.fault = ({ kind }) => (kind === "POST complete" ? { status: 403, after: true } : undefined);
    await store.place([{ from: join(scratch, "large"), to: other }]);
    expect((await store.read(other)).equals(content)).toBe(true);
  } finally {
    await store.close();
  }
});

test("a download that breaks off is made again", () =>
  withStore("bucket", async (store) => {
    await store.write("_delta_log/1.checkpoint.parquet", "all of it");
    let cuts = 2;
    answerer.fault = ({ kind }) => (kind === "GET" && cuts-- > 0 ? { status: "cut" } : undefined);
    const release = await store.hold(["_delta_log/1.checkpoint.parquet"]);
    expect(await readFile(store.filePath("_delta_log/1.checkpoint.parquet"), "utf8")).toBe("all of it");
    await release();
  }));

test("a store that lets a second writer win is refused before anything is written", async () => {
  answerer.honest = false;
  const store = await storeAt(newPrefix());
  await expect(store.makePlace()).rejects.toThrow("cannot keep a lake: of several writers");
  expect([...answerer.objects.keys()]).toEqual([]);
});

test("a store that lets a second writer replace an object is refused where that is needed, and nowhere else", async () => {
  answerer.heeding = false;
  const store = await storeAt(newPrefix());
  await store.makePlace();
  await expect(store.putIfStill("_ampframe/promoted.json", () => true, "list")).rejects.toThrow(
    'cannot keep promoted properties: of several writers that put a file "if it is still the same"',
  );
  expect([...answerer.objects.keys()]).toEqual([]);
  answerer.heeding = true;
  expect(await store.putIfStill("_ampframe/promoted.json", () => true, "list")).toBe(true);
  const before = answerer.asked.length;
  expect(await store.putIfStill("_ampframe/promoted.json", () => true, "list 2")).toBe(true);
  expect(answerer.asked.length - before).toBeLessThan(4);
});

test("a store that compares tags without their quotes replaces files too, and one writer wins", async () => {
  answerer.bareTags = true;
  const store = await storeAt(newPrefix());
  const put = (text: string) =>
    store.putIfStill("list.json", (found) => `${found ?? "none"}` !== "taken", text);
  expect(await put("first")).toBe(true);
  expect(await put("taken")).toBe(true);
  expect(await put("late")).toBe(false);
  expect((await store.read("list.json")).toString()).toBe("taken");
  answerer.bareTags = false;
});

test("a file beside the table gets its name in the store itself, and is taken back", async () => {
  const store = await storeAt(newPrefix());
  const staged = "_ampframe/staging/run/a b+ü.parquet";
  await store.write(staged, "rows");
  const placement = { from: store.nameOf(staged), to: "app=1/upload_date=2026-11-20/part-1.parquet" };
  await store.place([placement]);
  expect((await store.read(placement.to)).toString()).toBe("rows");
  expect(answerer.asked.filter(({ kind }) => kind === "PUT copy")).toHaveLength(1);
  await store.takeBack(placement);
  expect(await store.stat(placement.to)).toBeUndefined();
  expect((await store.read(staged)).toString()).toBe("rows");
});

test("a store that answers wrongly for a while is tried out again", async () => {
  let harmed = 0;
  answerer.fault = ({ kind }) => {
    if (kind !== "PUT if-absent" || harmed >= 7) return undefined;
    harmed += 1;
    return { status: harmed % 2 === 0 ? 503 : 409, after: harmed % 3 === 0 };
  };
  await (await storeAt(newPrefix())).makeReady();
  expect(harmed).toBe(7);
  expect([...answerer.objects.keys()].filter((key) => key.includes("probe-"))).toEqual([]);
});

test.skipIf(process.platform === "win32")("what is fetched can be read by its owner alone", async () => {
  const store = await storeAt(newPrefix());
  const scratch = await store.scratch("run");
  expect((await stat(scratch)).mode & 0o077).toBe(0);
  await store.close();
});
