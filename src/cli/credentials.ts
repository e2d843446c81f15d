import { CredentialsError, UsageError } from "../index.js";
import {
  API_KEY,
  checkedKey,
  type Pair,
  pairInText,
  pairOf,
  SECRET_KEY,
  type StoredPair,
} from "./env-text.js";
import type { CliOptions, Surroundings } from "./invocation.js";
import { KEYRING_PACKAGE, type OpenKeyring, openKeyring } from "./keyring.js";
import { readKeysFile } from "./keys-file.js";
import { keysFile, profileName } from "./stored-keys.js";

const WHERE_TO_FIND =
  "Run `ampframe login` once: it asks for both and stores them. Amplitude shows them under Settings → Projects → the " +
  `project → General (API Key, Secret Key). Or set ${API_KEY} and ${SECRET_KEY}, or write them to ./.env with mode ` +
  "600. Without keys, `ampframe demo` shows the same job on a local stand-in.";

/** The pair of keys of one Amplitude project. */
export interface Credentials {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Keys, where they were found, and the region that was stored with them. */
export interface FoundCredentials {
  readonly credentials: Credentials;
  /** In words: `the environment`, `.env`, `the OS keyring, profile default`. */
  readonly source: string;
  readonly region: "us" | "eu" | undefined;
}

/** Where keys are looked for. */
export interface LookUp {
  readonly platform: NodeJS.Platform;
  readonly openKeyring: OpenKeyring;
}

const REAL: LookUp = { platform: process.platform, openKeyring };

/**
 * The project's keys: both from the environment, else both from `--env-file` or `./.env`, else one from each; else,
 * without `--env-file`, what `ampframe login` stored, in the OS keyring or in its file. With `--profile` only the latter.
 * A pair is not mixed where one place has both. Whatever is found is made known to `redaction`.
 * Throws CredentialsError if a key is missing, saying where it was looked for, or malformed, or if a file holds a key
 * and others can read it; UsageError if `--env-file` cannot be read or is given with `--profile`.
 */
export function findCredentials(
  options: Pick<CliOptions, "envFile" | "profile">,
  surroundings: Pick<Surroundings, "env" | "redaction">,
  lookUp: LookUp = REAL,
): FoundCredentials {
  const { envFile, profile } = options;
  if (envFile !== undefined && profile !== undefined) {
    throw new UsageError("--env-file was given together with --profile.", "Give either.");
  }
  const looked: string[] = [];
  const found =
    (profile === undefined ? fromNearby(envFile, surroundings, lookUp, looked) : undefined) ??
    (envFile === undefined ? fromStore(profileName(profile), surroundings, lookUp, looked) : undefined);
  if (found) return found;
  const what = `No ${API_KEY} with its ${SECRET_KEY} was found.`;
  throw new CredentialsError(`${what} Looked in: ${looked.join("; ")}.`, WHERE_TO_FIND);
}

/** From the environment and the env file, alone or together. */
function fromNearby(
  envFile: string | undefined,
  { env, redaction }: Pick<Surroundings, "env" | "redaction">,
  { platform }: LookUp,
  looked: string[],
): FoundCredentials | undefined {
  const path = envFile ?? ".env";
  const fromEnv = pairOf(env);
  if (isWhole(fromEnv)) return whole(fromEnv, "the environment", redaction);
  const fromFile = readEnvFile(envFile, platform);
  for (const key of [fromEnv.apiKey, fromEnv.secretKey]) if (key) redaction.add(key);
  if (fromFile && isWhole(fromFile)) return whole(fromFile, path, redaction);
  const both = { ...given(fromFile ?? {}), ...given(fromEnv) };
  if (isWhole(both)) return whole(both, `the environment and ${path}`, redaction);
  looked.push(`the environment${lack(fromEnv)}`);
  looked.push(fromFile ? `${path}${lack(fromFile)}` : `${path} (not there)`);
  return undefined;
}

/** What `ampframe login` stored. */
function fromStore(
  profile: string,
  surroundings: Pick<Surroundings, "env" | "redaction">,
  { platform, openKeyring }: LookUp,
  looked: string[],
): FoundCredentials | undefined {
  const { redaction } = surroundings;
  const keyring = `the OS keyring, profile ${profile}`;
  const opened = openKeyring();
  try {
    const text = opened?.get(profile) ?? null;
    if (text !== null) {
      const pair = pairInText(text);
      if (isWhole(pair)) return whole(pair, keyring, redaction);
    }
    looked.push(opened ? keyring : `${keyring} (the package ${KEYRING_PACKAGE} is not installed)`);
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    looked.push(`${keyring} (it cannot be reached)`);
  }
  const path = keysFile(profile, surroundings, platform);
  const stored = readKeysFile(path, platform);
  if (stored && isWhole(stored)) return whole(stored, path, redaction);
  looked.push(stored ? `${path}${lack(stored)}` : `${path} (not there)`);
  return undefined;
}

function isWhole(pair: StoredPair): pair is StoredPair & Credentials {
  return pair.apiKey !== undefined && pair.secretKey !== undefined;
}

function whole(
  { apiKey, secretKey, region }: StoredPair & Credentials,
  source: string,
  redaction: Surroundings["redaction"],
): FoundCredentials {
  for (const key of [apiKey, secretKey, `${apiKey}:${secretKey}`]) redaction.add(key);
  const credentials = { apiKey: checkedKey(API_KEY, apiKey), secretKey: checkedKey(SECRET_KEY, secretKey) };
  return { credentials, source, region };
}

function lack({ apiKey, secretKey }: Pair): string {
  if (apiKey) return ` (no ${SECRET_KEY})`;
  return secretKey ? ` (no ${API_KEY})` : "";
}

function given(pair: Pair): Pair {
  return Object.fromEntries(Object.entries(pair).filter(([, key]) => key !== undefined));
}

/** The keys of the env file; undefined if it is `./.env` and cannot be read. */
function readEnvFile(named: string | undefined, platform: NodeJS.Platform): Pair | undefined {
  try {
    const pair = readKeysFile(named ?? ".env", platform);
    if (pair !== undefined || named === undefined) return pair;
  } catch (cause) {
    if (cause instanceof CredentialsError) throw cause;
    if (named === undefined) return undefined;
    throw unreadable(named, cause);
  }
  throw unreadable(named, undefined);
}

function unreadable(path: string, cause: unknown): UsageError {
  return new UsageError(
    `The file of keys ${path} cannot be read.`,
    "Give --env-file the path of a file that exists and that you may read.",
    { cause },
  );
}
