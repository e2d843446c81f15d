import { basename, resolve } from "node:path";
import { onWorkers } from "../engine/spark/on-workers.js";
import { openSpark, type SparkOptions } from "../engine/spark/spark.js";
import { UsageError } from "../errors/index.js";
import { packageVersion } from "../export-api/version.js";
import { isBucketUrl } from "../lake/store/bucket-url.js";
import { inputFiles } from "./input-files.js";
import { type LoadOptions, load } from "./load.js";
import { openOrCreateTable } from "./open-table.js";
import type { LoadReport } from "./report.js";
import { Tally } from "./totals.js";

/** What to load on a cluster, and where. */
export interface LoadOnSparkOptions
  extends Pick<LoadOptions, "lake" | "paths" | "project" | "complete" | "signal">,
    SparkOptions {
  /**
   * How a worker starts ampframe, of the version that asks, in a shell: `ampframe`, `/opt/node/bin/npx -y ampframe@0.1.0`.
   * Default `ampframe`.
   */
  readonly command?: string | undefined;
}

/** A task is given files until they have so many bytes: seconds of work, which a worker's death may cost. */
const MOST_TASK_BYTES = 64 * 2 ** 20;
/** A smaller task would take less time than ampframe takes to start. */
const LEAST_TASK_BYTES = 4 * 2 ** 20;
/** So many tasks are made where size allows, so that a cluster's cores have something to do. */
const TASKS = 16;

/**
 * Brings the events of files into the lake as `load` does, but decoded by the workers of a Spark cluster: Spark shares out the
 * files and runs a dead worker's part again, ampframe on each worker decodes and commits. So rows and accounts are the same.
 * Lake and files must be reached from each worker by the same path or address, with the worker's own credentials. Limits are the
 * defaults. `seconds` of the report are those of the whole.
 *
 * Throws UsageError (a path is not there, a worker cannot start ampframe, or has another version), LakeError, QueryError (the
 * cluster does not answer), CancelledError: then no worker begins a further task, and what was committed stays.
 */
export async function loadOnSpark(options: LoadOnSparkOptions): Promise<LoadReport> {
  const tally = new Tally();
  const { lake, project, complete, signal } = options;
  const files = await reachableFiles(options.paths);
  const table = await openOrCreateTable(lake);
  try {
    const before = table.snapshot.version;
    const reports = await loadThere(options, files.found);
    await table.refresh();
    const ours = new Set(files.found.map(({ key }) => key));
    const brought = new Set<string>();
    for await (const { account } of table.accounts(before)) {
      const keys = account.inputs.map(({ name, bytes }) => keyOf(name, bytes)).filter((key) => ours.has(key));
      if (account.operation !== "load" || keys.length === 0) continue;
      tally.add(account);
      for (const key of keys) brought.add(key);
    }
    const all = <Item>(list: (report: LoadReport) => readonly Item[]): Item[] => reports.flatMap(list);
    const refused = all((report) => report.refused);
    // What holds for all files is done once, here.
    const rest = await load({
      lake,
      paths: [],
      project,
      ...(refused.length > 0 ? {} : { complete }),
      signal,
    });
    const keys = new Map(files.found.map(({ address, key }) => [address, key]));
    return {
      ...rest,
      ...tally.totals(),
      // A worker that took over from a dead one finds that one's files loaded.
      alreadyLoaded: all((report) => report.alreadyLoaded).filter(
        (path) => !brought.has(keys.get(path) ?? path),
      ),
      skipped: [...files.others, ...all((report) => report.skipped)],
      refused,
    };
  } finally {
    await table.close();
  }
}

/** The reports of all tasks. */
async function loadThere(
  { lake, project, command = "ampframe", server, token, onProgress, signal }: LoadOnSparkOptions,
  files: readonly ReachableFile[],
): Promise<LoadReport[]> {
  if (files.length === 0) return [];
  const engine = await openSpark({ server, token, onProgress });
  try {
    const script = scriptOf(command, isBucketUrl(lake) ? lake : resolve(lake), project);
    const lines = await onWorkers(engine, script, tasksOf(files), { signal });
    return lines.map((line): LoadReport => JSON.parse(line));
  } finally {
    engine.close();
  }
}

/** A file, and by what it is found from anywhere. */
interface ReachableFile {
  readonly bytes: number;
  readonly address: string;
  /** By what it is known again in an account. */
  readonly key: string;
}

async function reachableFiles(paths: readonly string[]) {
  const found = new Map<string, ReachableFile>();
  const others: string[] = [];
  for (const path of paths) {
    const [, options] = isBucketUrl(path) ? path.split(/\?(.*)/s) : [];
    const listed = await inputFiles([path]);
    await listed.close();
    for (const { path: name, bytes } of listed.files) {
      const address = isBucketUrl(path)
        ? `${name}${options === undefined ? "" : `?${options}`}`
        : resolve(name);
      checkName(name, isBucketUrl(path));
      found.set(address, { bytes, address, key: keyOf(basename(name), bytes) });
    }
    others.push(...listed.others.map((other) => `${other} (not named as a file of events)`));
  }
  return { found: [...found.values()], others };
}

/** A task's files stand in lines and end at a control character, and an object's name before the options of its address. */
function checkName(path: string, isObject: boolean): void {
  if (!/\p{Cc}/u.test(path) && !(isObject && path.includes("?"))) return;
  throw new UsageError(
    `${JSON.stringify(path)} cannot be handed to a worker: its name has a control character, or a question mark.`,
    "Load it without --engine spark.",
  );
}

/** Files, one a line, for each task. */
function tasksOf(files: readonly ReachableFile[]): string[] {
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const enough = Math.min(Math.max(all / TASKS, LEAST_TASK_BYTES), MOST_TASK_BYTES);
  const tasks: string[][] = [];
  let filled = enough;
  for (const { address, bytes } of files) {
    if (filled >= enough) {
      tasks.push([]);
      filled = 0;
    }
    tasks.at(-1)!.push(address);
    filled += bytes;
  }
  return tasks.map((task) => task.join("\n"));
}

/** What a worker runs: `load` of the files that stand on its stdin. A refused file, status 3, is in the report. */
function scriptOf(command: string, lake: string, project: string | undefined): string {
  const version = packageVersion();
  const options = ["--lake", lake, ...(project === undefined ? [] : ["--project", project])];
  const other = `ampframe there is $there, and ${version} asked.\nInstall the same version on every worker.`;
  return [
    `there=$(${command} --version </dev/null) || exit`,
    `if [ "$there" != ${version} ]; then echo "${other}" >&2; exit 2; fi`,
    `${command} load --json --files-from - ${options.map(quoted).join(" ")}`,
    "status=$?; [ $status -eq 3 ] || exit $status",
  ].join("\n");
}

/** A word of a shell, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function keyOf(name: string, bytes: number): string {
  return `${name} ${bytes}`;
}
