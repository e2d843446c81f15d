// Kills the real command at its system calls, from outside. Needs Linux and strace (apt-get install strace).
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "../../dist/index.js";
import {
  API_KEY,
  expectNoKeyIn,
  MAIN,
  must,
  newFolder,
  proven,
  pulling,
  run,
  SECRET_KEY,
  works,
} from "./commands.mjs";

/** Each call of these is a point; of the others so many are, spread over the run. */
const EXHAUSTIVE = ["fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "rmdir"];
const SAMPLED = { write: 24, pwrite64: 24, pwritev: 24, openat: 24, ftruncate: 8 };
const DAYS = ["2026-11-20", "2026-11-21"];
const RANGE = ["--from", DAYS[0], "--to", DAYS[1]];
const AT_ONCE = 2;

/**
 * Kills `pull`, `pull --refresh` and `compact` at one point after the other, for at most `minutes`, beginning after
 * the first `skip` points. After each: a plain pull, verify, the uuids of an undisturbed lake, the command
 * again, a tidy staging folder.
 * @param {{minutes: number, skip: number, print: (line: string) => void}} options
 * @returns {Promise<boolean>} whether all that was tried has survived
 */
export async function killSweep({ minutes, skip, print }) {
  if (!works("strace", ["-f", "-qq", "-o", "/dev/null", "true"])) {
    print("skipped: it needs Linux and strace that may trace (apt-get install strace)");
    return true;
  }
  const until = Date.now() + minutes * 60_000;
  const folder = newFolder();
  const emulator = await startEmulator({
    ...{
      days: 2,
      eventsPerDay: 300,
      users: 40,
      duplicateRate: 0.05,
      end: /** @type {any} */ ("2026-11-21T23"),
    },
    ...{ apiKey: API_KEY, secretKey: SECRET_KEY },
  });
  try {
    const works = await prepare(folder, emulator.url);
    const expected = await proven(works[1].base ?? "");
    const points = [];
    for (const work of works) points.push(...(await pointsOf(work, folder)));
    points.sort((a, b) => a.order - b.order);
    const rows = new Map(
      points.map(({ work, call }) => [
        `${work.name}  ${call}`,
        { points: 0, killed: 0, ended: 0, failed: 0 },
      ]),
    );
    for (const { work, call } of points) rows.get(`${work.name}  ${call}`).points += 1;
    let next = skip;
    const one = async () => {
      for (;;) {
        const at = next++;
        const point = points[at];
        if (!point || Date.now() > until) return;
        const row = rows.get(`${point.work.name}  ${point.call}`);
        const lake = join(folder, `point-${at}`);
        try {
          row[(await killAt(point, lake, emulator.url, expected)) ? "killed" : "ended"] += 1;
        } catch (error) {
          row.failed += 1;
          print(`FAILED  ${point.work.name} ${point.call} ${point.when}: ${error}`);
        }
        await rm(lake, { recursive: true, force: true });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return table(rows, points.length, Math.min(next - AT_ONCE, points.length), print);
  } finally {
    await emulator.close();
  }
}

/** The commands to kill, each with the lake that it begins with. */
async function prepare(folder, url) {
  const [held, pieces] = [join(folder, "held"), join(folder, "pieces")];
  await must(pulling(url, held, ...RANGE));
  for (const day of DAYS) {
    for (const [from, to] of [
      ["00", "11"],
      ["12", "23"],
    ]) {
      await must(pulling(url, pieces, "--from", `${day}T${from}`, "--to", `${day}T${to}`));
    }
  }
  return [
    { name: "pull", base: undefined, args: (lake) => pulling(url, lake, ...RANGE) },
    {
      name: "pull --refresh",
      base: held,
      args: (lake) => pulling(url, lake, "--refresh", `${DAYS[0]}..${DAYS[1]}`),
    },
    { name: "compact", base: pieces, args: (lake) => ["compact", "--lake", lake, "--json", "--debug"] },
  ];
}

/** strace, with `options`, of a work on a copy of its lake. One thread of libuv's makes its calls countable. */
async function traced({ base, args }, lake, options) {
  if (base) await cp(base, lake, { recursive: true });
  // Not with --seccomp-bpf: strace 6.1 then forgets its counts.
  const strace = ["-f", "-qq", ...options, process.execPath, MAIN, ...args(lake)];
  return run("strace", strace, { UV_THREADPOOL_SIZE: "1" });
}

/** The points of a work: strace counts calls in each thread by itself, so the busiest thread says how many there are. */
async function pointsOf(work, folder) {
  const [lake, out] = [join(folder, `count-${work.name}`), join(folder, `calls-${work.name}`)];
  const calls = [...EXHAUSTIVE, ...Object.keys(SAMPLED)];
  const ran = await traced(work, lake, ["-o", out, "-e", `trace=${calls.map((call) => `?${call}`).join()}`]);
  if (ran.status !== 0) throw new Error(`${work.name} under strace ended with ${ran.status}: ${ran.stderr}`);
  const counts = new Map();
  for (const [, thread, call] of (await readFile(out, "latin1")).matchAll(/^(\d+) +(\w+)\(/gm)) {
    const key = `${thread} ${call}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  await rm(lake, { recursive: true });
  return calls.flatMap((call, i) => {
    const most = Math.max(
      0,
      ...[...counts].filter(([key]) => key.endsWith(` ${call}`)).map(([, count]) => count),
    );
    const count = Math.min(most, SAMPLED[call] ?? most);
    return Array.from({ length: count }, (_, n) => {
      const when = Math.round(((n + 1) * most) / count);
      // Spread, so that a sweep that is cut short has seen some of all.
      return { work, call, when, order: (n + 1) / count + i / 1e6 };
    });
  });
}

/** Kills a work at a point and repairs nothing. Gives whether it was killed; throws if the lake did not survive. */
async function killAt({ work, call, when }, lake, url, expected) {
  const inject = `inject=${call}:signal=KILL:when=${when}`;
  const ran = await traced(work, lake, ["-o", "/dev/null", "-e", `trace=${call}`, "-e", inject]);
  if (ran.hung) throw new Error("it hung");
  const killed = ran.signal === "SIGKILL" || ran.status === 137;
  if (!killed && ran.status !== 0) throw new Error(`it ended with ${ran.status}: ${ran.stderr}`);
  await must(pulling(url, lake, ...RANGE));
  const found = await proven(lake);
  if (found !== expected) throw new Error(`the lake holds ${found}, expected ${expected}`);
  // A run that has nothing to write clears nothing away, so each is followed by one that has.
  await must(work.base ? work.args(lake) : pulling(url, lake, "--refresh", `${DAYS[0]}..${DAYS[0]}`));
  const again = await proven(lake);
  if (again !== expected) throw new Error(`after the next command the lake holds ${again}`);
  await expectTidy(join(lake, "_ampframe/staging"));
  expectNoKeyIn(lake);
  return killed;
}

/** A folder whose owner is not written yet may stay for an hour; else nothing of a dead run may. */
async function expectTidy(staging) {
  for (const run of await readdir(staging)) {
    const owner = await readFile(join(staging, run, "owner.json"), "utf8").catch(() => "");
    if (owner.endsWith("}")) throw new Error(`left in staging: ${run}`);
  }
}

function table(rows, all, tried, print) {
  print(`${"command and call".padEnd(28)} points  killed  ended before  failed`);
  const sum = { points: 0, killed: 0, ended: 0, failed: 0 };
  for (const [name, row] of rows) {
    const { points, killed, ended, failed } = row;
    print(`${name.padEnd(28)} ${[points, killed, ended, failed].map((n) => `${n}`.padStart(6)).join("  ")}`);
    for (const key of Object.keys(sum)) sum[key] += row[key];
  }
  print(`${sum.killed} kills of ${all} points, ${sum.failed} failed, ${sum.ended} ended before their call`);
  if (tried < all) print(`the time is up: go on with --skip ${tried}`);
  return sum.failed === 0;
}
