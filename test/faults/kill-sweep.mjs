// Kills the real command at its system calls, from outside. Needs Linux and strace (apt-get install strace).
import { cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  chosenOf,
  expectNoKeyIn,
  expectSound,
  MAIN,
  must,
  newFolder,
  proven,
  requestsIn,
  run,
  works,
} from "./commands.mjs";
import {
  expectGone,
  expectPromoted,
  expectTidy,
  prepareWorks,
  pullingAll,
  refreshingSome,
  startShop,
} from "./works.mjs";

/** Each call of these is a point; of the others so many are, spread over the run. */
const EXHAUSTIVE = ["fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "rmdir"];
const SAMPLED = { write: 24, pwrite64: 24, pwritev: 24, openat: 24, ftruncate: 8 };
const AT_ONCE = 2;

/**
 * Kills `pull`, `pull --refresh`, `compact`, `promote` and `forget` at one point after the other, for at most `minutes`, beginning
 * after the first `skip` points. After each: a plain pull (after forget: the same command), verify, the uuids of an
 * undisturbed lake, promoted properties as in the events, nothing of the person anywhere, the command again, a tidy staging folder, no key in any file.
 * @param {{minutes: number, skip: number, commands: readonly string[] | undefined, print: (line: string) => void}} options
 * @returns {Promise<boolean>} whether all that was tried has survived
 */
export async function killSweep({ minutes, skip, commands, print }) {
  if (!works("strace", ["-f", "-qq", "-o", "/dev/null", "true"])) {
    print("skipped: it needs Linux and strace that may trace (apt-get install strace)");
    return true;
  }
  const until = Date.now() + minutes * 60_000;
  const folder = newFolder();
  const emulator = await startShop();
  try {
    const all = await prepareWorks(folder, emulator.url);
    const works = chosenOf(all, commands, ({ name }) => name);
    let requests = 0;
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
          row[(await killAt(point, lake, emulator.url)) ? "killed" : "ended"] += 1;
          requests += requestsIn(`${lake}.log`);
        } catch (error) {
          row.failed += 1;
          print(`FAILED  ${point.work.name} ${point.call} ${point.when}: ${error}`);
        }
        await rm(lake, { recursive: true, force: true });
        await rm(`${lake}.log`, { force: true });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    expectNoKeyIn(folder);
    const survived = table(rows, points.length, Math.min(next - AT_ONCE, points.length), print);
    print(`no key in any output, lake or log file; the log files tell of ${requests} requests`);
    // A log file that tells nothing hides nothing.
    return survived && (requests > 0 || !works.some(({ name }) => name === "pull"));
  } finally {
    await emulator.close();
  }
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
async function killAt({ work, call, when }, lake, url) {
  const inject = `inject=${call}:signal=KILL:when=${when}`;
  const ran = await traced(work, lake, ["-o", "/dev/null", "-e", `trace=${call}`, "-e", inject]);
  if (ran.hung) throw new Error("it hung");
  const killed = ran.signal === "SIGKILL" || ran.status === 137;
  if (!killed && ran.status !== 0) throw new Error(`it ended with ${ran.status}: ${ran.stderr}`);
  const forgets = work.gone.length > 0;
  if (forgets || work.promoted.length > 0) await expectSound(lake);
  await expectPromoted(work, lake);
  // A person is forgotten by the same command again, all else is brought by a pull.
  await must(forgets ? work.args(lake) : pullingAll(url, lake));
  await expectWhole(work, lake, "");
  // A run that has nothing to write clears nothing away, so each is followed by one that has.
  const writes = work.base && work.name !== "promote";
  await must(writes ? work.args(lake) : refreshingSome(url, lake));
  if (forgets) await must(pullingAll(url, lake));
  await expectWhole(work, lake, "after the next commands ");
  expectTidy(lake);
  expectNoKeyIn(lake);
  return killed;
}

async function expectWhole(work, lake, when) {
  const found = await proven(lake);
  if (found !== work.expected) throw new Error(`${when}the lake holds ${found}, expected ${work.expected}`);
  await expectGone(work, lake);
  await expectPromoted(work, lake);
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
