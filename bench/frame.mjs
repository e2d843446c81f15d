/**
 * What reading a lake takes: `node bench/frame.mjs LAKE [RUNS]`, after `npm run build`. Each figure is the wall time of a
 * fresh process, the median of RUNS (default 3), without Node's start. The lake's kept profiles are deleted.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TYPE = "Product Viewed";
const PROPERTIES = ["product_id", "name", "category", "price", "position"];

/** @typedef {import("../build/index.js").Lake} Lake */

/** Each returns the rows it gave, if they count. @type {Record<string, (lake: Lake) => Promise<number | void>>} */
const TASKS = {
  "open and head()": async (lake) => void (await lake.frame().head()),
  'valueCounts("event_type")': async (lake) => void (await lake.frame().valueCounts("event_type")),
  'valueCounts("country")': async (lake) => void (await lake.frame().valueCounts("country")),
  'resample("day")': async (lake) => void (await lake.frame().resample("day").count()),
  "schema, first": async (lake) => void (await lake.schema()),
  "schema, second": async (lake) => void (await lake.schema()),
  "five properties to polars": (lake) => polars(lake),
  "five properties to polars, limit 500,000": (lake) => polars(lake, 500_000),
};

/** @param {Lake} lake @param {number} [limit] */
async function polars(lake, limit) {
  const { toPolars } = await import("../build/polars.js");
  const options = { events: TYPE, columns: /** @type {const} */ (["event_time"]), properties: PROPERTIES };
  return (await toPolars(lake.frame(limit === undefined ? options : { ...options, limit }))).height;
}

const [lakeDir, runs = "3", task] = process.argv.slice(2);
if (lakeDir === undefined) throw new TypeError("Name a lake: node bench/frame.mjs LAKE [RUNS]");
if (task === undefined) measureAll(lakeDir, Number(runs));
else await measureOne(lakeDir, task);

/** @param {string} dir @param {string} name */
async function measureOne(dir, name) {
  const { openLake } = await import("../build/index.js");
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const lake = await openLake(dir);
  const rows = (await TASKS[name]?.(lake)) ?? null;
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ seconds, cpu: (user + system) / 1e6, rows, peak }));
  await lake.close();
}

/** @param {string} dir @param {number} count */
function measureAll(dir, count) {
  for (const name of Object.keys(TASKS)) {
    const found = Array.from({ length: count }, () => {
      if (name === "schema, first")
        rmSync(join(dir, "_ampframe", "profiles"), { recursive: true, force: true });
      const { stdout, status } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), dir, "1", name],
        {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      if (status !== 0) throw new Error(`${name} ended with status ${status}`);
      return JSON.parse(stdout);
    }).sort((a, b) => a.seconds - b.seconds);
    const { seconds, cpu, rows, peak } = found[Math.floor(count / 2)];
    const rate = rows === null ? "" : `, ${rows} rows, ${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
    const spread = `${found[0].seconds.toFixed(2)} … ${found.at(-1).seconds.toFixed(2)}`;
    console.log(
      `${name}: ${seconds.toFixed(2)} s (${spread}), CPU ${cpu.toFixed(1)} s, ${(peak / 1e6).toFixed(0)} MB${rate}`,
    );
  }
}
