// Three analyses on this machine's DuckDB and on Spark clusters, over the same lake: node bench/spark.mjs --lake DIR [--runs 3]
// [--spark "one worker=sc://host:15002"]… Without --spark a cluster of one worker and then one of two are started on this machine,
// as `npm run test:scale` does it. Prints a table of Markdown: the fastest and slowest of the runs in seconds; the first run of
// each, which warms up, is not counted. Needs `npm run build`.
import { parseArgs } from "node:util";
import { openLake, openSparkLake, runAnalysis } from "../dist/index.js";
import { sparkClusters } from "./spark-clusters.mjs";

const { values } = parseArgs({
  options: {
    lake: { type: "string", default: "./amplitude" },
    spark: { type: "string", multiple: true, default: [] },
    "spark-lake": { type: "string" },
    runs: { type: "string", default: "3" },
  },
});
const QUESTIONS = {
  "unique users by day": { analysis: "segmentation", events: ["_active"], measure: "uniques" },
  retention: { analysis: "retention", start: "_new", return: "_active", intervals: 7 },
  sessions: { analysis: "sessions", interval: "day" },
};

/** @type {string[]} */
const engines = [];
const figures = new Map(Object.keys(QUESTIONS).map((name) => [name, []]));
let events = 0;
const answers = new Map();

/** @param {string} engine @param {import("../dist/index.js").Lake | import("../dist/index.js").SparkLake} lake */
async function ask(engine, lake) {
  engines.push(engine);
  const { events: all, from, to } = await lake.extent();
  events = all ?? events;
  // The default range is 30 days.
  const last = `${Math.ceil((Number(to) - Number(from)) / 86_400_000) + 1}d`;
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const seconds = [];
    for (let run = 0; run <= Number(values.runs); run += 1) {
      const start = performance.now();
      const { rows } = await runAnalysis(lake, { ...question, last });
      if (run > 0) seconds.push((performance.now() - start) / 1000);
      const said = JSON.stringify(rows);
      if ((answers.get(name) ?? said) !== said) console.error(`${engine} answers ${name} otherwise`);
      answers.set(name, said);
    }
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
    figures.get(name).push(`${least.toFixed(1)} to ${most.toFixed(1)}`);
    console.error(`${engine}, ${name}: ${figures.get(name).at(-1)} s`);
  }
  await lake.close();
}

await ask("DuckDB", await openLake(values.lake));
for await (const { name, server } of sparkClusters(values.spark)) {
  await ask(`Spark, ${name}`, await openSparkLake(values.lake, { server, path: values["spark-lake"] }));
}
console.log(`| ${events.toLocaleString("en")} events, seconds | ${engines.join(" | ")} |`);
console.log(`|---|${engines.map(() => "---").join("|")}|`);
for (const [name, seconds] of figures) console.log(`| ${name} | ${seconds.join(" | ")} |`);
