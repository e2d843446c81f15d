import type { Output } from "./invocation.js";

/** Exit status after Ctrl-C, as shells have it: 128 and the signal's number. */
export const INTERRUPTED = 130;
const TERMINATED = 143;

/** The signal that ends a command in a clean way. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit status that the signal which came stands for; undefined if none came. */
  readonly status: () => number | undefined;
  /** Stops listening. */
  readonly release: () => void;
}

/** Listens for Ctrl-C and SIGTERM: the first aborts `signal`, a second one ends the process at once. */
export function listenForInterrupt(stderr: Output, host: NodeJS.Process = process): Interrupt {
  const controller = new AbortController();
  let status: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const code = name === "SIGTERM" ? TERMINATED : INTERRUPTED;
    if (status !== undefined) host.exit(code);
    status = code;
    stderr.write("\nEnding cleanly; Ctrl-C again ends at once.\n");
    controller.abort();
  };
  host.on("SIGINT", onSignal);
  host.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    status: () => status,
    release() {
      host.off("SIGINT", onSignal);
      host.off("SIGTERM", onSignal);
    },
  };
}
