// Lets the disk be full. Needs Linux and the right to mount a tmpfs (root).

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, writeMembers } from "../../dist/index.js";
import {
  API_KEY,
  ampframe,
  chosenOf,
  expectNoKeyIn,
  must,
  newFolder,
  proven,
  pulling,
  SECRET_KEY,
  works,
} from "./commands.mjs";
import { expectGone, forgetWork } from "./works.mjs";

const SHOP = { days: 2, users: 200, duplicateRate: 0.05, end: /** @type {any} */ ("2026-11-21T23") };
const RANGE = ["--from", "2026-11-20", "--to", "2026-11-21"];
const PAGE = 4096;
/** Lets a run fill the disk to the brim. */
const FULL = ["--limit", "free=0"];

/** Of what a work needs; in an order in which a sweep that is cut short has seen small and large disks. */
const PERCENTS = [30, 60, 1, 45, 15, 75, 90, 5, 20, 25, 35, 40, 50, 55, 65, 70, 80, 85, 95, 2, 10, 97, 100];

/**
 * Gives load and pull, into a new lake and one that holds the first day, and forget disks of 1 to 100 % of what they
 * need; the log file is on them, too. Each must end in time with an error in words or well, leave a lake that verify
 * proves, holding what was there, and go on when there is room.
 * @param {{minutes: number, commands: readonly string[] | undefined, print: (line: string) => void}} options
 * @returns {Promise<boolean>} whether all has survived
 */
export async function diskFull({ minutes, commands, print }) {
  const folder = newFolder();
  const disk = join(folder, "disk");
  mkdirSync(disk);
  if (!works("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])) {
    print("skipped: it needs the right to mount a tmpfs (run it as root)");
    return true;
  }
  execFileSync("umount", [disk]);
  const until = Date.now() + minutes * 60_000;
  const emulator = await startEmulator({
    ...SHOP,
    eventsPerDay: 20_000,
    apiKey: API_KEY,
    secretKey: SECRET_KEY,
  });
  try {
    const members = join(folder, "members");
    mkdirSync(members);
    await writeMembers({ dir: members, ...SHOP, eventsPerDay: 20_000 });
    let good = true;
    const works = await worksOn(folder, members, emulator.url);
    const all = chosenOf(works, commands, ({ name }) => name.split(",")[0] ?? "");
    const share = (until - Date.now()) / all.length;
    for (const work of all) {
      const end = Date.now() + share;
      const need = sizeOf(work.done) - (work.base ? sizeOf(work.base) : 0) + work.beside;
      const expected = await proven(work.done);
      const seen = { tried: 0, error: 0, well: 0, failed: 0 };
      for (const percent of PERCENTS) {
        if (Date.now() > end) break;
        const bytes = Math.max(64 * 1024, Math.ceil((need * percent) / 100 / PAGE) * PAGE);
        seen.tried += 1;
        try {
          seen[await onDisk(disk, bytes, work, expected)] += 1;
        } catch (error) {
          seen.failed += 1;
          print(`FAILED  ${work.name} with ${percent} %: ${error}`);
        }
      }
      good &&= seen.failed === 0;
      print(
        `${work.name.padEnd(24)} need ${Math.ceil(need / 1024)} KB, ${seen.tried} disks: ` +
          `${seen.error} ended with an error in words, ${seen.well} well, ${seen.failed} failed`,
      );
    }
    return good;
  } finally {
    await emulator.close();
  }
}

/** The commands, each with the lake it begins with, the lake it ends with, and the bytes it needs beside that. */
async function worksOn(folder, members, url) {
  const lake = (name) => join(folder, name);
  const day = (at) =>
    readdirSync(members)
      .filter((name) => name.includes(`_2026-11-${at}_`))
      .map((name) => join(members, name));
  const pull = (to, ...more) => [...pulling(url, to, ...RANGE, "--min-free", "0", ...FULL), ...more];
  const load = (to) => [
    "load",
    "--lake",
    to,
    "--json",
    "--debug",
    "--log-file",
    `${to}.log`,
    "--min-free",
    "0",
    ...FULL,
    members,
  ];
  await must(pull(lake("pulled")));
  await must(load(lake("loaded")));
  cpSync(lake("pulled"), lake("to-forget"), { recursive: true });
  const forget = { ...(await forgetWork(lake("to-forget"), folder)), done: lake("forgotten") };
  cpSync(lake("to-forget"), forget.done, { recursive: true });
  await must(forget.args(forget.done));
  await must(pulling(url, lake("pulled-some"), "--from", "2026-11-20", "--to", "2026-11-20"));
  await must(["load", "--lake", lake("loaded-some"), "--json", ...day("20")]);
  // Archives lie beside the lake's files while they are decoded, and the rows of the batch.
  const beside = sizeOf(lake("loaded")) + sizeOf(members);
  return [
    { name: "load, new lake", args: load, base: undefined, done: lake("loaded"), beside },
    { name: "load, a day held", args: load, base: lake("loaded-some"), done: lake("loaded"), beside },
    { name: "pull, new lake", args: pull, base: undefined, done: lake("pulled"), beside },
    { name: "pull, a day held", args: pull, base: lake("pulled-some"), done: lake("pulled"), beside },
    // At most all files are written anew.
    { ...forget, beside: sizeOf(lake("to-forget")) },
  ];
}

/** Works on a disk of `bytes`, and then, with room, again. Throws if anything was lost, doubled or not in words. */
async function onDisk(disk, bytes, { args, base, gone = [] }, expected) {
  // What the lake begins with must fit; the bytes are those beside it.
  const size = bytes + (base ? sizeOf(base) : 0);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);
  try {
    const lake = join(disk, "lake");
    if (base) cpSync(base, lake, { recursive: true });
    const before = base ? JSON.parse(await must(["status", "--lake", lake, "--json"])).rows : 0;
    const ran = await ampframe(args(lake));
    if (ran.hung) throw new Error("it hung");
    if (ran.status !== 0 && ran.status !== 1)
      throw new Error(`it ended with ${ran.status ?? ran.signal}: ${ran.stderr}`);
    if (ran.status === 1 && !/(ENOSPC|no space|room|full|disk)/i.test(ran.stderr + ran.stdout)) {
      throw new Error(`no word of the disk: ${ran.stderr}`);
    }
    if (
      existsSync(join(lake, "_delta_log")) &&
      readdirSync(join(lake, "_delta_log")).some((name) => /^\d+\.json$/.test(name))
    ) {
      const { ok, rows, faults } = JSON.parse(await must(["verify", "--lake", lake, "--json"]));
      if (!ok || rows < before - gone.length)
        throw new Error(`the old state is gone: ${rows} rows of ${before}, ${JSON.stringify(faults)}`);
    }
    expectNoKeyIn(disk);
    execFileSync("mount", ["-o", "remount,size=1g", disk]);
    await must(args(lake));
    const found = await proven(lake);
    if (found !== expected) throw new Error(`with room the lake holds ${found}, expected ${expected}`);
    await expectGone({ gone }, lake);
    return ran.status === 0 ? "well" : "error";
  } finally {
    execFileSync("umount", [disk]);
  }
}

/** Bytes of all files in a folder, in whole pages, as a tmpfs counts them. */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.reduce(
    (sum, { parentPath, name }) => sum + Math.ceil(statSync(join(parentPath, name)).size / PAGE) * PAGE,
    0,
  );
}
