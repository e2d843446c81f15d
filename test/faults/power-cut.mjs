import { watch } from "node:fs";
import { cp, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expectNoKeyIn, expectSound, MAIN, must, proven, requestsIn, run } from "./commands.mjs";
import { entriesOf, expectGone, expectTidy } from "./works.mjs";

/** @typedef {import("./works.mjs").Work} Work */
/** @typedef {ReturnType<typeof import("./loop-disk.mjs").makeDisk>} Disk */

/**
 * @typedef {object} Cut
 * @property {number} after milliseconds from the first change of the disk
 * @property {boolean} othersSync whether another program brings its own files to the same disk all the time, and with
 *   them the journal: then names come to the disk long before the contents that nobody has synced
 * @property {boolean} [withoutFsync] whether fsync does nothing, to see that the cut does harm
 */

/**
 * Cuts the power of `disk` while the command is at work, starts it again, repairs nothing, and runs the same command
 * again. Gives what the log held after the cut, and whether the command had ended by then. Throws if what a command
 * that ended had promised is gone, verify finds a fault, an event is lost or there twice, or a key stands somewhere.
 * @param {Disk} disk @param {Work} work @param {Cut} cut
 */
export async function cutPower(disk, work, cut) {
  const lake = await freshLake(disk, work);
  const ran = await runUntilCut(disk, work, lake, cut);
  if (ran.hung) throw new Error("it hung");
  const entries = entriesOf(lake);
  const hasEnded = ran.status === 0;
  if (hasEnded && entries < work.entries) throw new Error(`it had ended, but the log has ${entries} entries`);
  if (hasEnded) {
    await expectWhole(work, lake, "it had ended, but ");
    await expectGone(work, lake);
  } else if (entries > 0) await expectSound(lake);

  await must(work.args(lake));
  await expectWhole(work, lake, "");
  await expectGone(work, lake);
  // A run that has nothing to write clears nothing away.
  if (entriesOf(lake) > entries) expectTidy(lake);
  expectNoKeyIn(disk.path);
  const old = work.base ? entriesOf(work.base) : 0;
  const state = entries <= old ? "old" : entries < work.entries ? "part" : "new";
  return { state, hasEnded, requests: requestsIn(`${lake}.log`) };
}

/**
 * Milliseconds that a command is at work on the disk, undisturbed.
 * @param {Disk} disk @param {Work} work @param {Omit<Cut, "after">} cut
 */
export async function workingTime(disk, work, cut) {
  const lake = await freshLake(disk, work);
  const begins = firstChange(disk, work, lake);
  const [ran, start] = await Promise.all([command(work, lake, cut.withoutFsync), begins]);
  if (ran.status !== 0) throw new Error(`${work.name} ended with ${ran.status}: ${ran.stderr}`);
  return ran.ended - start;
}

/** The work's lake on the disk, alone there, and safely there. */
async function freshLake(disk, work) {
  for (const name of await readdir(disk.path)) {
    if (name !== "lost+found") await rm(join(disk.path, name), { recursive: true });
  }
  const lake = join(disk.path, "lake");
  await mkdir(join(disk.path, "other"));
  if (work.base) await cp(work.base, lake, { recursive: true });
  disk.sync();
  return lake;
}

async function runUntilCut(disk, work, lake, { after, othersSync, withoutFsync }) {
  const begins = firstChange(disk, work, lake);
  const others = othersSync ? syncAllTheTime(join(disk.path, "other")) : undefined;
  let kill = () => {};
  const ending = command(work, lake, withoutFsync, (stop) => {
    kill = stop;
  });
  const start = await Promise.race([begins, ending.then(({ ended }) => ended)]);
  await delay(Math.max(0, start + after - performance.now()));
  await disk.cut();
  kill();
  const ran = await ending;
  await others?.();
  await disk.restart();
  return ran;
}

/** When something first changes: in the staging folder of a lake, or on the disk where there is none. */
function firstChange(disk, { base }, lake) {
  return new Promise((resolve, reject) => {
    const watcher = watch(base ? join(lake, "_ampframe/staging") : disk.path, { persistent: false });
    watcher.on("error", reject).once("change", () => {
      watcher.close();
      resolve(performance.now());
    });
  });
}

async function command({ args }, lake, withoutFsync, onStart) {
  const node = [process.execPath, MAIN, ...args(lake)];
  const [file, ...rest] = withoutFsync
    ? ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync,fdatasync:retval=0", ...node]
    : node;
  const ran = await run(file, rest, {}, onStart);
  return { ...ran, ended: performance.now() };
}

/** What another program does on the same disk. Gives what ends it. */
function syncAllTheTime(folder) {
  let isOver = false;
  const work = (async () => {
    const file = await open(join(folder, "file"), "w");
    try {
      while (!isOver) {
        await file.write("x");
        await file.sync();
        await delay(2);
      }
    } catch {
      // The power is gone.
    } finally {
      await file.close().catch(() => {});
    }
  })();
  return () => {
    isOver = true;
    return work;
  };
}

async function expectWhole(work, lake, when) {
  const found = await proven(lake);
  if (found !== work.expected) throw new Error(`${when}the lake holds ${found}, expected ${work.expected}`);
}
