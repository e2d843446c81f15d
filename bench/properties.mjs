// What promoted properties cost and bring: npm run build, then node bench/properties.mjs LAKE [--rounds N]
// LAKE is copied beside itself and not changed. Both sides of a comparison run in turn.
import { cpSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { openLake } from "../dist/index.js";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "7" } },
});
const [source] = positionals;
if (source === undefined) throw new Error("Name the folder of a lake: node bench/properties.mjs LAKE");
const rounds = Number(values.rounds);
const copy = `${source}-promoted-bench`;
const PROPERTIES = ["price", "product_id", "category", "position", "quantity"];
const TYPED = [
  { property: "price", type: "double" },
  "product_id",
  "category",
  { property: "position", type: "int64" },
  { property: "quantity", type: "double" },
];

rmSync(copy, { recursive: true, force: true });
cpSync(source, copy, { recursive: true });
try {
  const promoting = await openLake(copy);
  const report = await promoting.promote(PROPERTIES);
  await promoting.close();
  const share = ((100 * report.bytes) / report.dataBytes).toFixed(0);
  console.log(`promote ${PROPERTIES.join(", ")}: ${report.seconds} s; ${report.files} files`);
  console.log(
    `disk: ${(report.bytes / 1e6).toFixed(0)} MB beside ${(report.dataBytes / 1e6).toFixed(0)} MB (${share} %)`,
  );
  await compare();
} finally {
  rmSync(copy, { recursive: true, force: true });
}

async function compare() {
  const [plain, promoted] = [await openLake(source), await openLake(copy)];
  const price = { columns: [], properties: [{ property: "price", type: "double" }] };
  const one = (lake, options) => frameOf(lake, { ...price, ...options });
  const total = async (frame, sum, from) => {
    const { engine, sql } = await frame.statement();
    return (await engine.query(`SELECT ${sum} FROM (${sql})${from ?? ""}`)).rows();
  };
  const cases = {
    "sum: plain column": () => total(plain.frame({ columns: ["event_id"] }), "sum(event_id)"),
    "sum: promoted": () => total(one(promoted), "sum(price)"),
    "sum: from JSON": () => total(one(plain), "sum(price)"),
    "filter: plain column": () => plain.frame({ columns: ["event_type"], where: "event_id > 100" }).count(),
    "filter: promoted": () => one(promoted, { where: "price > 100" }).count(),
    "filter: from JSON": () => one(plain, { where: "price > 100" }).count(),
    "valueCounts: plain column": () => plain.frame({ columns: ["country"] }).valueCounts("country"),
    "valueCounts: promoted": () => frameOf(promoted, { properties: ["category"] }).valueCounts("category"),
    "valueCounts: from JSON": () => frameOf(plain, { properties: ["category"] }).valueCounts("category"),
    "open and head: promoted": async () => {
      const lake = await openLake(copy);
      await frameOf(lake, { properties: ["price", "category"] }).head();
      await lake.close();
    },
  };
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(cases)) {
      const start = performance.now();
      await work();
      times[name].push(performance.now() - start);
    }
  }
  for (const [name, own] of Object.entries(times)) {
    own.sort((a, b) => a - b);
    console.log(
      `${name.padEnd(28)} median ${own[own.length >> 1].toFixed(0).padStart(6)} ms, least ${own[0].toFixed(0).padStart(6)} ms`,
    );
  }
  for (const [name, lake] of Object.entries({ promoted, "from JSON": plain })) {
    const options = { columns: [], events: "Product Viewed", properties: TYPED };
    const rates = [];
    let rows = 0;
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      rows = (await frameOf(lake, options).toPolars()).height;
      rates.push((rows / (performance.now() - start)) * 1000);
    }
    rates.sort((a, b) => b - a);
    console.log(
      `polars, ${name}: ${rows} rows, ${(rates[rates.length >> 1] / 1e6).toFixed(2)} million rows/s (best ${(rates[0] / 1e6).toFixed(2)})`,
    );
  }
  await plain.close();
  await promoted.close();
}

/** A frame without plain columns needs at least one; `event_type` costs little. */
function frameOf(lake, options) {
  const { columns = ["event_type"], ...rest } = options;
  return lake.frame({ ...rest, columns: columns.length > 0 ? columns : ["event_type"] });
}
