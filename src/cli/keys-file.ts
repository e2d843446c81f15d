import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { CredentialsError } from "../index.js";
import { pairInText, type StoredPair } from "./env-text.js";

/**
 * The keys in the env file at `path`; undefined if there is no such file. Throws CredentialsError if it holds a key and
 * others can read it, and what the system throws if it cannot be read.
 */
export function readKeysFile(
  path: string,
  platform: NodeJS.Platform = process.platform,
): StoredPair | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return undefined;
    }
    throw error;
  }
  try {
    const { mode } = fstatSync(file);
    const pair = pairInText(readFileSync(file, "utf8"));
    const isExposed = platform !== "win32" && (mode & 0o044) !== 0;
    if (!isExposed || !(pair.apiKey || pair.secretKey)) return pair;
    throw new CredentialsError(
      `${path} holds a key and can be read by other users of this machine ` +
        `(its mode is ${(mode & 0o777).toString(8)}).`,
      `Run \`chmod 600 ${shellWord(path)}\`, then try again.`,
    );
  } finally {
    closeSync(file);
  }
}

/** Writes `text` to `path`, whole or not at all, so that only its owner can read it; folders are made, too. */
export function writeKeysFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new CredentialsError(
      `The keys cannot be written to ${path}: ${reason}.`,
      "Nothing was stored. Make the folder writable, or set the keys in the environment.",
      { cause },
    );
  }
}

/** Removes the file. False if there was none. */
export function removeKeysFile(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function shellWord(text: string): string {
  return /^[\w./@%+=:,~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
