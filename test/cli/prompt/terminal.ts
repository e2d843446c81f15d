import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * `command` so that it runs on a terminal of its own, with keys from stdin and the screen on stdout: by Python's pty,
 * or where there is no Python by `script`, which Linux and macOS have each in a form of its own.
 */
export function onTerminalOfItsOwn(command: readonly string[]): { file: string; args: readonly string[] } {
  if (spawnSync("python3", ["-c", "import fcntl, pty"]).status === 0) {
    return { file: "python3", args: [join(import.meta.dirname, "terminal.py"), ...command] };
  }
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  return process.platform === "linux"
    ? { file: "script", args: ["-qec", quoted, "/dev/null"] }
    : { file: "script", args: ["-q", "/dev/null", ...command] };
}
