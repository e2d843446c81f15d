import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { CredentialsError, UsageError } from "../index.js";
import type { CliOptions, Surroundings } from "./invocation.js";

const API_KEY = "AMPLITUDE_API_KEY";
const SECRET_KEY = "AMPLITUDE_SECRET_KEY";
const WHERE_TO_FIND =
  "Amplitude shows both under Settings → Projects → the project → General (API Key, Secret Key). " +
  `Set ${API_KEY} and ${SECRET_KEY}, or write them to ./.env with mode 600. ` +
  "Without keys, `ampframe demo` shows the same job on a local stand-in.";

/** The pair of keys of one Amplitude project. */
export interface Credentials {
  readonly apiKey: string;
  readonly secretKey: string;
}

type Pair = { readonly apiKey?: string | undefined; readonly secretKey?: string | undefined };

/**
 * The project's keys: both from the environment, else both from `--env-file` or `./.env`, else one from each.
 * A pair is not mixed where one place has both. Whatever is found is made known to `redaction`.
 * Throws CredentialsError if a key is missing or malformed, or if the file holds a key and others can read it;
 * UsageError if `--env-file` cannot be read.
 */
export function readCredentials(
  options: Pick<CliOptions, "envFile">,
  { env, redaction }: Pick<Surroundings, "env" | "redaction">,
  platform: NodeJS.Platform = process.platform,
): Credentials {
  const fromEnv = pairOf(env);
  const complete = fromEnv.apiKey && fromEnv.secretKey;
  const fromFile = complete ? {} : readEnvFile(options.envFile, platform);
  for (const key of [fromEnv.apiKey, fromEnv.secretKey, fromFile.apiKey, fromFile.secretKey]) {
    if (key) redaction.add(key);
  }
  const pair =
    !complete && fromFile.apiKey && fromFile.secretKey ? fromFile : { ...fromFile, ...given(fromEnv) };
  const missing = [pair.apiKey ? "" : API_KEY, pair.secretKey ? "" : SECRET_KEY].filter(Boolean);
  if (!pair.apiKey || !pair.secretKey) {
    const place = options.envFile ? `the environment or ${options.envFile}` : "the environment or ./.env";
    throw new CredentialsError(`No ${missing.join(" and no ")} in ${place}.`, WHERE_TO_FIND);
  }
  const credentials = {
    apiKey: checked(API_KEY, pair.apiKey),
    secretKey: checked(SECRET_KEY, pair.secretKey),
  };
  redaction.add(`${credentials.apiKey}:${credentials.secretKey}`);
  return credentials;
}

function pairOf(variables: Readonly<Record<string, string | undefined>>): Pair {
  return {
    apiKey: variables[API_KEY]?.trim() || undefined,
    secretKey: variables[SECRET_KEY]?.trim() || undefined,
  };
}

function given(pair: Pair): Pair {
  return Object.fromEntries(Object.entries(pair).filter(([, key]) => key !== undefined));
}

function checked(name: string, key: string): string {
  if (/^[\x21-\x39\x3b-\x7e]+$/.test(key)) return key;
  throw new CredentialsError(
    `${name} holds a character that no key has: white space, a colon, a control or a non-ASCII character.`,
    "Copy the key again, without the text around it.",
  );
}

function readEnvFile(named: string | undefined, platform: NodeJS.Platform): Pair {
  const path = named ?? ".env";
  let file: number | undefined;
  let read: { readonly mode: number; readonly pair: Pair };
  try {
    file = openSync(path, "r");
    read = { mode: fstatSync(file).mode, pair: pairOf(parseEnv(readFileSync(file, "utf8"))) };
  } catch (cause) {
    if (named === undefined) return {};
    throw new UsageError(
      `The file of keys ${path} cannot be read.`,
      "Give --env-file the path of a file that exists and that you may read.",
      { cause },
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
  const { mode, pair } = read;
  const exposed = platform !== "win32" && (mode & 0o044) !== 0;
  if (exposed && (pair.apiKey || pair.secretKey)) {
    throw new CredentialsError(
      `${path} holds a key and can be read by other users of this machine ` +
        `(its mode is ${(mode & 0o777).toString(8)}).`,
      `Run \`chmod 600 ${path}\`, then try again.`,
    );
  }
  return pair;
}
