// Cuts the power of a disk under the real command: `npm run test:powercuts -- [--cuts 200] [--skip 0] [--seed 1]
// [--fs ext4|xfs] [--operation pull] [--minutes 40] [--controls 12]`. As root, on Linux. Ctrl-C ends it after the cut
// under way, and says how to go on.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { newFolder } from "./commands.mjs";
import { FILE_SYSTEM_NAMES, makeDisk, missingForDisks } from "./loop-disk.mjs";
import { cutPower, workingTime } from "./power-cut.mjs";
import { prepareWorks, startShop } from "./works.mjs";

const { values } = parseArgs({
  options: {
    cuts: { type: "string", default: "200" },
    skip: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    controls: { type: "string", default: "12" },
    minutes: { type: "string", default: "40" },
    fs: { type: "string", multiple: true, default: FILE_SYSTEM_NAMES },
    operation: { type: "string", multiple: true },
  },
});
const [cuts, skip, seed] = [Number(values.cuts), Number(values.skip), Number(values.seed)];
const until = Date.now() + Number(values.minutes) * 60_000;
/** Some cuts come after the command has ended: what it promised must be there. */
const BEYOND_THE_END = 1.15;
/** Cuts without fsync, on each file system; of them some must do harm. */
const controls = Number(values.controls);
const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

const missing = missingForDisks();
if (missing !== undefined) {
  print(`NOT RUN: power cuts: ${missing}`);
  process.exit(1);
}
const kinds = FILE_SYSTEM_NAMES.filter((kind) => values.fs.includes(kind));
if (kinds.length < values.fs.length) {
  print(`There is no file system ${values.fs}; they are ${FILE_SYSTEM_NAMES.join(", ")}.`);
  process.exit(2);
}
let isStopped = false;
process.once("SIGINT", () => {
  isStopped = true;
  process.once("SIGINT", () => process.exit(130));
});

const folder = newFolder();
const shop = await startShop();
try {
  // A cut is told by the log entries that it left, of which promote writes none.
  const works = (await prepareWorks(folder, shop.url)).filter(({ name }) => name !== "promote");
  const results = await Promise.all(kinds.map((kind) => onDisk(makeDisk(kind, folder), works)));
  print(table(results.flatMap(({ rows }) => rows)));
  for (const { kind, control, requests, next } of results) {
    if (controls > 0) print(`${kind}: with fsync switched off, ${control} of ${controls} cuts did harm`);
    print(`${kind}: no key in any output, lake or log file; the log files tell of ${requests} requests`);
    if (next < cuts) print(`${kind}: not all: go on with --fs ${kind} --seed ${seed} --skip ${next}`);
  }
  const isWell = results.every(
    ({ rows, control, requests }) =>
      (control > 0 || controls === 0) &&
      // A log file that tells nothing hides nothing.
      (requests > 0 || !rows.some(({ work, tried }) => work.name === "pull" && tried > 0)) &&
      rows.every(({ tried, survived }) => tried === survived),
  );
  process.exitCode = isWell ? 0 : 1;
} finally {
  await shop.close();
}

/** All cuts on one file system, each operation in turn. */
async function onDisk(disk, works) {
  const rows = works.map((work) => ({
    ...{ work, kind: disk.kind, tried: 0, survived: 0, old: 0, part: 0, new: 0, ended: 0 },
  }));
  const chosen = (name) => values.operation?.includes(name) ?? true;
  const times = new Map();
  for (const { work } of rows) times.set(work, await timesOf(disk, work, {}));
  const control = await controlOn(disk, works[0]);
  let [requests, at] = [0, skip];
  for (; at < cuts && Date.now() < until && !isStopped; at++) {
    const row = rows[at % rows.length];
    if (!chosen(row.work.name)) continue;
    const after = instant(disk.kind, at) * times.get(row.work);
    const othersSync = Math.floor(at / rows.length) % 2 === 1;
    row.tried += 1;
    try {
      const seen = await cutPower(disk, row.work, { after, othersSync });
      row.survived += 1;
      row[seen.state] += 1;
      row.ended += seen.hasEnded ? 1 : 0;
      requests += seen.requests;
    } catch (error) {
      const again = `--fs ${disk.kind} --seed ${seed} --skip ${at} --cuts ${at + 1}`;
      print(`FAILED  ${row.work.name} after ${Math.round(after)} ms (again: ${again}): ${error}`);
    }
    if ((at + 1) % 50 === 0) print(`${disk.kind}: ${at + 1} of ${cuts}`);
  }
  disk.remove();
  return { kind: disk.kind, rows: rows.filter(({ work }) => chosen(work.name)), control, requests, next: at };
}

/** How many cuts of a pull whose fsync does nothing do harm; if none did, surviving would say nothing. */
async function controlOn(disk, work) {
  if (controls === 0) return 0;
  const time = await timesOf(disk, work, { withoutFsync: true });
  let harmful = 0;
  for (let at = 0; at < controls; at++) {
    const after = instant(`control ${disk.kind}`, at) * time;
    await cutPower(disk, work, { after, othersSync: true, withoutFsync: true }).catch((error) => {
      harmful += 1;
      if (harmful === 1) print(`${disk.kind}, fsync switched off, as it should: ${firstLine(error)}`);
    });
  }
  return harmful;
}

/** Within how many milliseconds the cuts of a work lie. */
async function timesOf(disk, work, how) {
  const times = [];
  for (let i = 0; i < 3; i++) times.push(await workingTime(disk, work, { othersSync: false, ...how }));
  return (times.sort((a, b) => a - b)[1] ?? 0) * BEYOND_THE_END;
}

/** From 0 to 1; the seed alone decides. @param {string} what @param {number} at */
function instant(what, at) {
  return createHash("sha256").update(`${seed} ${what} ${at}`).digest().readUInt32BE(0) / 2 ** 32;
}

function firstLine(error) {
  return String(error).split("\n")[0]?.slice(0, 300);
}

function table(rows) {
  const heads = ["cuts", "old", "part", "new", "ended", "survived"];
  const line = (name, cells) => `${name.padEnd(24)}${cells.map((cell) => String(cell).padStart(9)).join("")}`;
  const cells = (row) => [row.tried, row.old, row.part, row.new, row.ended, row.survived];
  const sum = rows.map(cells).reduce((a, b) => a.map((n, i) => n + b[i]));
  return [
    line("file system, operation", heads),
    ...rows.map((row) => line(`${row.kind}  ${row.work.name}`, cells(row))),
    line("all", sum),
    "old, part, new: what of the command's commits the log held after the cut; ended: it had ended well before",
  ].join("\n");
}
