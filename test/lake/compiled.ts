import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { newPlace } from "./making.js";

/** A folder with src/lake and what it imports as JavaScript, for tests that need real processes. */
export async function compiledLake(): Promise<string> {
  const source = fileURLToPath(new URL("../../src", import.meta.url));
  const target = await newPlace();
  const names = ["hour.ts", "event.ts"];
  for (const folder of ["errors", "lake"]) {
    const inside = await readdir(join(source, folder), { recursive: true });
    names.push(...inside.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`));
  }
  for (const name of names) {
    const text = await readFile(join(source, name), "utf8");
    const compilerOptions = {
      module: ModuleKind.ESNext,
      target: ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    };
    const path = join(target, name.replace(/\.ts$/, ".js"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, transpileModule(text, { compilerOptions }).outputText);
  }
  await writeFile(join(target, "package.json"), '{"type":"module"}');
  return target;
}
