import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UsageError } from "../index.js";
import type { Invocation } from "./invocation.js";

/** Writes `text` to `file`, or to stdout if that is undefined or `-`. Throws UsageError if it cannot be written. */
export async function putText(
  text: string,
  file: string | undefined,
  { stdout }: Pick<Invocation, "stdout">,
): Promise<void> {
  if (file === undefined || file === "-") {
    stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be written: ${found}.`, "Name another file.", { cause });
  }
}

/** The lines of `file`, or of stdin if that is `-`, without empty ones. Throws UsageError if it cannot be read. */
export async function takeLines(
  file: string,
  { stdin }: Pick<Invocation, "stdin">,
): Promise<readonly string[]> {
  const all = file === "-" ? await text(stdin) : await textOf(file);
  return all
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read: ${found}.`, "Name a text file, or - for stdin.", { cause });
  }
}
