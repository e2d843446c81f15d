import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import {
  type AnalysisDefinition,
  savedAnalysis as analysisInLake,
  type EventSelection,
  UsageError,
} from "../index.js";

/** An analysis and the events that it is of. */
interface Kept {
  readonly definition: AnalysisDefinition;
  readonly selection?: EventSelection | undefined;
}

/**
 * The analysis in `file`, unchecked: JSON, or the default export of a module, which runs; `-` is standard input. A name without
 * a dot that is no file is that of an analysis kept in the lake. Throws UsageError.
 */
export async function savedAnalysis(file: string, lake: string): Promise<Kept> {
  if (!/[./\\]/.test(file) && file !== "-" && !existsSync(file)) return analysisInLake(lake, file);
  const { selection, ...definition } = await written(file);
  return { definition: definition as AnalysisDefinition, selection };
}

type Written = AnalysisDefinition & { readonly selection?: EventSelection };

async function written(file: string): Promise<Written> {
  if (/\.[cm]?[jt]s$/.test(file)) return exported(file);
  try {
    return JSON.parse(file === "-" ? await text(process.stdin) : await readFile(file, "utf8"));
  } catch (error) {
    throw unreadable(file, error, 'Name a file of JSON such as {"analysis": "retention"}, or a module.');
  }
}

/** Writes `definition` to `file`. Throws UsageError. */
export async function saveAnalysis(file: string, definition: AnalysisDefinition): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(definition, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${words(error)}.`, "Name another file.", {
      cause: error,
    });
  }
}

async function exported(file: string): Promise<Written> {
  const module: { readonly default?: Written } = await import(pathToFileURL(resolve(file)).href).catch(
    (error: unknown) => {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      const wayOut =
        code === "ERR_UNKNOWN_FILE_EXTENSION"
          ? `Node ${process.versions.node} does not read TypeScript; 22.18 and later do. Write .mjs or .json.`
          : "It is loaded as Node loads a module.";
      throw unreadable(file, error, wayOut);
    },
  );
  if (module.default !== undefined) return module.default;
  throw new UsageError(`${file} has no default export.`, "Write `export default { analysis: … }`.");
}

function unreadable(file: string, error: unknown, wayOut: string): UsageError {
  return new UsageError(`The analysis ${file} cannot be read: ${words(error)}.`, wayOut, { cause: error });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
