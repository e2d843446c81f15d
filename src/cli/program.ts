import { Argument, Command, Option } from "commander";
import type { CliOptions, CommandStatus, Invocation, Surroundings } from "./invocation.js";
import { paintFor } from "./paint.js";
import { COMMANDS, type CommandSpec, type Example, type OptionSpec } from "./tree/index.js";
import { DEBUG } from "./tree/options.js";
import { packageVersion } from "./version.js";

/** The way a command was called, as far as the error handler must know. */
export interface Outcome {
  status: CommandStatus;
  debug: boolean;
}

const FIRST_STEPS: readonly Example[] = [
  { line: "ampframe demo", does: "no keys needed" },
  {
    line: "ampframe pull --last 7d",
    does: "after `ampframe login`, or with AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY set",
  },
  { line: 'ampframe sql "SELECT event_type, count(*) FROM events GROUP BY ALL"', does: "" },
];

/**
 * The command line of ampframe, for parsing `args`, which runs the command, whose status is then in `outcome`. Only
 * commands that `args` name get their options, for to make all of them takes as long as all else at the start.
 */
export function buildProgram(surroundings: Surroundings, outcome: Outcome, args: readonly string[]): Command {
  const { stdout, stderr, env } = surroundings;
  const program = new Command("ampframe")
    .description(
      "Raw Amplitude events in a DataFrame: exported, proven complete, kept as a Delta Lake table.",
    )
    .usage("<command> [options]")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(stdout.columns ?? 100, 100),
      getErrHelpWidth: () => Math.min(stderr.columns ?? 100, 100),
    })
    .configureHelp({
      styleTitle: (title) => paintFor(stdout, env).bold(title),
      subcommandTerm: (command) =>
        [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
    })
    .addHelpText("after", () => `\n${examples("Begin with:", FIRST_STEPS, surroundings)}`)
    .addHelpText("after", "\n`ampframe <command> --help` shows the options of a command.");
  for (const text of COMMANDS) {
    const command = buildCommand(program, text, surroundings, outcome);
    if (args.includes(text.name))
      for (const option of [...text.options, DEBUG]) command.addOption(buildOption(option));
    program.addCommand(command);
  }
  return program;
}

function buildCommand(
  program: Command,
  text: CommandSpec,
  surroundings: Surroundings,
  outcome: Outcome,
): Command {
  const command = new Command(text.name)
    .copyInheritedSettings(program)
    .helpGroup(`${text.group}:`)
    .summary(text.summary)
    .description([sentence(text.summary), ...text.details].join("\n\n"))
    .addHelpText("after", () => `\n${examples("Examples:", text.examples, surroundings)}`);
  for (const argument of text.arguments) {
    const built = new Argument(argument.syntax, argument.meaning);
    command.addArgument(argument.choices ? built.choices(argument.choices) : built);
  }
  return command.action(async () => {
    const options = command.opts<CliOptions>();
    outcome.debug = options.debug === true;
    const { run } = await text.load();
    const invocation: Invocation = { ...surroundings, args: command.args, options };
    outcome.status = await run(invocation);
  });
}

function buildOption(text: OptionSpec): Option {
  const byDefault = text.byDefault === undefined ? "" : ` (default: ${text.byDefault})`;
  const option = new Option(text.flags, `${text.meaning}${byDefault}`);
  if (text.choices) option.choices(text.choices);
  if (text.parse) option.argParser(text.parse);
  return option;
}

function examples(title: string, list: readonly Example[], { stdout, env }: Surroundings): string {
  const paint = paintFor(stdout, env);
  const width = Math.max(...list.map(({ line }) => line.length));
  const aside = width <= 56;
  const lines = list.map(({ line, does }) => {
    if (does === "") return `  ${line}`;
    return aside ? `  ${line.padEnd(width)}  ${paint.dim(does)}` : `  ${paint.dim(`# ${does}`)}\n  ${line}`;
  });
  return `${paint.bold(title)}\n${lines.join("\n")}`;
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
