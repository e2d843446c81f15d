import type { RunCommand } from "../invocation.js";

/** The heading under which help lists a command. */
export type CommandGroup =
  | "Start here"
  | "Bring events in"
  | "See and prove what is there"
  | "Use the events"
  | "Analyse"
  | "Look after the lake"
  | "Tools";

/** One option as it is parsed, shown in help, completed by shells and described in docs/cli.md. */
export interface OptionSpec {
  /** As commander writes it: `-o, --output <file>`. */
  readonly flags: string;
  /** Meaning, unit and edges, in one sentence without a full stop. */
  readonly meaning: string;
  /** The default as shown; the command applies it. */
  readonly byDefault?: string;
  readonly choices?: readonly string[];
  /** Turns the text that was given into the value; throws InvalidArgumentError of commander. */
  readonly parse?: (text: string, before: unknown) => unknown;
  /** What a shell should offer for the value. */
  readonly completes?: "file" | "folder";
}

/** One example: a line that can be copied, and what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command: all that can be known of it without loading what it runs. */
export interface CommandSpec {
  readonly name: string;
  readonly group: CommandGroup;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What a reader should know before using it; one paragraph an entry. */
  readonly details: readonly string[];
  /** As commander writes them: `<path...>`, `[query]`. */
  readonly arguments: readonly {
    readonly syntax: string;
    readonly meaning: string;
    readonly choices?: readonly string[];
  }[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** The keys of the object that `--json` prints; a promise to scripts. */
  readonly json?: Readonly<Record<string, string>>;
  /** Loads the file that runs the command. */
  readonly load: () => Promise<{ readonly run: RunCommand }>;
}
