import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../index.js";
import { paintFor } from "../paint.js";
import { printable } from "../printable.js";
import { lakeLine } from "./banner.js";
import type { History } from "./history.js";
import { MODES, type Session } from "./session.js";

/** What a dot command may use. */
export interface DotScene {
  readonly session: Session;
  readonly history: History;
  /** Runs a text as if it had been entered: statements and dot commands. */
  readonly run: (text: string) => Promise<void>;
}

/** A command of the prompt itself. */
export interface DotCommand {
  readonly name: string;
  /** As help shows it: `MODE`; brackets where it may be missing. */
  readonly argument: string;
  readonly meaning: string;
  readonly completes?: readonly string[] | "file" | "folder" | "table";
  readonly run: (scene: DotScene, argument: string) => Promise<void> | void;
}

const ON_OFF = ["on", "off"];
const LISTED_ENTRIES = 20;

/** All of them, in the order in which help lists them. */
export const DOT_COMMANDS: readonly DotCommand[] = [
  { name: "help", argument: "", meaning: "this list", run: ({ session }) => session.say(helpText(session)) },
  {
    name: "events",
    argument: "",
    meaning: "event types and how many events each has",
    run: ({ run }) =>
      run("SELECT event_type, count(*) AS events FROM events GROUP BY ALL ORDER BY events DESC;"),
  },
  { name: "tables", argument: "", meaning: "tables and views", run: ({ run }) => run("SHOW TABLES;") },
  {
    name: "schema",
    argument: "[TABLE]",
    meaning: "columns of a table and their types; of events if none is named",
    completes: "table",
    run: (scene, table) => showSchema(scene, table || "events"),
  },
  {
    name: "mode",
    argument: "[MODE]",
    meaning: `how rows look: ${MODES.join(", ")}`,
    completes: MODES,
    run: ({ session }, mode) => {
      if (mode !== "") session.mode = oneOf(mode, MODES, "mode");
      session.say(`mode ${session.mode}`);
    },
  },
  {
    name: "limit",
    argument: "[N|all]",
    meaning: "most rows that are shown",
    completes: ["all"],
    run: ({ session }, limit) => {
      if (limit !== "") session.limit = limitOf(limit);
      session.say(`limit ${session.limit ?? "all"}`);
    },
  },
  {
    name: "timer",
    argument: "[on|off]",
    meaning: "whether the time of each statement is shown",
    completes: ON_OFF,
    run: ({ session }, value) => {
      if (value !== "") session.timer = oneOf(value, ON_OFF, "setting") === "on";
      session.say(`timer ${session.timer ? "on" : "off"}`);
    },
  },
  {
    name: "output",
    argument: "FILE",
    meaning: "write all rows of the next answer to a file: .parquet, .csv, .ndjson, .json or .arrow",
    completes: "file",
    run: ({ session }, file) => {
      session.output = file === "" ? undefined : inHome(file);
      session.say(file === "" ? "Answers go to the screen." : `The next answer goes to ${printable(file)}.`);
    },
  },
  {
    name: "read",
    argument: "FILE",
    meaning: "run the statements of a file, up to the first that fails",
    completes: "file",
    run: async ({ run }, file) => run(await textOf(required(file, ".read queries.sql"))),
  },
  {
    name: "open",
    argument: "LAKE",
    meaning: "go on with another lake",
    completes: "folder",
    run: async ({ session }, folder) => {
      await session.move(inHome(required(folder, ".open ./amplitude")));
      session.say(await lakeLine(session));
    },
  },
  {
    name: "history",
    argument: "[N]",
    meaning: `the last ${LISTED_ENTRIES} things that were entered, or N`,
    run: ({ session, history }, value) => {
      const wanted = value === "" ? LISTED_ENTRIES : wholeNumber(value, "history");
      for (const entry of history.entries.slice(0, wanted).toReversed()) session.say(printable(entry));
    },
  },
  {
    name: "quit",
    argument: "",
    meaning: "leave; so do .exit and Ctrl-D",
    run: ({ session }) => {
      session.ended = true;
    },
  },
];

const ALSO: Readonly<Record<string, string>> = { exit: "quit", q: "quit", once: "output", h: "help" };

/** Runs a line such as `.mode json`. Throws UsageError if there is no such command, or its argument is wrong. */
export async function runDotCommand(line: string, scene: DotScene): Promise<void> {
  const [, name = "", rest = ""] = /^\.\s*(\S*)\s*([\s\S]*?)[\s;]*$/.exec(line) ?? [];
  const wanted = (ALSO[name] ?? name).replace(/;+$/, "").toLowerCase();
  const exact = DOT_COMMANDS.filter((command) => command.name === wanted);
  const found = exact.length > 0 ? exact : DOT_COMMANDS.filter((command) => command.name.startsWith(wanted));
  const [command] = found;
  if (wanted === "" || command === undefined || found.length > 1) {
    const meant =
      wanted !== "" && found.length > 1 ? `.${found.map((one) => one.name).join(" or .")}` : "none";
    throw new UsageError(
      meant === "none" ? `There is no command .${name}.` : `.${name} may be ${meant}.`,
      ".help lists the commands.",
    );
  }
  await command.run(scene, rest.replace(/^(["'])(.*)\1$/s, "$2"));
}

function helpText(session: Session): string {
  const { dim, bold } = paintFor(session.invocation.stdout, session.invocation.env);
  const lines = DOT_COMMANDS.map(({ name, argument, meaning }) => {
    return `  ${`.${name} ${argument}`.padEnd(16)}  ${dim(meaning)}`;
  });
  return [
    `${bold("SQL")} in DuckDB's dialect over the table events; a statement may have many lines and ends in ;`,
    "  Properties are JSON: SELECT event_properties->>'plan' FROM events LIMIT 5;",
    "  Tab completes; Ctrl-C ends a running statement, or drops what is typed; Ctrl-D leaves.",
    bold("Commands"),
    ...lines,
  ].join("\n");
}

async function showSchema({ session, run }: DotScene, table: string): Promise<void> {
  const { limit } = session;
  session.limit = undefined;
  try {
    const name = `"${table.replace(/^"(.*)"$/, "$1").replaceAll('"', '""')}"`;
    await run(`SELECT column_name, column_type FROM (DESCRIBE ${name});`);
  } finally {
    session.limit = limit;
  }
}

function limitOf(text: string): number | undefined {
  return text.toLowerCase() === "all" ? undefined : wholeNumber(text, "limit");
}

function wholeNumber(text: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`${text} is no ${what}.`, `Give a whole number of at least 1, such as .${what} 100.`);
}

function oneOf<T extends string>(text: string, values: readonly T[], what: string): T {
  const found = values.find((value) => value === text.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`There is no ${what} ${text}.`, `Give one of ${values.join(", ")}.`);
}

function required(argument: string, example: string): string {
  if (argument !== "") return argument;
  throw new UsageError("This command needs an argument.", `Write it as in ${example}.`);
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(inHome(file), "utf8")).replace(/^\ufeff/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read (${code}).`, "Check its name and your rights.", {
      cause: error,
    });
  }
}

function inHome(path: string): string {
  return /^~(?=$|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : path;
}
