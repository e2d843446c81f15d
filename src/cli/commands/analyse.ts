import {
  type AnalysisDefinition,
  type EventSelection,
  type RanAnalysis,
  runAnalysis,
  selectedEvents,
  unknownEventTypes,
} from "../../index.js";
import { askedAnalysis, type MainPart } from "../asked-analysis.js";
import { openAsked } from "../asked-lake.js";
import { explanationText } from "../explanation-text.js";
import { bytes } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { nothingCounted } from "../nothing-counted.js";
import { coloured, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { saveAnalysis, savedAnalysis } from "../saved-analysis.js";

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
    if (nothingCounted(result.chart)) await warn(lake, definition, invocation);
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
    const { rows, totals, explanation, sql } = result;
    const { analysis } = definition;
    stdout.write(`${JSON.stringify({ analysis, definition, rows, totals, explanation, sql })}\n`);
    return;
  }
  if (options.output === undefined) {
    const width = stdout.isTTY === true ? (stdout.columns ?? 80) : WIDTH_OF_FILES;
    stdout.write(`${result.toText({ width, colors: coloured(stdout, env) })}\n`);
  }
  if (options.explain) stdout.write(`\n${explanationText(result, paintFor(stdout, env))}\n`);
}

async function warn(
  lake: Parameters<typeof unknownEventTypes>[0],
  definition: AnalysisDefinition,
  { stderr, env, signal }: Invocation,
): Promise<void> {
  const paint = paintFor(stderr, env);
  for (const { name, nearest } of await unknownEventTypes(lake, definition, { signal })) {
    const hint =
      nearest === null
        ? "`ampframe events` lists the event types."
        : `Did you mean ${JSON.stringify(nearest)}?`;
    stderr.write(
      `${paint.yellow("warning:")} ${printableLine(`No event of type ${JSON.stringify(name)} was found. ${hint}`)}\n`,
    );
  }
}
