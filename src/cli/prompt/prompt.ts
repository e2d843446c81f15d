import { createInterface, type Interface } from "node:readline";
import { UsageError } from "../../index.js";
import type { Invocation } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";
import { answer } from "./answer.js";
import { lakeLine } from "./banner.js";
import { runDotCommand } from "./dot-commands.js";
import { type Entry, EntryReader, entriesOf } from "./entry.js";
import { reportError } from "./error-text.js";
import { History } from "./history.js";
import { HistoryFile, historyPath, MOST_ENTRIES } from "./history-file.js";
import { lineCompletion } from "./line-completion.js";
import { MutedOutput } from "./muted-output.js";
import { type Mode, Session } from "./session.js";
import { needsItsSession } from "./statement-kind.js";
import { ended } from "./statements.js";

const PROMPT = "ampframe> ";
const DEEPEST_READ = 10;

/** Opens a prompt on the terminal for SQL over the lake, until the user leaves it. Throws LakeError if there is none. */
export async function runPrompt(invocation: Invocation, mode: Mode): Promise<void> {
  const session = await Session.open(invocation, lakeFolder(invocation.options, invocation), mode);
  try {
    session.say(await lakeLine(session));
    session.say(
      paintFor(invocation.stdout, invocation.env).dim(".help for help, Tab completes, ; ends a statement"),
    );
    await new Prompt(session, await openHistory(session)).run();
  } finally {
    await session.close();
  }
}

async function openHistory({ invocation: { env, stderr } }: Session): Promise<History> {
  const file = new HistoryFile(historyPath(env));
  try {
    return new History(await file.read(), file);
  } catch (error) {
    stderr.write(`${file.path} cannot be read (${(error as Error).message}): no history is kept.\n`);
    return new History([], undefined);
  }
}

class Prompt {
  readonly #session: Session;
  readonly #history: History;
  readonly #reader = new EntryReader();
  readonly #screen: MutedOutput;
  readonly #lines: { readonly text: string; readonly echoed: boolean }[] = [];
  #readline: Interface | undefined;
  #running: AbortController | undefined;
  #busy = false;
  #interrupted = false;
  #depth = 0;
  #left = (): void => {};

  constructor(session: Session, history: History) {
    this.#session = session;
    this.#history = history;
    this.#screen = new MutedOutput(session.invocation.stdout);
  }

  /** Resolves when the user has left. */
  async run(): Promise<void> {
    const { stdin, signal } = this.#session.invocation;
    const readline = createInterface({
      input: stdin as NodeJS.ReadableStream,
      output: this.#screen,
      terminal: true,
      historySize: MOST_ENTRIES + 1,
      history: [...this.#history.entries],
      completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
        void this.#complete(line).then((result) => done(null, result));
      },
    });
    this.#readline = readline;
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
    });
    const leave = (): void => {
      this.#session.ended = true;
      this.#running?.abort();
      readline.close();
    };
    readline.on("history", (list) => this.#history.govern(list));
    readline.on("line", (text) => {
      this.#lines.push({ text, echoed: !this.#screen.muted });
      if (!this.#busy) void this.#drain();
    });
    readline.on("SIGINT", () => this.#onInterrupt());
    // Readline pauses when the process comes back from the background.
    readline.on("SIGCONT", () => (this.#busy ? readline.resume() : this.#ask()));
    readline.on("close", () => {
      if (!this.#session.ended) this.#session.say("");
      this.#session.ended = true;
      if (!this.#busy) this.#left();
    });
    signal.addEventListener("abort", leave, { once: true });
    try {
      this.#ask();
      void this.#session.names.soon();
      await left;
    } finally {
      signal.removeEventListener("abort", leave);
      readline.close();
      this.#screen.destroy();
    }
  }

  /** Does what the lines say that have come. While it is at it, others are put behind them. */
  async #drain(): Promise<void> {
    this.#busy = true;
    this.#interrupted = false;
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      if (!line.echoed) this.#session.say(`${this.#promptText()}${line.text}`);
      const entries = this.#reader.take(line.text);
      // Nothing is awaited for a line that completes nothing, so that the next prompt is there at once.
      if (entries.length > 0) await this.#runAll(entries);
      if (this.#session.ended) break;
    }
    this.#busy = false;
    if (this.#session.ended) this.#left();
    else this.#ask();
  }

  async #runAll(entries: readonly Entry[]): Promise<void> {
    this.#screen.muted = true;
    const running = new AbortController();
    this.#running = running;
    try {
      for (const entry of entries) {
        const text = entry.kind === "dot" ? entry.text : ended(entry.text);
        const failed = await this.#history.add(text);
        if (failed) this.#session.say(`No history is kept: ${failed.message}`);
        await this.#runEntry(entry, running.signal);
        if (this.#session.ended) return;
      }
    } catch (error) {
      await reportError(this.#session, error);
    } finally {
      this.#running = undefined;
      this.#screen.muted = false;
    }
  }

  async #runEntry(entry: Entry, signal: AbortSignal): Promise<void> {
    const session = this.#session;
    if (entry.kind === "statement") {
      await answer(session, entry.text, signal);
      if (needsItsSession(entry.text))
        session.say("Each statement has a session of its own: this ended with it.");
      return;
    }
    const run = async (text: string): Promise<void> => {
      if (this.#depth >= DEEPEST_READ) {
        throw new UsageError(
          `.read is nested deeper than ${DEEPEST_READ}.`,
          "Look whether a file reads itself.",
        );
      }
      this.#depth += 1;
      try {
        for (const inner of entriesOf(text)) {
          signal.throwIfAborted();
          await this.#runEntry(inner, signal);
          if (session.ended) return;
        }
      } finally {
        this.#depth -= 1;
      }
    };
    await runDotCommand(entry.text, { session, history: this.#history, run });
  }

  /** Ends what runs; else drops what is typed; else, the second time, leaves. */
  #onInterrupt(): void {
    const readline = this.#readline;
    if (readline === undefined) return;
    if (this.#running !== undefined) {
      this.#lines.length = 0;
      this.#running.abort();
      return;
    }
    const typed = readline.line !== "" || this.#reader.pending !== "";
    if (!typed && this.#interrupted) {
      readline.close();
      return;
    }
    this.#interrupted = !typed;
    readline.write(null, { ctrl: true, name: "e" });
    this.#session.say(typed ? "^C" : "^C  Ctrl-C again, or Ctrl-D, leaves.");
    this.#screen.muted = true;
    readline.write(null, { ctrl: true, name: "u" });
    this.#screen.muted = false;
    this.#reader.drop();
    this.#ask();
  }

  #ask(): void {
    const { stdout, env } = this.#session.invocation;
    const fresh = this.#reader.pending === "";
    const text = this.#promptText();
    this.#readline?.setPrompt(fresh ? paintFor(stdout, env).bold(text) : paintFor(stdout, env).dim(text));
    this.#readline?.prompt(true);
  }

  #promptText(): string {
    if (this.#reader.pending === "") return PROMPT;
    return `${this.#reader.open ?? "."}> `.padStart(PROMPT.length);
  }

  async #complete(line: string): Promise<[string[], string]> {
    const after = this.#readline?.line.slice(line.length) ?? "";
    const { names } = this.#session;
    const { offers, typed } = await lineCompletion(this.#reader.pending, line, after, names);
    return [[...offers], typed];
  }
}
