import { writeFile } from "node:fs/promises";
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
