import { COMMANDS, type CommandSpec, type OptionSpec } from "./tree/index.js";
import { DEBUG } from "./tree/options.js";

/** A shell that we write completion for. */
export type Shell = "bash" | "zsh" | "fish";

interface Flag {
  readonly short?: string | undefined;
  readonly long: string;
  readonly takesValue: boolean;
  readonly text: OptionSpec;
}

/** A script that teaches `shell` the commands, options and choices of ampframe. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[] = COMMANDS): string {
  if (shell === "fish") return fish(commands);
  return shell === "bash" ? bash(commands) : zsh(commands);
}

function flagsOf(command: CommandSpec): Flag[] {
  return [...command.options, DEBUG, HELP].map((text) => {
    const names = text.flags.split(/[ ,]+/);
    const long = names.find((name) => name.startsWith("--")) ?? "";
    const short = names.find((name) => /^-\w$/.test(name));
    return { short, long, takesValue: text.flags.includes("<"), text };
  });
}

const HELP: OptionSpec = { flags: "-h, --help", meaning: "print help" };

function bash(commands: readonly CommandSpec[]): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command);
    const values = flags
      .filter((flag) => flag.takesValue)
      .map((flag) => `        ${pattern(flag)}) ${bashValue(flag)} ;;`);
    const words = [...flags.map((flag) => flag.long), ...command.arguments.flatMap((a) => a.choices ?? [])];
    return [
      `    ${command.name})`,
      '      case "$before" in',
      ...values,
      "      esac",
      `      words="${words.join(" ")}"`,
      "      ;;",
    ].join("\n");
  });
  return `# bash completion for ampframe
_ampframe() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _ampframe ampframe
`;
}

function pattern({ short, long }: Flag): string {
  return short ? `${short}|${long}` : long;
}

function bashValue({ text }: Flag): string {
  if (text.choices) return `COMPREPLY=($(compgen -W "${text.choices.join(" ")}" -- "$word")); return`;
  if (text.completes === "folder") return 'COMPREPLY=($(compgen -d -- "$word")); return';
  return text.completes === "file" ? 'COMPREPLY=($(compgen -f -- "$word")); return' : "return";
}

function zsh(commands: readonly CommandSpec[]): string {
  const cases = commands.map((command) => {
    const flags = flagsOf(command).map((flag) => `        ${zshFlag(flag)} \\`);
    const [argument] = command.arguments;
    const rest = argument?.choices ? `(${argument.choices.join(" ")})` : "_files";
    return `      ${command.name})\n        _arguments \\\n${flags.join("\n")}\n        '*: :${rest}'\n        ;;`;
  });
  const names = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  return `#compdef ampframe
_ampframe() {
  local -a commands
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$name" in
${cases.join("\n")}
  esac
}
compdef _ampframe ampframe
`;
}

function zshFlag({ short, long, takesValue, text }: Flag): string {
  const meaning = text.meaning.replace(/[[\]:\\]/g, "\\$&");
  const values = text.choices
    ? `(${text.choices.join(" ")})`
    : { file: "_files", folder: "_files -/" }[text.completes ?? "file"];
  const value = takesValue ? `: :${text.choices || text.completes ? values : " "}` : "";
  return [short, long]
    .filter((name) => name !== undefined)
    .map((name) => quote(`${name}[${meaning}]${value}`))
    .join(" ");
}

function fish(commands: readonly CommandSpec[]): string {
  const lines = ["# fish completion for ampframe", "complete -c ampframe -f"];
  for (const command of commands) {
    lines.push(
      `complete -c ampframe -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
    );
  }
  for (const command of commands) {
    const when = `complete -c ampframe -n '__fish_seen_subcommand_from ${command.name}'`;
    const choices = command.arguments.flatMap((argument) => argument.choices ?? []);
    if (choices.length > 0) lines.push(`${when} -a '${choices.join(" ")}'`);
    else if (command.arguments.length > 0) lines.push(`${when} -F`);
    for (const { short, long, takesValue, text } of flagsOf(command)) {
      const names = `${short ? `-s ${short.slice(1)} ` : ""}-l ${long.slice(2)}`;
      const values = text.choices ? ` -a '${text.choices.join(" ")}'` : text.completes ? " -F" : "";
      lines.push(`${when} ${names}${takesValue ? " -r" : ""}${values} -d ${quote(text.meaning)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
