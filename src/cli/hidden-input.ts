import { CancelledError, UsageError } from "../index.js";
import type { Surroundings } from "./invocation.js";

const ENTER = /[\r\n]/;
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
/** What arrow and function keys send. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.)?/g;
const MOST = 4096;

/** Asks at a terminal, in raw mode, so that what is typed shows only where it is meant to. */
export class HiddenInput {
  private readonly pieces: AsyncIterator<Uint8Array | string>;
  private rest = "";

  constructor(private readonly surroundings: Pick<Surroundings, "stdin" | "stderr" | "signal">) {
    this.pieces = surroundings.stdin[Symbol.asyncIterator]();
  }

  /**
   * Writes `question` to stderr and gives the line that is typed, without white space around it. With `hidden`,
   * nothing of it is shown. Throws CancelledError on Ctrl-C, Ctrl-D and the end of the input; UsageError if it is far
   * too long.
   */
  async ask(question: string, { hidden }: { readonly hidden: boolean }): Promise<string> {
    const { stdin, stderr } = this.surroundings;
    stdin.setRawMode?.(true);
    try {
      stderr.write(question);
      const line = await this.line(hidden);
      stderr.write("\n");
      return line.trim();
    } catch (error) {
      stderr.write("\n");
      throw error;
    } finally {
      stdin.setRawMode?.(false);
    }
  }

  /** Lets go of stdin, so that the process can end. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  private async line(hidden: boolean): Promise<string> {
    let line = "";
    for (;;) {
      if (this.rest === "") this.rest = (await this.next()).replace(ESCAPE_SEQUENCE, "");
      while (this.rest !== "") {
        const [character = ""] = this.rest;
        this.rest = this.rest.slice(character.length);
        if (ENTER.test(character)) {
          if (character === "\r" && this.rest.startsWith("\n")) this.rest = this.rest.slice(1);
          return line;
        }
        if (character === CTRL_C || (character === CTRL_D && line === "")) throw cancelled();
        line = edited(line, character, hidden ? undefined : this.surroundings.stderr);
        if (line.length > MOST) {
          throw new UsageError(`More than ${MOST} characters were typed.`, "Paste a key and press Enter.");
        }
      }
    }
  }

  private async next(): Promise<string> {
    const { signal } = this.surroundings;
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(cancelled());
      signal.addEventListener("abort", () => reject(cancelled()), { once: true });
    });
    const { value, done } = await Promise.race([this.pieces.next(), aborted]);
    if (done) throw cancelled();
    return Buffer.from(value).toString("utf8");
  }
}

/** `line` after `character` was typed; what is to be seen of it is written to `shown`. */
function edited(line: string, character: string, shown: Surroundings["stderr"] | undefined): string {
  if (character === CTRL_U) {
    shown?.write("\b \b".repeat(line.length));
    return "";
  }
  if (character === "\u007f" || character === "\b") {
    if (line !== "") shown?.write("\b \b");
    return line.slice(0, -1);
  }
  if (character < " ") return line;
  shown?.write(character);
  return line + character;
}

function cancelled(): CancelledError {
  return new CancelledError("Nothing was stored.", "Run ampframe login again.");
}
