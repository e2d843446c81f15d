import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROMOTE } from "../../src/cli/tree/promote.js";
import { ampframe, emptyFolder } from "./run.js";
import { ampframeHere } from "./run-here.js";

const PRICES = [5, 7, 9];

/** A folder with a lake of three orders in as many files. */
async function withLake(): Promise<string> {
  const cwd = emptyFolder();
  for (const [i, price] of PRICES.entries()) {
    await loadOrder(cwd, i, price);
  }
  return cwd;
}

async function loadOrder(cwd: string, i: number, price: number) {
  const at = `2026-11-0${i + 1} 01:00:00.000000`;
  const more = { app: 1, event_time: at, server_upload_time: at };
  const event = {
    uuid: `u${i}`,
    event_type: "Order",
    ...more,
    event_properties: { price, "item name": `n${i}` },
  };
  writeFileSync(join(cwd, `${i}.json`), JSON.stringify(event));
  const ran = await ampframeHere(["load", `${i}.json`], { cwd });
  expect(ran).toMatchObject({ status: 0 });
  return ran;
}

/** The command as this user in this process, or as user `uid` in one of its own. */
const asUser = (uid?: number) => (args: readonly string[], cwd: string) =>
  uid === undefined ? ampframeHere(args, { cwd }) : ampframe(args, { cwd, uid });

const sum = (cwd: string, uid?: number) =>
  asUser(uid)(["sql", "SELECT sum(price) FROM promoted", "--format", "csv"], cwd).then(
    ({ stdout }) => stdout.split("\n")[1],
  );

test("promote adds, lists and drops, as text", async () => {
  const cwd = await withLake();
  expect(await ampframeHere(["promote"], { cwd })).toMatchObject({
    ...{ status: 0, stdout: "No property is promoted in ./amplitude\n", stderr: "" },
  });
  const added = await ampframeHere(["promote", "price", "item name"], { cwd });
  expect(added).toMatchObject({ status: 0, stderr: "" });
  expect(added.stdout).toMatch(
    /^✓ 2 properties promoted in \.\/amplitude {2}3 files written; [\d.]+ kB beside [\d.]+ kB of data; .*\n {2}event_properties\.price {6}int64\n {2}event_properties\.item name {2}text\n$/,
  );
  expect(await sum(cwd)).toBe("21");
  expect((await ampframeHere(["promote"], { cwd })).stdout).toMatch(
    /^✓ 2 properties promoted .* 0 files written/,
  );

  const dropped = await ampframeHere(["promote", "--drop", "item name"], { cwd });
  expect(dropped).toMatchObject({ status: 0, stderr: "" });
  expect(dropped.stdout).toMatch(
    /^✓ 1 property promoted in .*3 files written.*\n {2}event_properties\.price {2}int64\n$/,
  );
  expect((await ampframeHere(["promote", "--drop", "price"], { cwd })).stdout).toBe(
    "No property is promoted in ./amplitude\n",
  );
  const gone = await ampframeHere(["sql", "SELECT sum(price) FROM promoted"], { cwd });
  expect(gone).toMatchObject({ status: 1, stdout: "" });
  expect(gone.stderr).toContain("promoted once a property is promoted");
});

test("--json has the keys that the help names, --quiet prints nothing", async () => {
  const cwd = await withLake();
  const ran = await ampframeHere(["promote", "price", "--json"], { cwd });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  const report = JSON.parse(ran.stdout);
  expect(Object.keys(report).sort()).toEqual(Object.keys(PROMOTE.json ?? {}).sort());
  expect(report).toMatchObject({
    properties: [{ property: "event_properties.price", type: "int64" }],
    ...{ files: 3, written: 3 },
  });
  expect(await ampframeHere(["promote", "price", "--quiet"], { cwd })).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
  });
  const none = JSON.parse((await ampframeHere(["promote", "--drop", "price", "--json"], { cwd })).stdout);
  expect(none).toMatchObject({ properties: [], bytes: 0, written: 0 });
});

test.each([
  [["promote", "prise"], 2, 'Did you mean "price"?'],
  [["promote", "--drop", "price"], 2, "not promoted"],
  [["promote", "--lake", "none"], 1, "no lake"],
])("%j ends with status %i and says %s", async (args, status, words) => {
  const ran = await ampframe(args, { cwd: await withLake() });
  expect(ran).toMatchObject({ status, stdout: "" });
  expect(ran.stderr).toContain(words);
});

test("where promoting fails, load and compact do their work and say so, and the answers are right", async () => {
  const cwd = await withLake();
  await ampframeHere(["promote", "price", "--quiet"], { cwd });
  const folder = join(cwd, "amplitude/_ampframe/promoted");
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "in the way");
  const words = /warning: promoted properties are read from the events for now: /;
  const loaded = await loadOrder(cwd, 3, 100);
  expect(`${loaded.stdout}${loaded.stderr}`).toMatch(words);
  expect(await sum(cwd)).toBe("121");
  rmSync(folder);
  expect((await ampframeHere(["promote"], { cwd })).stdout).toContain("4 files written");
  expect(await sum(cwd)).toBe("121");
});

test("a damaged file of promoted properties is named by verify, with the way out, which works", async () => {
  const cwd = await withLake();
  await ampframeHere(["promote", "price", "--quiet"], { cwd });
  const path = damagedIn(cwd);
  const ran = await ampframeHere(["verify"], { cwd });
  expect(ran.status).toBe(3);
  expect(ran.stdout).toContain(path);
  expect(ran.stdout).toContain("made anew by: ampframe promote\n");
  expect((await ampframeHere(["promote"], { cwd })).stdout).toContain("1 file written");
  expect(await ampframeHere(["verify", "--quiet"], { cwd })).toMatchObject({ status: 0 });
});

test("a lake that may not be written to is read, with its projections, and not promoted", async () => {
  const cwd = await withLake();
  await ampframeHere(["promote", "price", "--quiet"], { cwd });
  const lake = join(cwd, "amplitude");
  const folders = [cwd, lake, ...foldersIn(lake)];
  for (const folder of folders) chmodSync(folder, 0o555);
  const uid = process.getuid?.() === 0 ? 65534 : undefined;
  try {
    expect(await sum(cwd, uid)).toBe("21");
    expect(await asUser(uid)(["promote"], cwd)).toMatchObject({ status: 0 });
    const refused = await asUser(uid)(["promote", "item name"], cwd);
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toContain("Give this user the right to read and write the folder");
    expect(await sum(cwd, uid)).toBe("21");
  } finally {
    for (const folder of folders) chmodSync(folder, 0o755);
  }
});

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Flips a bit of a projection as a failing disk does, with no trace in its time; gives its path inside the lake. */
function damagedIn(cwd: string): string {
  const folder = join(cwd, "amplitude/_ampframe/promoted");
  const name = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((each) =>
    each.endsWith(".parquet"),
  );
  const path = join(folder, name ?? "");
  const { atime, mtimeMs, size } = statSync(path);
  const bytes = readFileSync(path);
  bytes[size >> 1]! ^= 1;
  writeFileSync(path, bytes);
  // Half a millisecond more, since seconds as a double may be a little less.
  utimesSync(path, atime, (Math.floor(mtimeMs) + 0.5) / 1000);
  return `_ampframe/promoted/${name}`;
}
