import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Runs a command that is not measured and gives its standard output. Rejects with what it said if it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export async function runPlain(command, args) {
  const { stdout } = await execute(command, args, { maxBuffer: 2 ** 26 });
  return stdout;
}

/**
 * The JSON object on the last line of what a command printed.
 *
 * @param {string} stdout
 */
export function lastObject(stdout) {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`A JSON object was expected as the last line, not: ${line.slice(0, 200)}`);
  }
}
