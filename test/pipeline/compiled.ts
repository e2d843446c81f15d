import { existsSync } from "node:fs";
import { copyFile, cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { newFolder } from "./scene.js";

const root = join(import.meta.dirname, "../..");

/** A folder with the package as it was built, for tests that need real processes and threads. */
export async function compiledPackage(): Promise<string> {
  if (!existsSync(join(root, "build/index.js")))
    throw new Error("build/ is missing: run `npm run build` first.");
  const folder = await newFolder();
  await cp(join(root, "build"), join(folder, "dist"), { recursive: true });
  await copyFile(join(root, "package.json"), join(folder, "package.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "dist");
}
