import { closeSync, openSync, writeSync } from "node:fs";
import { UsageError } from "../index.js";
import type { Surroundings } from "./invocation.js";

/** A full account of requests and decisions, on disk. */
export interface LogFile {
  /** Appends `entry` as one line of JSON, with the time (ISO, UTC) first. */
  readonly log: (entry: object) => void;
  readonly close: () => void;
}

/**
 * Opens `path` to append one JSON object a line; a new file can be read by its owner only. Known secrets are
 * taken out of each line. Throws UsageError if the file cannot be opened.
 */
export function openLogFile(
  path: string,
  { now, redaction }: Pick<Surroundings, "now" | "redaction">,
): LogFile {
  let file: number;
  try {
    file = openSync(path, "a", 0o600);
  } catch (cause) {
    throw new UsageError(
      `The log file ${path} cannot be written.`,
      "Give --log-file a path in a folder that exists and that you may write to.",
      { cause },
    );
  }
  return {
    log(entry) {
      const text = JSON.stringify({ time: new Date(now()).toISOString(), ...entry }, (_, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      writeSync(file, `${redaction.clean(text)}\n`);
    },
    close: () => closeSync(file),
  };
}
