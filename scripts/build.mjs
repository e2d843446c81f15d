// Builds the package into dist/: the decoder to WebAssembly, then the TypeScript.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const run = (tool, ...options) =>
  execFileSync(process.execPath, [tool, ...options], { cwd: root, stdio: "inherit" });
const manifest = require.resolve("assemblyscript/package.json");

const wasm = "src/decode/decoder.wasm";
run(
  join(dirname(manifest), "bin/asc.js"),
  "src/decode/assembly/decoder.ts",
  ...["--outFile", wasm, "-O3", "--converge", "--runtime", "minimal", "--enable", "simd", "--noAssert"],
);
rmSync(join(root, "dist"), { recursive: true, force: true });
run(require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json");
mkdirSync(join(root, "dist/decode"), { recursive: true });
copyFileSync(join(root, wasm), join(root, "dist/decode/decoder.wasm"));
const main = join(root, "dist/cli/main.js");
if (statSync(main, { throwIfNoEntry: false })) chmodSync(main, 0o755);
