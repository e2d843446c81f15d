// Writes docs/cli.md from the tree of commands in build/ (run `npm run build` first, or `npm run docs:cli`).
// With --check it writes nothing and exits 1 if the page is not what it would write.
import { readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../build/cli/tree/index.js";
import { DEBUG } from "../build/cli/tree/options.js";

const PAGE = new URL("../docs/cli.md", import.meta.url);

const HEAD = `# The command line

\`ampframe <command> [options]\`. Data goes to stdout; talk and progress go to stderr, progress only on a terminal.
\`--json\` prints one JSON object whose keys, listed below, are kept within a major version.

| exit status | means |
|---|---|
| 0 | done |
| 1 | failed while running, or an hour was refused by Amplitude |
| 2 | wrong use: an unknown option, a missing key, a range that is none |
| 3 | the data has a fault: \`verify\` found one, a file was refused by \`load\`, or lines were quarantined with \`--strict\` |
| 130, 143 | ended by Ctrl-C, or by SIGTERM; the lake is whole, and the same command goes on |

| variable | means |
|---|---|
| \`AMPLITUDE_API_KEY\`, \`AMPLITUDE_SECRET_KEY\` | the two keys of the project; they outrank \`./.env\` and what \`login\` stored |
| \`XDG_CONFIG_HOME\` | the folder of settings on Linux, for what \`login\` stores in a file |
| \`AMPFRAME_LAKE\` | the folder of the lake where \`--lake\` is not given |
| \`HTTPS_PROXY\`, \`HTTP_PROXY\`, \`NO_PROXY\` | a proxy on the way to Amplitude |
| \`XDG_STATE_HOME\` | where \`ampframe/sql_history\` is kept; else ~/.local/state, or the platform's own place |
| \`NO_COLOR\`, \`FORCE_COLOR\` | colour never, or always |
`;

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
/** @param {string} text */
const upperFirst = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** @param {import("../build/cli/tree/command.js").CommandSpec} command */
function section(command) {
  const usage = [command.name, ...command.arguments.map(({ syntax }) => syntax), "[options]"].join(" ");
  const lines = [
    `## ${command.name}`,
    "",
    `\`ampframe ${usage}\``,
    "",
    `${upperFirst(command.summary)}.`,
    "",
  ];
  for (const paragraph of command.details) lines.push(paragraph, "");
  lines.push("| | | default |", "|---|---|---|");
  for (const { syntax, meaning } of command.arguments)
    lines.push(`| \`${cell(syntax)}\` | ${cell(meaning)} | |`);
  for (const { flags, meaning, choices, byDefault } of [...command.options, DEBUG]) {
    const among = choices ? `: ${choices.map((choice) => `\`${choice}\``).join(", ")}` : "";
    lines.push(`| \`${cell(flags)}\` | ${cell(meaning)}${among} | ${cell(byDefault ?? "")} |`);
  }
  lines.push("", "```sh");
  for (const { line, does } of command.examples) lines.push(`${line}  # ${does}`);
  lines.push("```", "");
  if (command.json) {
    lines.push("`--json`:", "", "| key | |", "|---|---|");
    for (const [key, meaning] of Object.entries(command.json))
      lines.push(`| \`${key}\` | ${cell(meaning)} |`);
    lines.push("");
  }
  return lines.join("\n");
}

const contents = COMMANDS.map(({ name, summary }) => `- [\`${name}\`](#${name}): ${summary}`).join("\n");
const note = "<!-- Written by scripts/cli-page.mjs from src/cli/tree; change it there. -->";
const page = `${note}\n${HEAD}\n${contents}\n\n${COMMANDS.map(section).join("\n")}`;

if (process.argv.includes("--check")) {
  if (readFileSync(PAGE, "utf8") !== page) {
    console.error("docs/cli.md is not what the commands say. Run `npm run docs:cli`.");
    process.exitCode = 1;
  }
} else {
  writeFileSync(PAGE, page);
}
