import { execFileSync } from "node:child_process";
import { copyFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { newFolder } from "./scene.js";

const root = join(import.meta.dirname, "../..");

/** A folder with the package as it is published, for tests that need real processes and threads. */
export async function compiledPackage(): Promise<string> {
  const folder = await newFolder();
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["-p", "tsconfig.build.json", "--outDir", join(folder, "dist"), "--declaration", "false"];
  execFileSync(process.execPath, [tsc, ...options], { cwd: root, stdio: "pipe" });
  await copyFile(join(root, "src/decode/decoder.wasm"), join(folder, "dist/decode/decoder.wasm"));
  await copyFile(join(root, "package.json"), join(folder, "package.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "dist");
}
