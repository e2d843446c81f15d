import { CredentialsError, checkCredentials } from "../../index.js";
import { textOfPair } from "../env-text.js";
import { givenKeys } from "../given-keys.js";
import type { RunCommand } from "../invocation.js";
import { KEYRING_PACKAGE, type Keyring, type OpenKeyring, openKeyring } from "../keyring.js";
import { removeKeysFile, writeKeysFile } from "../keys-file.js";
import { paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { keysFile, profileName } from "../stored-keys.js";

/** Asks for the keys of a project, checks and stores them. */
export const run: RunCommand = (invocation) => login(invocation, openKeyring);

/** As `run`, with any keyring. */
export async function login(
  invocation: Parameters<RunCommand>[0],
  open: OpenKeyring,
): ReturnType<RunCommand> {
  const { options, stdout, stderr, env, redaction, signal } = invocation;
  const { region = "us", endpoint, insecureHttp, check = true } = options;
  const profile = profileName(options.profile);
  const credentials = await givenKeys(invocation);
  const source = check
    ? await checkCredentials({ credentials, region, endpoint, insecureHttp, signal })
    : null;
  const path = keysFile(profile, invocation);
  const stored = store(profile, path, textOfPair({ ...credentials, region }), options.store, open);
  const place = stored.where === "keyring" ? `the OS keyring, profile ${profile}` : path;
  if (options.json) {
    const file = stored.where === "file" ? path : null;
    stdout.write(
      `${JSON.stringify({ profile, region, stored: stored.where, file, checked: check, source })}\n`,
    );
  } else if (!options.quiet) {
    const paint = paintFor(stderr, env);
    const checked = source === null ? "not checked" : `checked, project ${source}`;
    stderr.write(`${paint.green("✓")} Keys stored in ${place} ${paint.dim(`(${checked})`)}\n`);
    if (stored.why !== undefined) stderr.write(`${paint.dim(printableLine(redaction.clean(stored.why)))}\n`);
  }
  return 0;
}

interface Stored {
  readonly where: "keyring" | "file";
  /** Why it is not the keyring. */
  readonly why?: string | undefined;
}

/** Puts `text` into the keyring, or where there is none into the file, and takes it out of the other. */
function store(
  profile: string,
  path: string,
  text: string,
  wanted: "keyring" | "file" | undefined,
  open: OpenKeyring,
): Stored {
  const keyring = open();
  if (wanted !== "file") {
    const why = tryKeyring(keyring, profile, text);
    if (why === undefined) {
      removeKeysFile(path);
      return { where: "keyring" };
    }
    if (wanted === "keyring") {
      throw new CredentialsError(
        `The keys cannot be stored in the keyring. ${why}`,
        "Nothing was stored. --store file writes them to a file that only you can read.",
      );
    }
    writeKeysFile(path, text);
    return { where: "file", why };
  }
  writeKeysFile(path, text);
  try {
    keyring?.remove(profile);
  } catch {
    // A keyring that cannot be reached cannot outrank the file either.
  }
  return { where: "file" };
}

/** Undefined if `text` is in the keyring now, else why not. */
function tryKeyring(keyring: Keyring | undefined, profile: string, text: string): string | undefined {
  if (!keyring) return `For the OS keyring, install ${KEYRING_PACKAGE} beside ampframe and log in again.`;
  try {
    keyring.set(profile, text);
    if (keyring.get(profile) === text) return undefined;
    return "The OS keyring did not give back what was stored.";
  } catch (error) {
    return `The OS keyring cannot be reached (${error instanceof Error ? error.message : String(error)}).`;
  }
}
