import { randomUUID } from "node:crypto";
import { appendFile, chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Most entries that are kept. */
export const MOST_ENTRIES = 1000;
/** Longer statements are not kept, so that the file stays below some 10 MB. */
export const LONGEST_ENTRY = 10_000;
const REWRITE_BYTES = 2_000_000;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where the history stands: `ampframe/sql_history` in $XDG_STATE_HOME if that is absolute, else in the place of
 * the platform: ~/.local/state, on macOS ~/Library/Application Support, on Windows %LOCALAPPDATA%.
 */
export function historyPath(env: Env, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || env.USERPROFILE || homedir();
  const state = env.XDG_STATE_HOME;
  if (state && isAbsolute(state)) return join(state, "ampframe", "sql_history");
  if (platform === "win32") {
    return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "ampframe", "sql_history");
  }
  const folder = platform === "darwin" ? join("Library", "Application Support") : join(".local", "state");
  return join(home, folder, "ampframe", "sql_history");
}

/** A file with an entry a line, the oldest first; line breaks stand as `\n` in it, backslashes as `\\`. */
export class HistoryFile {
  constructor(readonly path: string) {}

  /**
   * The newest entries, at most MOST_ENTRIES, the oldest first; none if there is no file. Takes the rights of
   * others off the file, and writes it anew if it has grown beyond its bounds.
   */
  async read(): Promise<string[]> {
    const found = await stat(this.path).catch(missing);
    if (found === undefined) return [];
    if ((found.mode & 0o077) !== 0) await chmod(this.path, 0o600);
    const lines = (await readFile(this.path, "utf8")).split("\n").filter((line) => line !== "");
    const kept = lines.slice(-MOST_ENTRIES);
    if (lines.length > 2 * MOST_ENTRIES || found.size > REWRITE_BYTES) await this.#replace(kept);
    return kept.map(decoded);
  }

  /** Adds an entry at the end, unless it is very long. Makes file and folder, for the user only. */
  async add(entry: string): Promise<void> {
    if (entry.length > LONGEST_ENTRY) return;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await appendFile(this.path, `${encoded(entry)}\n`, { mode: 0o600 });
  }

  async #replace(lines: readonly string[]): Promise<void> {
    const beside = `${this.path}.${randomUUID().slice(0, 8)}`;
    try {
      await writeFile(beside, lines.map((line) => `${line}\n`).join(""), { mode: 0o600, flag: "wx" });
      await rename(beside, this.path);
    } finally {
      await rm(beside, { force: true });
    }
  }
}

function encoded(entry: string): string {
  return entry.replaceAll("\\", "\\\\").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}

function decoded(line: string): string {
  return line.replace(/\\([\\nr])/g, (_, what: string) => ({ n: "\n", r: "\r" })[what] ?? "\\");
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
