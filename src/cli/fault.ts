import { CommanderError } from "commander";
import type { Output, Surroundings } from "./invocation.js";
import { paintFor } from "./paint.js";
import { printable } from "./printable.js";

type Look = Pick<Surroundings, "env" | "redaction"> & { readonly stderr: Output };

/** How much to print about an error. */
export interface FaultOptions {
  /** True: the stack and every cause too. */
  readonly debug: boolean;
}

/**
 * Prints what went wrong and the way out to stderr, without secrets, and returns the exit status: the error's
 * own where it is one of ampframe's, 2 for wrong use, 0 for `--help` and `--version`, else 1.
 */
export async function reportFault(error: unknown, look: Look, { debug }: FaultOptions): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    print(look, wrongUse(error.message), "");
    return 2;
  }
  // Loaded only now: help and usage errors need nothing of the library.
  const { isAmpframeError } = await import("../index.js");
  const known = isAmpframeError(error);
  if (error instanceof Error && (error.name === "CancelledError" || error.name === "AbortError")) {
    look.stderr.write(known ? `${error.message} ${error.wayOut}\n` : "Ended before it was done.\n");
    return 1;
  }
  const message = error instanceof Error ? error.message : String(error);
  const wayOut = known
    ? error.wayOut
    : `This was not foreseen. ${debug ? "" : "--debug shows where it happened. "}`;
  print(look, known ? message : `Unexpected: ${message}`, wayOut.trim());
  if (debug) look.stderr.write(`\n${printable(look.redaction.clean(stacks(error)))}\n`);
  return known ? error.exitStatus : 1;
}

function print(look: Look, message: string, wayOut: string): void {
  const paint = paintFor(look.stderr, look.env);
  const clean = (text: string): string => printable(look.redaction.clean(text));
  look.stderr.write(`${paint.red("error:")} ${clean(message)}\n`);
  if (wayOut !== "") look.stderr.write(`${clean(wayOut)}\n`);
}

/** The words of commander, without the value of an option that it does not know, which may be a key. */
function wrongUse(message: string): string {
  const text = message.replace(/^error: /, "").replace(/(unknown option '[^'=]*)=[\s\S]*?'(?=\n|$)/, "$1'");
  if (/^unknown option '-{1,2}[^']*(key|secret|password|token)/i.test(text)) {
    const option = text.split("\n", 1)[0];
    return (
      `${option}: keys are never given as options, where other users of the machine can read them.\n` +
      "Store them with `ampframe login`, set AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY, or write them to ./.env with mode 600."
    );
  }
  const [first = "", ...rest] = text.split("\n");
  const ended = /[.?!]$/.test(first) ? first : `${first}.`;
  const help =
    rest.length > 0 ? "" : "\n`ampframe --help` lists the commands, `ampframe <command> --help` its options.";
  return [ended, ...rest].join("\n") + help;
}

function stacks(error: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
    seen.add(at);
    texts.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
  }
  return texts.join("\ncaused by: ");
}
