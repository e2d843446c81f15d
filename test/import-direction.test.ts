import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "../src");
const BASE = new Set(["hour", "event", "limits", "slots", "errors"]);
const FACES = new Set(["cli", "explorer"]);
/** The library's own doors: each joins what it offers. */
const DOORS = new Set(["index", "polars", "arrow", "arquero", "browser"]);
/** What a stage may use of the engine: its interface and its words, not those that run, DuckDB and Spark. */
const ENGINE_INTERFACE = /^engine\/(?!duckdb|spark\/)/;
const HTTP_ROOMS = ["export-api", "emulator", "explorer"];
const ONLY_IN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^@duckdb\//, ["engine"]],
  [/^@grpc\//, ["engine"]],
  [/^yauzl$/, ["archive"]],
  [/^(undici|(node:)?(http|https|http2|net|tls))$/, HTTP_ROOMS],
  [/^commander$/, ["cli"]],
  [/^@aws-sdk\//, ["lake"]],
  [/^(@observablehq\/plot|@resvg\/resvg-js)$/, ["analyses"]],
  [/^preact($|\/)/, ["explorer"]],
];
/** The part of the explorer that runs in the browser, and what it may use beside itself. */
const PAGE = "explorer/client/";
const FOR_THE_PAGE = new Set(["browser.ts", "explorer/api.ts", "explorer/first-overview.ts"]);
const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?[^"'`;]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;
const LAZY_IMPORT = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** What breaks the rules of direction in `text`, the source of `file` (path below src/, with slashes). */
function violations(file: string, text: string): string[] {
  const room = roomOf(file);
  const isPage = file.startsWith(PAGE);
  const found = [...text.matchAll(IMPORT)].map((m) => ({
    from: m[2] ?? m[3] ?? "",
    typeOnly: m[1] !== undefined,
  }));
  // `typeof import("…")` and `import("…").Name` in a type are not told apart: write `import type` instead.
  for (const m of text.matchAll(LAZY_IMPORT)) found.push({ from: m[1] ?? "", typeOnly: false });
  return found.flatMap(({ from, typeOnly }) => {
    const target = posix.join(posix.dirname(file), from).replace(/\.js$/, ".ts");
    const fault = !from.startsWith(".")
      ? packageFault(room, from)
      : isPage
        ? pageFault(target, typeOnly)
        : ownFault(room, target, typeOnly);
    return fault === "" ? [] : [`${file} imports ${from}: ${fault}`];
  });
}

function ownFault(room: string, target: string, typeOnly: boolean): string {
  const other = roomOf(target);
  if (target.startsWith(PAGE)) return "the page stands alone";
  if (other === room || DOORS.has(room)) return "";
  if (room === "cli" && target === "explorer/index.ts") return "";
  if (FACES.has(room)) return target === "index.ts" ? "" : `${room} uses the library through index.ts only`;
  if (BASE.has(room))
    return BASE.has(other) ? "" : "hour, event, limits, slots and errors import only each other";
  if (FACES.has(other) || DOORS.has(other)) return "nothing inside imports the outside";
  if (BASE.has(other) || room === "pipeline" || ENGINE_INTERFACE.test(target)) return "";
  if (room === "analyses" && other === "frame") return "";
  if (other === "pipeline") return "stages do not know the pipeline";
  return typeOnly ? "" : "from another stage only `import type` is allowed";
}

function pageFault(target: string, typeOnly: boolean): string {
  if (target.startsWith(PAGE) || FOR_THE_PAGE.has(target)) return "";
  return typeOnly && target === "index.ts" ? "" : "the page uses browser.ts, and of index.ts types only";
}

function packageFault(room: string, name: string): string {
  const rule = ONLY_IN.find(([pattern]) => pattern.test(name));
  return rule === undefined || rule[1].includes(room) ? "" : `only in ${rule[1].join(", ")}`;
}

function roomOf(file: string): string {
  return (file.split("/")[0] ?? "").replace(/\.ts$/, "");
}

const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);

test("every import goes in the direction of the data", () => {
  const all = FILES.flatMap((name) =>
    violations(name.split(sep).join("/"), readFileSync(join(SOURCE, name), "utf8")),
  );
  expect(FILES.length).toBeGreaterThan(50);
  expect(all).toEqual([]);
});

test.each([
  ["hour.ts", 'import { LakeError } from "./lake/x.js";'],
  ["archive/zip.ts", 'import { decode } from "../decode/decode.js";'],
  ["archive/zip.ts", 'import {\n  decode,\n  type Row,\n} from "../decode/decode.js";'],
  ["archive/zip.ts", 'const { decode } = await import("../decode/decode.js");'],
  ["lake/log.ts", 'export { openDuckDb } from "../engine/duckdb.js";'],
  ["lake/log.ts", 'import type { PullReport } from "../pipeline/report.js";'],
  ["frame/remote/remote-lake.ts", 'import { openSpark } from "../../engine/spark/spark.js";'],
  ["frame/frame.ts", 'import { credentials } from "@grpc/grpc-js";'],
  ["frame/frame.ts", 'import { DuckDBInstance } from "@duckdb/node-api";'],
  ["decode/read.ts", 'import yauzl from "yauzl";'],
  ["pipeline/pull.ts", 'import { request } from "undici";'],
  ["pipeline/pull.ts", 'import "node:http";'],
  ["cli/run.ts", 'import { pull } from "../pipeline/pull.js";'],
  ["engine/duckdb.ts", 'import { pull } from "../index.js";'],
  ["explorer/client/main.tsx", 'import { pull } from "../../index.js";'],
  ["explorer/client/ui/table.tsx", 'import { start } from "../../server/start.js";'],
  ["explorer/server/start.ts", 'import { ask } from "../client/api.js";'],
  ["cli/commands/explore.ts", 'import { Access } from "../../explorer/server/access.js";'],
  ["explorer/index.ts", 'import { run } from "../cli/run.js";'],
  ["explorer/questions/names.ts", 'import { openEngine } from "../../engine/duckdb.js";'],
])("a violation is found: %s with %s", (file, text) => {
  expect(violations(file, text)).toHaveLength(1);
});

test.each([
  [
    "archive/zip.ts",
    'import type { Hour } from "../hour.js";\nimport { ArchiveError } from "../errors/index.js";',
  ],
  ["lake/table.ts", 'import type { Batch } from "../decode/batch.js";'],
  ["frame/frame.ts", 'import { type Engine } from "../engine/engine.js";'],
  ["pipeline/pull.ts", 'import { readZip } from "../archive/zip.js";'],
  [
    "explorer/client/ui/chart.tsx",
    'import { h } from "preact";\nimport type { Chart } from "../../../index.js";\nimport { numberText } from "../../../browser.js";',
  ],
  ["cli/commands/explore.ts", 'import { startExplorer } from "../../explorer/index.js";'],
  ["cli/commands/pull.ts", 'import { pull } from "../../index.js";\nimport { x } from "../reporting.js";'],
])("what is allowed is not blamed: %s with %s", (file, text) => {
  expect(violations(file, text)).toEqual([]);
});
