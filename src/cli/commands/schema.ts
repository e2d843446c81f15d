import { readFile, writeFile } from "node:fs/promises";
import { type PlanDeviation, type Schema, type SchemaProgress, UsageError } from "../../index.js";
import { openAsked } from "../asked-lake.js";
import { count, counted } from "../figures.js";
import type { CommandStatus, Invocation, RunCommand } from "../invocation.js";
import { createMovingLine } from "../moving-line.js";
import { coloured, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

/** Prints the tracking plan as it really is, in one of its forms, or how it deviates from one. */
export const run: RunCommand = async (invocation) => {
  const { options, args } = invocation;
  requireOneForm(invocation);
  const plan = options.plan === undefined ? undefined : await planIn(options.plan);
  const schema = await schemaOf(invocation, args[0]);
  if (plan !== undefined) return tellDeviations(schema.compare(plan), invocation);
  await put(textOf(schema, invocation), invocation);
  return 0;
};

/** The schema of the lake, with progress on the screen. Throws UsageError if `event` does not occur. */
export async function schemaOf(invocation: Invocation, event?: string): Promise<Schema> {
  const { options, signal } = invocation;
  const { from, to } = options;
  let done: SchemaProgress | undefined;
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done === undefined ? "schema" : `schema  ${count(done.events)} of ${counted(done.of, "event")}`,
  );
  const onProgress = (progress: SchemaProgress): void => {
    done = progress;
    line.update();
  };
  const asked = await openAsked(invocation);
  // A cluster tells how far its tasks are.
  const told = options.engine === "spark" ? {} : { onProgress };
  try {
    const schema = await asked.lake.schema({ from, to, events: event, signal, ...told });
    if (event !== undefined && schema.events.length === 0) {
      const [unknown] = (await asked.lake.frame({ events: event }).warnings?.({ signal })) ?? [];
      if (unknown !== undefined) throw new UsageError(unknown.text, "");
      const where = from === undefined && to === undefined ? "was found" : "is in what was asked";
      throw new UsageError(
        `No event of type ${JSON.stringify(event)} ${where}.`,
        "`ampframe events` lists the event types.",
      );
    }
    return schema;
  } finally {
    line.end();
    await asked.close();
  }
}

function requireOneForm({ options: { json, ts, markdown, plan, output } }: Invocation): void {
  const forms = Object.entries({ "--json": json, "--ts": ts, "--markdown": markdown }).filter(([, on]) => on);
  const names = forms.map(([name]) => name);
  if (plan !== undefined && (ts || markdown || output !== undefined)) names.push("--plan");
  if (names.length < 2 && !(plan !== undefined && output !== undefined)) return;
  throw new UsageError(
    `${[...new Set([...names, ...(output === undefined ? [] : ["-o"])])].join(" and ")} do not go together.`,
    "Give one of --json, --markdown and --ts; --plan prints a table, or JSON with --json.",
  );
}

function textOf(schema: Schema, { options, stdout, env }: Invocation): string {
  if (options.json) return JSON.stringify(schema);
  if (options.ts) return schema.toTypeScript();
  if (options.markdown) return schema.toMarkdown();
  const toTerminal = stdout.isTTY === true && options.output === undefined;
  return schema.toText({
    width: toTerminal ? (stdout.columns ?? 80) : 200,
    colors: toTerminal && coloured(stdout, env),
  });
}

async function put(text: string, { options: { output }, stdout }: Invocation): Promise<void> {
  const lines = text.endsWith("\n") ? text : `${text}\n`;
  if (output === undefined || output === "-") {
    stdout.write(lines);
    return;
  }
  try {
    await writeFile(output, lines);
  } catch (error) {
    throw new UsageError(`${output} cannot be written: ${words(error)}.`, "Name another file.", {
      cause: error,
    });
  }
}

async function planIn(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `The tracking plan ${file} cannot be read: ${words(error)}.`,
      "Name a file of JSON; docs/schema.md tells its forms.",
      { cause: error },
    );
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function tellDeviations(deviations: readonly PlanDeviation[], invocation: Invocation): CommandStatus {
  const { options, stdout, env } = invocation;
  const status = deviations.length > 0 ? 3 : 0;
  if (options.json) {
    stdout.write(`${JSON.stringify({ ok: status === 0, deviations })}\n`);
    return status;
  }
  const paint = paintFor(stdout, env);
  if (status === 0) {
    stdout.write(`${paint.green("✓")} ${paint.bold("the events are as planned")}\n`);
    return status;
  }
  stdout.write(`${paint.red("✗")} ${paint.bold(counted(deviations.length, "deviation"))} from the plan\n`);
  for (const { event, property, deviation, found, expected } of deviations) {
    const what = printableLine(property === null ? event : `${event}  ${property}`);
    stdout.write(
      `  ${paint.yellow(deviation)}  ${what}: ${printableLine(`found ${found}, expected ${expected}`)}\n`,
    );
  }
  return status;
}
