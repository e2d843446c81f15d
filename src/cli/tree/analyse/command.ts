import type { MainPart } from "../../asked-analysis.js";
import type { CommandSpec } from "../command.js";
import { COMMON } from "./options.js";

/** The keys of what every analysis prints with `--json`. */
const JSON_KEYS = {
  analysis: "the name of the analysis",
  definition: "what was asked, as `ampframe analysis` reads it from a file",
  rows: "a list of objects, one a row, with the columns of the table; times are texts in UTC",
  totals: "only of `segmentation`: a list of the same without time, each series over the whole range",
  warnings:
    "a list of {kind, name, of, nearest, text}: event types and properties that were named and do not occur",
  explanation:
    "{definition, sources, differences}: what was computed, by which pages, why Amplitude's chart may differ",
  sql: "the query",
} as const;

/** A command that runs `analysis`, whose arguments are the part `main` of its definition. */
export function analyseCommand(
  spec: Omit<CommandSpec, "group" | "json" | "load">,
  analysis: string,
  main?: MainPart,
): CommandSpec {
  return {
    ...spec,
    group: "Analyse",
    options: [...spec.options, ...COMMON],
    json: JSON_KEYS,
    load: async () => {
      const { runner } = await import("../../commands/analyse.js");
      return { run: runner(analysis, main) };
    },
  };
}

/** The same for the definition in a file. */
export function fileCommand(spec: Omit<CommandSpec, "group" | "json" | "load">): CommandSpec {
  return {
    ...spec,
    group: "Analyse",
    json: JSON_KEYS,
    load: async () => {
      const { runFile } = await import("../../commands/analyse.js");
      return { run: runFile };
    },
  };
}
