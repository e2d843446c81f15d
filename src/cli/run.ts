import { reportFault } from "./fault.js";
import { listenForInterrupt } from "./interrupt.js";
import type { Surroundings } from "./invocation.js";
import { buildProgram, type Outcome } from "./program.js";
import { createRedaction } from "./redaction.js";

/**
 * Runs the command line `args` (without `node` and the script) in this process and returns its exit status:
 * 0 done, 1 failed while running, 2 wrong use, 3 the data has a fault, 130 ended by Ctrl-C, 143 by SIGTERM.
 */
export async function run(args: readonly string[], host: NodeJS.Process = process): Promise<number> {
  endQuietlyWithoutReader(host);
  const redaction = createRedaction();
  const interrupt = listenForInterrupt(host.stderr, host);
  const surroundings: Surroundings = {
    get stdin() {
      return host.stdin;
    },
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    now: Date.now,
    signal: interrupt.signal,
    redaction,
  };
  const outcome: Outcome = { status: 0, debug: false };
  const program = buildProgram(surroundings, outcome, args);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return outcome.status;
  } catch (error) {
    const status = await reportFault(error, surroundings, outcome);
    return interrupt.status() ?? status;
  } finally {
    interrupt.release();
  }
}

/** `ampframe sql … | head` closes our stdout early: that is no fault of ours, nor the user's. */
function endQuietlyWithoutReader(host: NodeJS.Process): void {
  host.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") host.exit(0);
    throw error;
  });
  host.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
