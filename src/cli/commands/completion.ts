import { completionScript, type Shell } from "../completion.js";
import type { RunCommand } from "../invocation.js";

/** Prints the completion script of the shell that was named. */
export const run: RunCommand = async ({ args, stdout }) => {
  stdout.write(completionScript(args[0] as Shell));
  return 0;
};
