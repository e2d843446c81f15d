import { readFile } from "node:fs/promises";
import {
  type CohortDefinition,
  cohort,
  cohorts,
  deleteCohort,
  type Lake,
  openLake,
  parseEvent,
  type SavedCohort,
  saveCohort,
  UsageError,
} from "../../index.js";
import { identityOf } from "../asked-analysis.js";
import { counted } from "../figures.js";
import type { CliOptions, CommandStatus, Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { putText } from "../text-file.js";
import { warn } from "../warnings.js";

/** Lists, saves, counts, writes out or deletes cohorts. */
export const run: RunCommand = async (invocation) => {
  const { options, args } = invocation;
  const definition = await definitionOf(options);
  const lake = await openLake(lakeFolder(options, invocation));
  try {
    return await work(lake, args[0], definition, invocation);
  } finally {
    await lake.close();
  }
};

async function work(
  lake: Lake,
  name: string | undefined,
  definition: CohortDefinition | undefined,
  invocation: Invocation,
): Promise<CommandStatus> {
  const { options, stderr, env, signal } = invocation;
  if (name === undefined) {
    if (definition !== undefined || options.export !== undefined || options.delete) {
      throw new UsageError(
        "No cohort was named.",
        'Write its name first: ampframe cohort buyers --did "Buy".',
      );
    }
    return tell(await cohorts(lake), new Map(), invocation);
  }
  if ([definition !== undefined, options.export !== undefined, options.delete].filter(Boolean).length > 1) {
    throw new UsageError("A definition, --export and --delete do not go together.", "Give one of them.");
  }
  if (options.delete) {
    await deleteCohort(lake, name);
    if (!options.quiet) stderr.write(`${paintFor(stderr, env).green("✓")} cohort ${name} deleted\n`);
    return 0;
  }
  const told = {
    ...{ timeZone: options.timeZone, signal },
    identity: options.identity === undefined ? undefined : identityOf(options.identity),
  };
  if (definition !== undefined) {
    await saveCohort(lake, name, definition, { static: options.static, ...told });
  }
  const { rows, warnings } = await cohort(lake, { cohort: name }, told);
  warn(warnings, invocation);
  const ids = [...rows].map(({ amplitude_id }) => `${amplitude_id}\n`);
  if (options.export !== undefined) return exported(ids, options.export, invocation);
  const saved = (await cohorts(lake)).filter((one) => one.name === name);
  return tell(saved, new Map([[name, ids.length]]), invocation);
}

async function exported(
  ids: readonly string[],
  file: string,
  invocation: Invocation,
): Promise<CommandStatus> {
  const { options, stdout, stderr } = invocation;
  await putText(ids.join(""), file, invocation);
  if (file === "-") return 0;
  if (options.json) stdout.write(`${JSON.stringify({ file, users: ids.length })}\n`);
  else if (!options.quiet) stderr.write(`${counted(ids.length, "user")} written to ${file}\n`);
  return 0;
}

function tell(
  saved: readonly SavedCohort[],
  users: ReadonlyMap<string, number>,
  { options, stdout, stderr, env }: Invocation,
): CommandStatus {
  const found = saved.map(({ name, saved, definition, computed }) => ({
    ...{ name, saved, static: computed !== null },
    users: users.get(name) ?? computed?.ids.length ?? null,
    definition,
  }));
  if (options.json) {
    stdout.write(`${JSON.stringify({ cohorts: found })}\n`);
    return 0;
  }
  if (found.length === 0 && !options.quiet) stderr.write("No cohort is saved in the lake.\n");
  const paint = paintFor(stdout, env);
  for (const { name, static: isStatic, users, saved, definition } of found) {
    const size = users === null ? "" : `  ${counted(users, "user")}`;
    const kept = isStatic ? `  static, of ${saved.slice(0, 16)}Z` : "";
    stdout.write(`${paint.bold(name)}${size}${paint.dim(kept)}\n`);
    stdout.write(`  ${paint.dim(printableLine(JSON.stringify(definition)))}\n`);
  }
  return 0;
}

/** What the options define; undefined if they define nothing. Throws UsageError. */
async function definitionOf(options: CliOptions): Promise<CohortDefinition | undefined> {
  const { define, did, didNot, from, to, last } = options;
  const time = { from, to, last };
  const { atLeast, atMost, exactly, count } = options;
  const amount = { atLeast, atMost, exactly, count };
  const isGiven = (of: object): boolean => Object.values(of).some((value) => value !== undefined);
  const clauses: CohortDefinition[] = [
    ...(did === undefined ? [] : [{ did: parseEvent(did), ...defined(amount), ...defined(time) }]),
    ...(didNot === undefined ? [] : [{ didNot: parseEvent(didNot), ...defined(time) }]),
    ...(options.new ? [{ new: true as const, ...defined(time) }] : []),
  ];
  if (did === undefined && isGiven(amount)) {
    throw new UsageError("An amount was given without --did.", "Say of what: --did EVENT --at-least 3.");
  }
  if (clauses.length === 0 && isGiven(time)) {
    throw new UsageError("A time was given without --did, --did-not or --new.", "Say what users did then.");
  }
  if (define !== undefined && clauses.length > 0) {
    throw new UsageError("--define does not go with other clauses.", "Write them into the file.");
  }
  if (define !== undefined) return definitionIn(define);
  if (options.static && clauses.length === 0) {
    throw new UsageError(
      "--static was given without a definition.",
      "Give --define, --did, --did-not or --new.",
    );
  }
  return clauses.length > 1 ? { all: clauses } : clauses[0];
}

async function definitionIn(file: string): Promise<CohortDefinition> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`The definition in ${file} cannot be read: ${found}.`, "Name a file of JSON.", {
      cause,
    });
  }
}

function defined<T extends object>(of: T): Partial<T> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Partial<T>;
}
