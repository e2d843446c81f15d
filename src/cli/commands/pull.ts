import {
  type PullOptions,
  type PullPlan,
  type PullRound,
  planPull,
  pull,
  pullEvery,
  UsageError,
} from "../../index.js";
import { type FoundCredentials, findCredentials } from "../credentials.js";
import { counted } from "../figures.js";
import type { CommandStatus, Invocation, RunCommand } from "../invocation.js";
import { paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { rangeText } from "../progress-line.js";
import { pullOptionsOf } from "../pull-options.js";
import { reportedLake, statusOf, tell, withReporting } from "../reporting.js";
import { roundLine } from "../round-line.js";
import { pullLine, pullSummary, warnings } from "../summary.js";

/** Brings the missing hours. Exit status 1 if an hour was refused, 3 with `--strict` if lines were quarantined. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout } = invocation;
  const found = findCredentials(options, invocation);
  const pullOptions = pullOptionsOf(invocation, found);
  if (options.every !== undefined) return repeat(invocation, pullOptions, found, options.every);
  if (options.dryRun) {
    const plan = await planPull(pullOptions);
    stdout.write(options.json ? `${JSON.stringify(plan)}\n` : planText(plan));
    return 0;
  }
  const lake = reportedLake(pullOptions.lake);
  tellSource(invocation, found);
  const report = await withReporting(invocation, ({ onProgress, log }) => {
    log?.({ kind: "credentials", source: found.source });
    return pull({ ...pullOptions, onProgress, ...(log ? { log } : {}) });
  });
  tell(invocation, lake, report, { summary: pullSummary, line: pullLine });
  return statusOf(report, options, 1);
};

/** Pulls until Ctrl-C or SIGTERM, with a line for each round: on stderr, or with `--json` an object on stdout. */
async function repeat(
  invocation: Invocation,
  options: PullOptions,
  found: FoundCredentials,
  every: string,
): Promise<CommandStatus> {
  const { stdout, stderr, env, redaction } = invocation;
  const { json, quiet, dryRun } = invocation.options;
  if (dryRun) throw new UsageError("--dry-run was given together with --every.", "Give either.");
  const paint = paintFor(stderr, env);
  const onRound = (round: PullRound) => {
    if (json) stdout.write(`${JSON.stringify(round)}\n`);
    const line = printableLine(redaction.clean(roundLine(round)));
    if (!json && (!quiet || round.error)) stderr.write(`${round.ok ? line : paint.yellow(line)}\n`);
    const lines = round.report ? warnings(round.report, options.lake) : [];
    for (const warning of lines) stderr.write(`${paint.yellow("warning:")} ${warning}\n`);
  };
  const silent = { ...invocation, options: { ...invocation.options, quiet: true } };
  tellSource(invocation, found);
  await withReporting(silent, ({ log }) => {
    log?.({ kind: "credentials", source: found.source });
    return pullEvery({ ...options, every, onRound, ...(log ? { log } : {}) });
  });
  return 0;
}

/** Says at a terminal where the keys were found. */
function tellSource({ options, stderr, env }: Invocation, { source }: FoundCredentials): void {
  if (options.json || options.quiet || stderr.isTTY !== true) return;
  stderr.write(`${paintFor(stderr, env).dim(printableLine(`keys from ${source}`))}\n`);
}

function planText({ source, range, windows, hours, held, settling }: PullPlan): string {
  const rows = [
    `project   ${source.project} (${source.id})`,
    `range     ${range ? `${rangeText(range)} UTC` : "no hour of it has passed"}`,
    `held      ${counted(held, "hour")}`,
    `settling  ${counted(settling.length, "hour")}, too young to be final`,
    `missing   ${counted(hours, "hour")}`,
  ];
  const asked =
    windows.length === 0
      ? "No request would be made."
      : `${counted(windows.length, "request")} would be made:`;
  return `${rows.join("\n")}\n\n${[asked, ...windows.map((window) => `  ${rangeText(window)}`)].join("\n")}\n`;
}
