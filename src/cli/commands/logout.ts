import { CredentialsError } from "../../index.js";
import type { RunCommand } from "../invocation.js";
import { type OpenKeyring, openKeyring } from "../keyring.js";
import { removeKeysFile } from "../keys-file.js";
import { keysFile, profileName } from "../stored-keys.js";

/** Removes what `login` stored. Exit status 0 also if there was nothing. */
export const run: RunCommand = (invocation) => logout(invocation, openKeyring);

/** As `run`, with any keyring. Throws CredentialsError if the keyring, which may hold the keys, cannot be reached. */
export async function logout(
  invocation: Parameters<RunCommand>[0],
  open: OpenKeyring,
): ReturnType<RunCommand> {
  const { options, stdout, stderr } = invocation;
  const profile = profileName(options.profile);
  const path = keysFile(profile, invocation);
  const removed = removeKeysFile(path) ? [path] : [];
  const isFile = removed.length > 0;
  try {
    if (open()?.remove(profile)) removed.push(`the OS keyring, profile ${profile}`);
  } catch (cause) {
    // Where there is no keyring service, `login` has written the file.
    if (!isFile) {
      throw new CredentialsError(
        "The OS keyring cannot be reached, so keys that it may hold were not removed.",
        "Unlock it and run ampframe logout again.",
        { cause },
      );
    }
  }
  if (options.json) stdout.write(`${JSON.stringify({ profile, removed })}\n`);
  else if (!options.quiet) {
    const what =
      removed.length > 0
        ? `Keys removed from ${removed.join(" and ")}`
        : `No keys were stored for the profile ${profile}`;
    stderr.write(`${what}\n`);
  }
  return 0;
}
