import { cp, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLake } from "../../src/pipeline/open-lake.js";
import { promote } from "../../src/pipeline/promote.js";
import { verify } from "../../src/pipeline/verify.js";
import { pricesOf, projections, twoDays } from "./promoting.js";
import { newPlace } from "./scene.js";

/** Of how many places of a file a byte is changed, far from each other: with `AMPFRAME_SWEEP=full` of more. */
const PLACES = process.env.AMPFRAME_SWEEP === "full" ? 60 : 20;

async function promotedLake() {
  const lake = await twoDays();
  await promote({ lake, properties: ["price"] });
  const expected = await pricesOf(lake);
  expect(expected.projected).toBe(2);
  const [first, second] = (await projections(lake)).map((name) => join(lake, "_ampframe/promoted", name));
  return { lake, expected, first: first!, second: second! };
}

async function flip(path: string, at: (size: number) => number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at(bytes.length)]! ^= 1;
  await writeFile(path, bytes);
}

/** As a failing disk does it: with no trace in the file's time. */
async function flipUnseen(path: string, at: (size: number) => number): Promise<void> {
  await keepingTime(path, () => flip(path, at));
}

async function keepingTime(path: string, work: () => Promise<void>): Promise<void> {
  const { atime, mtimeMs } = await stat(path);
  await work();
  // Half a millisecond more, since seconds as a double may be a little less.
  await utimes(path, atime, (Math.floor(mtimeMs) + 0.5) / 1000);
}

async function viewed(lake: string) {
  const open = await openLake(lake);
  try {
    const frame = await open.query("SELECT price FROM promoted ORDER BY event_time");
    return (await frame.head(100)).map((row) => Object.values(row)[0]);
  } finally {
    await open.close();
  }
}

test("a projection that is missing or torn is not read, and made anew", async () => {
  const { lake, expected, first, second } = await promotedLake();
  await rm(first);
  await truncate(second, 100);
  expect(await pricesOf(lake)).toEqual({ ...expected, projected: 0 });
  expect(await viewed(lake)).toEqual(expected.prices);
  expect((await verify({ lake })).faults).toEqual([]);
  expect(await promote({ lake })).toMatchObject({ written: 2 });
  expect(await pricesOf(lake)).toEqual(expected);
});

test("one that another program has written to is not read, whatever it wrote, and made anew", async () => {
  const { lake, expected, first } = await promotedLake();
  const whole = await readFile(first);
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / PLACES)) {
    await writeFile(first, whole);
    await flip(first, () => at);
    expect(await pricesOf(lake)).toEqual({ ...expected, projected: 1 });
  }
  expect(await viewed(lake)).toEqual(expected.prices);
  expect((await verify({ lake })).faults).toEqual([]);
  expect(await promote({ lake })).toMatchObject({ written: 1 });
  expect(await pricesOf(lake)).toEqual(expected);
});

test("what a disk has changed verify names, a question says what makes it anew, and promote does", async () => {
  const { lake, expected, first, second } = await promotedLake();
  await flipUnseen(first, (size) => size >> 1);
  expect(await verify({ lake })).toMatchObject({
    ...{ ok: false, doubtful: [] },
    faults: [
      {
        what: expect.stringContaining("_ampframe/promoted/app=77/"),
        found: expect.stringMatching(/^SHA-256/),
      },
    ],
  });
  expect(await promote({ lake })).toMatchObject({ written: 1 });
  expect((await verify({ lake })).faults).toEqual([]);
  expect(await pricesOf(lake)).toEqual(expected);
  // All but the footer, so that the engine itself cannot go on.
  await keepingTime(second, async () => {
    const bytes = await readFile(second);
    const footer = bytes.readUInt32LE(bytes.length - 8);
    await writeFile(second, bytes.fill(0xff, 4, bytes.length - 8 - footer));
  });
  await expect(pricesOf(lake)).rejects.toMatchObject({
    wayOut: expect.stringContaining("`ampframe promote`"),
  });
  expect(await promote({ lake })).toMatchObject({ written: 1 });
  expect(await pricesOf(lake)).toEqual(expected);
});

test("a copy of a lake, whose files have new times, needs no more than a look at them", async () => {
  const { lake, expected } = await promotedLake();
  const copy = await newPlace();
  await cp(lake, copy, { recursive: true });
  for (const name of await projections(copy)) await utimes(join(copy, "_ampframe/promoted", name), 1, 1);
  expect(await pricesOf(copy)).toEqual({ ...expected, projected: 0 });
  expect(await promote({ lake: copy })).toMatchObject({ written: 0 });
  expect(await pricesOf(copy)).toEqual(expected);
});

test("a list that is torn, or changed anywhere, is not believed", async () => {
  const { lake, expected } = await promotedLake();
  const list = join(lake, "_ampframe/promoted.json");
  const whole = await readFile(list);
  for (let at = 0; at < whole.length - 1; at += Math.ceil(whole.length / PLACES)) {
    await writeFile(list, whole);
    await flip(list, () => at);
    expect(await pricesOf(lake)).toEqual({ ...expected, projected: 0 });
  }
  await writeFile(list, whole.subarray(0, 200));
  expect(await pricesOf(lake)).toEqual({ ...expected, projected: 0 });
  expect(await promote({ lake, properties: ["price"] })).toMatchObject({ written: 2 });
  expect(await pricesOf(lake)).toEqual(expected);
});

test("a lake that is open when all projections are deleted goes on from the events", async () => {
  const { lake, expected } = await promotedLake();
  const open = await openLake(lake);
  const asked = async () => {
    const frame = await open.query("SELECT price FROM promoted ORDER BY event_time");
    return (await frame.head(100)).map((row) => Object.values(row)[0]);
  };
  expect(await asked()).toEqual(expected.prices);
  await rm(join(lake, "_ampframe/promoted"), { recursive: true });
  expect(await asked()).toEqual(expected.prices);
  await open.close();
});
