import {
  type AnalysisDefinition,
  type EventSelection,
  type RanAnalysis,
  runAnalysis,
  selectedEvents,
} from "../../index.js";
import { askedAnalysis, type MainPart } from "../asked-analysis.js";
import { openAsked } from "../asked-lake.js";
import { explanationText } from "../explanation-text.js";
import { bytes } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { coloured, paintFor } from "../paint.js";
import { saveAnalysis, savedAnalysis } from "../saved-analysis.js";
import { warn } from "../warnings.js";

const WIDTH_OF_FILES = 100;

/** What runs `analysis` as the options of its command say. */
export function runner(analysis: string, main: MainPart | undefined): RunCommand {
  return (invocation) => analyse(askedAnalysis(analysis, main, invocation), invocation);
}

/** Runs the analysis in a file; the options that are given take the place of its own. */
export const runFile: RunCommand = async (invocation) => {
  const { args, options } = invocation;
  const { from, to, last, timeZone } = options;
  const { definition: saved, selection } = await savedAnalysis(
    args[0] ?? "",
    lakeFolder(options, invocation),
  );
  const range = { from, to, last };
  const given = Object.values(range).some((end) => end !== undefined);
  return analyse(
    { ...saved, ...(given ? range : {}), ...(timeZone === undefined ? {} : { timeZone }) },
    invocation,
    selection,
  );
};

async function analyse(
  definition: AnalysisDefinition,
  invocation: Invocation,
  selection: EventSelection = {},
): Promise<0> {
  const { options, signal } = invocation;
  const asked = await openAsked(invocation);
  const { lake } = asked;
  try {
    const events = lake.frame(await selectedEvents(lake, selection));
    const result = await runAnalysis(events, definition, { signal });
    if (options.save !== undefined) await saveAnalysis(options.save, definition);
    await put(definition, result, invocation);
    warn(result.warnings, invocation);
    return 0;
  } finally {
    await asked.close();
  }
}

async function put(
  definition: AnalysisDefinition,
  result: RanAnalysis,
  { options, stdout, stderr, env }: Invocation,
): Promise<void> {
  if (options.output !== undefined) {
    const written = await result.write(options.output);
    if (!options.quiet && !options.json) stderr.write(`${bytes(written.bytes)} in ${written.file}\n`);
  }
  if (options.json) {
    const { rows, totals, explanation, sql, warnings } = result;
    const { analysis } = definition;
    stdout.write(`${JSON.stringify({ analysis, definition, rows, totals, warnings, explanation, sql })}\n`);
    return;
  }
  if (options.output === undefined) {
    const width = stdout.isTTY === true ? (stdout.columns ?? 80) : WIDTH_OF_FILES;
    stdout.write(`${result.toText({ width, colors: coloured(stdout, env) })}\n`);
  }
  if (options.explain) stdout.write(`\n${explanationText(result, paintFor(stdout, env))}\n`);
}
