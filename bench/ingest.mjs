// The same exported members (.json.gz) taken in by ampframe: by one process, by two on one lake with half of the days each, and by
// the workers of Spark clusters (`load --engine spark`); and, unless --no-yardstick, read by those clusters without ampframe:
// node bench/ingest.mjs --members DIR [--runs 3] [--no-yardstick] [--spark "two workers=sc://HOST:15002"]…
// Without --spark a cluster of one worker and then one of two are started on this machine, as `npm run test:scale` does it. Prints a
// table of Markdown: the least of the runs in seconds, and the CPU time of ampframe's own processes. What Spark does alone is a
// yardstick, no ingestion: it reads JSON by a schema that is given, times as texts and properties as JSON texts, and writes one
// Parquet file for each task, zstd, without looking for duplicates, without a partition, an account, a proof, or lines set aside: a
// line that is no JSON becomes a row of nulls. DIR must be the cluster's too. Needs `npm run build` and bash.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FIELDS, loadOnSpark, openSparkLake } from "../dist/index.js";
import { sparkClusters } from "./spark-clusters.mjs";

const { values } = parseArgs({
  options: {
    members: { type: "string" },
    spark: { type: "string", multiple: true, default: [] },
    runs: { type: "string", default: "3" },
    "no-yardstick": { type: "boolean", default: false },
  },
});
if (values.members === undefined) {
  console.error(
    "node bench/ingest.mjs --members DIR [--runs 3] [--no-yardstick] [--spark NAME=sc://HOST:15002]…",
  );
  process.exit(2);
}
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const KINDS = {
  int: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  text: "STRING",
  json: "STRING",
  time: "STRING",
};
const members = resolve(values.members);
const files = readdirSync(members)
  .filter((name) => name.endsWith(".gz"))
  .sort();
const folder = mkdtempSync(join(tmpdir(), "ampframe-ingest-"));

/** @param {readonly string[]} paths @param {string} lake */
function load(paths, lake) {
  const child = spawn(
    "bash",
    [
      "-c",
      'TIMEFORMAT="%U %S"; time "$@"',
      "bash",
      process.execPath,
      MAIN,
      "load",
      ...paths,
      "--lake",
      lake,
      "--json",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => (out += piece));
  child.stderr.on("data", (piece) => (err += piece));
  return /** @type {Promise<{ cpu: number, events: number }>} */ (
    new Promise((done, fail) =>
      child.on("close", (status) => {
        if (status !== 0) return fail(new Error(err));
        const times = err.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
        done({ cpu: times.reduce((sum, each) => sum + each, 0), events: JSON.parse(out).loaded });
      }),
    )
  );
}

/** Folders of links to the files, one after the other in time, as many as there are processes. @param {number} processes */
function shares(processes) {
  const size = Math.ceil(files.length / processes);
  return Array.from({ length: processes }, (_, i) => {
    const share = join(folder, `share-${processes}-${i}`);
    mkdirSync(share);
    for (const name of files.slice(i * size, (i + 1) * size))
      symlinkSync(join(members, name), join(share, name));
    return share;
  });
}

/** @param {string} name @param {() => Promise<string>} work */
async function measured(name, work) {
  let [least, said] = [Infinity, ""];
  for (let run = 0; run < Number(values.runs); run += 1) {
    const start = performance.now();
    const words = await work();
    const seconds = (performance.now() - start) / 1000;
    if (seconds < least) [least, said] = [seconds, words];
  }
  console.log(`| ${name} | ${least.toFixed(1)} | ${said} |`);
}

console.log("| | seconds | |\n|---|---:|---|");
const lake = join(folder, "lake");
let events = 0;
for (const processes of [1, 2]) {
  const own = shares(processes);
  await measured(`ampframe load, ${processes === 1 ? "one process" : "two processes"}`, async () => {
    rmSync(lake, { recursive: true, force: true });
    const ran = await Promise.all(own.map((share) => load([share], lake)));
    events = ran.reduce((sum, each) => sum + each.events, 0);
    return `${events.toLocaleString("en")} events, ${ran.reduce((sum, { cpu }) => sum + cpu, 0).toFixed(1)} s of CPU`;
  });
}
for await (const { name, server } of sparkClusters(values.spark)) {
  await measured(`ampframe load --engine spark, ${name}`, async () => {
    rmSync(lake, { recursive: true, force: true });
    const command = `${process.execPath} ${MAIN}`;
    const { loaded } = await loadOnSpark({ server, lake, paths: [members], command });
    if (loaded !== events) throw new Error(`${name} loaded ${loaded} of ${events} events`);
    return `${loaded.toLocaleString("en")} events`;
  });
  if (values["no-yardstick"]) continue;
  const spark = await openSparkLake(lake, { server });
  const columns = FIELDS.map((field) => `\`${field.name}\` ${KINDS[field.kind]}`).join(", ");
  await spark.query(
    `CREATE OR REPLACE TEMPORARY VIEW members (${columns}) USING json OPTIONS ('path' = '${members}')`,
  );
  await measured(`Spark reads JSON and writes Parquet, ${name}`, async () => {
    await spark.query(
      `INSERT OVERWRITE DIRECTORY '${join(folder, "spark")}' USING parquet OPTIONS ('compression' = 'zstd') SELECT * FROM members`,
    );
    return "";
  });
  await spark.close();
}
rmSync(folder, { recursive: true, force: true });
