import { spawn } from "node:child_process";
import type { Surroundings } from "./invocation.js";

/** Long enough for a program that is not there, or has no display, to say so. */
const MOMENT_MS = 300;

/** Opens `url` in the person's browser. False if there is no display, or no program that opens addresses. */
export async function openInBrowser(
  url: string,
  env: Surroundings["env"],
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const command = openerOf(env, platform);
  if (command === undefined) return false;
  const [program, ...args] = command;
  const child = spawn(program, [...args, url], { detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), MOMENT_MS);
    const end = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
  });
}

/** The program that opens an address, and what stands before it. */
function openerOf(
  env: Surroundings["env"],
  platform: NodeJS.Platform,
): readonly [string, ...string[]] | undefined {
  if (platform === "darwin") return ["open"];
  // `start` is a word of cmd.exe, which takes & for its own; rundll32 takes the address as it is.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}
