import { homedir } from "node:os";
import { join, posix, win32 } from "node:path";
import { UsageError } from "../index.js";
import type { Surroundings } from "./invocation.js";

/** The profile that is meant where none is named. */
export const DEFAULT_PROFILE = "default";

/** The name of a profile as it was given. Throws UsageError if it cannot be one, since it becomes the name of a file. */
export function profileName(given: string | undefined): string {
  const name = given ?? DEFAULT_PROFILE;
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) return name;
  throw new UsageError(
    "The profile's name has something else than letters, digits, `.`, `-` and `_` in it, or more than 64 characters.",
    "Give a name such as shop or shop-eu.",
  );
}

/**
 * The file in which `ampframe login` keeps the keys of `profile` where there is no keyring, in the folder that the
 * system has for settings: $XDG_CONFIG_HOME or ~/.config, on macOS ~/Library/Application Support, on Windows %APPDATA%.
 */
export function keysFile(
  profile: string,
  { env }: Pick<Surroundings, "env">,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = env.HOME || homedir();
  if (platform === "win32") {
    return win32.join(
      env.APPDATA || win32.join(homedir(), "AppData", "Roaming"),
      "ampframe",
      `${profile}.env`,
    );
  }
  if (platform === "darwin")
    return posix.join(home, "Library/Application Support/ampframe", `${profile}.env`);
  // By the XDG Base Directory Specification a relative path is to be ignored.
  const config = env.XDG_CONFIG_HOME?.startsWith("/") ? env.XDG_CONFIG_HOME : join(home, ".config");
  return join(config, "ampframe", `${profile}.env`);
}
