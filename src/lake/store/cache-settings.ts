import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../errors/index.js";

/** Where files of lakes in buckets are kept to be read, and how many bytes of one lake. */
export interface CacheSettings {
  /** Absolute. */
  readonly folder: string;
  readonly bytes: number;
}

const DEFAULT_BYTES = 10e9;
const UNITS: Readonly<Record<string, number>> = { "": 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/**
 * `AMPFRAME_CACHE`, a folder, by default the one of the system; and `AMPFRAME_CACHE_SIZE`, such as `500MB`, by default
 * `10GB`. Throws UsageError.
 */
export function cacheSettings(
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): CacheSettings {
  return {
    folder: env.AMPFRAME_CACHE || join(systemCache(env, platform), "ampframe"),
    bytes: sizeOf(env.AMPFRAME_CACHE_SIZE),
  };
}

function systemCache(env: NodeJS.ProcessEnv, platform: string): string {
  if (platform === "win32" && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  if (platform === "darwin") return join(homedir(), "Library", "Caches");
  return env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

function sizeOf(text: string | undefined): number {
  if (!text) return DEFAULT_BYTES;
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?b?)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[(unit ?? "?").toLowerCase()];
  if (number !== undefined && factor !== undefined) return Number(number) * factor;
  throw new UsageError(
    `AMPFRAME_CACHE_SIZE is ${JSON.stringify(text)}, which is no size.`,
    "Write bytes or a size with kB, MB, GB or TB, such as 20GB.",
  );
}
