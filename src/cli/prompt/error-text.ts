import { isAmpframeError } from "../../index.js";
import { reportFault } from "../fault.js";
import { paintFor } from "../paint.js";
import { printable } from "../printable.js";
import type { Session } from "./session.js";

/** What DuckDB's words about a statement hold. */
export interface EngineWords {
  readonly message: string;
  /** The line it means, and below it a caret; empty if it names none. */
  readonly picture: readonly string[];
}

/**
 * Takes DuckDB's message apart. Where the line has other than ASCII letters the caret is left out: DuckDB 1.5 puts
 * it too far left there.
 */
export function engineWords(raw: string): EngineWords {
  const at = raw.search(/(?:^|\n)\s*LINE \d+: /);
  const message = (at === -1 ? raw : raw.slice(0, at)).replace(/\s+/g, " ").trim();
  if (at === -1) return { message, picture: [] };
  const [line = "", caret] = raw.slice(at).replace(/^\s+/, "").split("\n");
  const sound = caret !== undefined && /^ *\^ *$/.test(caret) && /^[\x20-\x7e]*$/.test(line);
  return { message, picture: sound ? [line, caret.trimEnd()] : [line] };
}

/** Prints what went wrong with a statement: in words, with the place if the engine knows it, never a stack. */
export async function reportError(session: Session, error: unknown): Promise<void> {
  const { invocation } = session;
  const { stderr, env, options, redaction } = invocation;
  const paint = paintFor(stderr, env);
  if (error instanceof Error && (error.name === "CancelledError" || error.name === "AbortError")) {
    stderr.write(`${paint.dim("Ended by Ctrl-C.")}\n`);
    return;
  }
  const cause = isAmpframeError(error) && error.name === "QueryError" ? error.cause : undefined;
  if (!isAmpframeError(error) || !(cause instanceof Error) || options.debug) {
    await reportFault(error, invocation, { debug: options.debug === true });
    return;
  }
  const { message, picture } = engineWords(cause.message);
  const [line, caret] = picture;
  const clean = (text: string): string => printable(redaction.clean(text));
  stderr.write(`${paint.red("error:")} ${clean(message)}\n`);
  if (line !== undefined) stderr.write(`${clean(line.replaceAll("\t", " "))}\n`);
  if (caret !== undefined) stderr.write(`${paint.red(caret)}\n`);
  stderr.write(`${clean(error.wayOut)}\n`);
}
