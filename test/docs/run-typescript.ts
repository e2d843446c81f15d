import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");

/** A folder that has this package installed, as a project of somebody's has, and `packages` of those it knows. */
export function someonesProject(packages: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-docs-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/ampframe"));
  for (const name of ["@types", ...packages]) {
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  return folder;
}

/**
 * What the compiler, strict, has to say about `programs`, by the page that each is of; "" if nothing. All are one program to
 * it, since most of its time goes into the package's own types.
 */
export function compile(folder: string, programs: Readonly<Record<string, readonly string[]>>): string {
  const files = Object.entries(programs).flatMap(([page, texts]) =>
    texts.map((text, i) => {
      const file = join(folder, `${page.replaceAll("/", "-")}-${i + 1}.mts`);
      writeFileSync(file, text);
      return file;
    }),
  );
  const program = ts.createProgram(files, {
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, strict: true, skipLibCheck: false },
    ...{ moduleResolution: ts.ModuleResolutionKind.NodeNext, types: ["node"], noEmit: true },
    lib: ["lib.es2023.d.ts"],
  });
  const found = ts.getPreEmitDiagnostics(program).filter(({ file }) => file?.fileName.startsWith(folder));
  return ts.formatDiagnostics(found, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => "\n",
  });
}

/** Runs a program in `folder` and gives what it prints; fails if it does. */
export async function execute(folder: string, program: string, env: Record<string, string>): Promise<string> {
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const script = join(folder, "program.mjs");
  writeFileSync(script, outputText);
  const { stdout } = await run(process.execPath, [script], { cwd: folder, env: { ...process.env, ...env } });
  return stdout;
}
