// Builds the package: the decoder to WebAssembly, the TypeScript to build/, and from that dist/, which is published:
// declarations, and few files of JavaScript, since each file costs at every start.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { buildExplorer } from "./build-explorer.mjs";
import { directImports } from "./direct-imports.mjs";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const at = (path) => join(root, path);
/** What a tool says on stderr is shown only if it fails. */
const run = (tool, ...options) =>
  execFileSync(process.execPath, [tool, ...options], { cwd: root, stdio: ["ignore", "inherit", "pipe"] });
const assemblyscript = dirname(require.resolve("assemblyscript/package.json"));

const filesOf = (folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

const wasmSources = [...filesOf("src/decode/assembly"), at("scripts/build.mjs"), at("package-lock.json")];
const ASSEMBLY = {
  decoder: ["--converge", "--runtime", "minimal", "--enable", "simd"],
  // 1 to 64 MiB that threads share.
  "seen-uuids": [
    ...["--runtime", "stub", "--enable", "threads", "--importMemory", "--sharedMemory"],
    ...["--initialMemory", "16", "--maximumMemory", "1024"],
  ],
};
for (const [name, options] of Object.entries(ASSEMBLY)) {
  const target = `src/decode/${name}.wasm`;
  if (wasmSources.every((path) => changed(path) < changed(at(target)))) continue;
  const source = `src/decode/assembly/${name}.ts`;
  run(join(assemblyscript, "bin/asc.js"), source, "--outFile", target, "-O3", "--noAssert", ...options);
}
// build/ stays from one build to the next, so that only what changed is compiled; what has lost its source goes.
const compiler = [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json", "--incremental"];
run(...compiler, "--tsBuildInfoFile", "build/.tsbuildinfo");
for (const path of filesOf("build")) {
  const source = path.replace(at("build"), at("src")).replace(/(\.d\.ts|\.js)$/, ".ts");
  if (source !== path && source.endsWith(".ts") && !existsSync(source)) rmSync(path);
}
rmSync(at("dist"), { recursive: true, force: true });
for (const name of Object.keys(ASSEMBLY))
  copyFileSync(at(`src/decode/${name}.wasm`), at(`build/decode/${name}.wasm`));

cpSync(at("build"), at("dist"), {
  recursive: true,
  // dist/explorer/ is the page's: what is served must not lie among declarations, which nobody imports.
  filter: (path) => !/\.(js|wasm|tsbuildinfo)$|[/\\]build[/\\]explorer$/.test(path),
});
for (const name of Object.keys(ASSEMBLY))
  copyFileSync(at(`src/decode/${name}.wasm`), at(`dist/${name}.wasm`));
/** Bundled with what they import. */
const BUNDLED = new Set(["@observablehq/plot", "@duckdb/node-api", "commander", "yauzl"]);
/** Not bundled though imported by those: it finds the binary of this platform. */
const BINARY = "@duckdb/node-bindings";
const { plugin, neededBy } = directImports(at("build"));
/** What is needed together is one file: at every start, in a decoding thread, and in the commands that bring events. */
const TOGETHER = {
  threads: neededBy("pipeline/lane-threads.js"),
  start: neededBy("cli/run.js"),
  decode: neededBy("pipeline/member-decoder.js"),
  bring: neededBy("cli/commands/load.js", "cli/commands/pull.js"),
};
const packageOf = (id) => /[\\/]node_modules[\\/]([^\\/]+)[\\/]/.exec(id)?.[1];
const groups = Object.entries(TOGETHER).map(([name, modules]) => ({
  name,
  test: (id) => modules.has(id) || modules.has(packageOf(id)),
}));
/** Asked for at every start, and found only by searching for package.json. */
const version = {
  name: "version",
  load: (id) =>
    id === at("build/cli/version.js")
      ? `export const packageVersion = () => ${JSON.stringify(require(at("package.json")).version)};`
      : null,
};
/** commander can start commands that are programs of their own. There are none, and node:child_process takes a while to load. */
const noPrograms = {
  name: "no-programs",
  resolveId: (name, importer) =>
    name === "node:child_process" && packageOf(importer ?? "") === "commander" ? "no-programs" : null,
  load: (id) => (id === "no-programs" ? "module.exports = {};" : null),
};
const { output } = await build({
  cwd: root,
  input: {
    index: "build/index.js",
    polars: "build/polars.js",
    arrow: "build/arrow.js",
    arquero: "build/arquero.js",
    main: "build/cli/main.js",
    "decode-thread": "build/pipeline/decode-thread.js",
    "query-process": "build/explorer/query-process/main.js",
  },
  platform: "node",
  plugins: [plugin, version, noPrograms],
  external: (name, importer) =>
    name === BINARY ||
    (/^[^./]/.test(name) && !isAbsolute(name) && !BUNDLED.has(name) && !importer?.includes("node_modules")),
  output: {
    ...{ dir: "dist", format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    codeSplitting: { groups },
  },
});
const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
modules.push(...(await buildExplorer(root)));
writeFileSync(at("dist/THIRD-PARTY-NOTICES.txt"), thirdPartyNotices(modules));
chmodSync(at("dist/main.js"), 0o755);
