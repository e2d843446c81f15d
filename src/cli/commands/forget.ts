import {
  type AmplitudeDeletions,
  amplitudeDeletions,
  type ForgetPlan,
  type ForgetReport,
  forget,
  type PersonIds,
  planForget,
  UsageError,
} from "../../index.js";
import { findCredentials } from "../credentials.js";
import { deletionsText, isNothingToDo } from "../deletions-text.js";
import { count, counted, duration } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { createMovingLine } from "../moving-line.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";
import { bothEnds } from "../range.js";
import { promotionWarning } from "../summary.js";
import { takeLines } from "../text-file.js";

/** Forgets persons. Exit status 1 if something may still hold their events, or the answer was not yes. */
export const run: RunCommand = async (invocation) => {
  const { options, stdin, stdout, stderr, env, signal } = invocation;
  const lake = lakeFolder(options, invocation);
  const ids = await idsOf(invocation);
  const mustAsk = !options.dryRun && !options.yes;
  const isNamed = options.fromAmplitude !== undefined || Object.values(ids).some((list) => list.length > 0);
  if (mustAsk && isNamed && stdin.isTTY !== true) {
    throw new UsageError(
      "Forgetting cannot be undone, and there is no terminal to ask at.",
      "See with --dry-run what would be removed, then give --yes.",
    );
  }
  // Asked once, so that what is removed is what was shown.
  const fromAmplitude = await deletionsOf(invocation);
  const whom = { lake, ...ids, fromAmplitude, signal };
  if (options.dryRun) {
    const plan = await planForget(whom);
    stdout.write(`${options.json ? JSON.stringify(plan) : planText(plan, paintFor(stdout, env))}\n`);
    return plan.refused.length > 0 ? 1 : 0;
  }
  const plan = mustAsk ? await planForget(whom) : undefined;
  if (plan && !isNothingToDo(plan)) {
    stderr.write(`${planText(plan, paintFor(stderr, env))}\n`);
    stderr.write("This cannot be undone. Type yes to go on: ");
    if ((await firstLine(invocation)) !== "yes") {
      stderr.write("Nothing was removed.\n");
      return 1;
    }
  }
  let done = { files: 0, of: 0 };
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(talk, invocation, () =>
    done.of === 0 ? "forget  looking for what to remove" : `forget  ${done.files}/${done.of} data files`,
  );
  const onProgress = (progress: typeof done): void => {
    done = progress;
    line.update();
  };
  const report = await forget({ ...whom, onProgress }, invocation.now).finally(line.end);
  if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!options.quiet) stderr.write(`${reportText(report, lake, paintFor(stderr, env))}\n`);
  warn(report, invocation);
  return report.refused.length > 0 ? 1 : 0;
};

/** What Amplitude says of its deletion jobs, if it is to be asked. */
async function deletionsOf(invocation: Invocation): Promise<AmplitudeDeletions | undefined> {
  const { options, redaction, signal } = invocation;
  const { fromAmplitude: days, region, endpoint, insecureHttp } = options;
  if (days === undefined) return undefined;
  let waits = "";
  const talk = { quiet: options.quiet === true || options.json === true };
  const line = createMovingLine(
    talk,
    invocation,
    () => `forget  asking Amplitude for its deletion jobs${waits}`,
  );
  const found = findCredentials(options, invocation);
  line.update();
  return amplitudeDeletions({
    credentials: found.credentials,
    ...{ region: region ?? found.region, endpoint, insecureHttp, signal },
    days: days === true ? undefined : bothEnds("--from-amplitude", days, "day"),
    onRetry({ reason, waitMs }) {
      const words = printableLine(redaction.clean(reason));
      waits = `; again in ${duration(waitMs / 1000)}: ${words}`;
      line.update();
    },
  }).finally(line.end);
}

const FIELDS = { user_id: "userIds", device_id: "deviceIds", amplitude_id: "amplitudeIds" } as const;

async function idsOf(invocation: Invocation): Promise<PersonIds> {
  const { options } = invocation;
  const ids = {
    userIds: [...(options.userId ?? [])],
    deviceIds: [...(options.deviceId ?? [])],
    amplitudeIds: [...(options.amplitudeId ?? [])],
  };
  for (const given of options.ids ?? []) {
    const [, field = "", file = ""] = /^([a-z_]+)=(.+)$/.exec(given) ?? [];
    const list = Object.entries(FIELDS).find(([name]) => name === field)?.[1];
    if (!list) {
      throw new UsageError(
        `--ids ${given} does not name a field and a file.`,
        "Write --ids user_id=people.txt, with user_id, device_id or amplitude_id; - is stdin.",
      );
    }
    ids[list].push(...(await takeLines(file, invocation)));
  }
  return ids;
}

async function firstLine({ stdin }: Invocation): Promise<string> {
  let text = "";
  for await (const piece of stdin) {
    text += Buffer.from(piece).toString("utf8");
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]!.trim().toLowerCase();
}

function planText(plan: ForgetPlan, paint: Paint): string {
  const { ids, rows, files, replaced, archives, quarantine, cohorts, refused } = plan;
  const lines = [
    ...deletionsText(plan.fromAmplitude, paint),
    paint.bold(
      isNothingToDo(plan)
        ? "Nothing to do"
        : `${counted(rows, "event")} of ${counted(ids, "id")} in ${counted(files.length, "data file")} to remove`,
    ),
    ...files.map(({ path, rows }) => `  ${path}  ${paint.dim(counted(rows, "event"))}`),
    ...replaced.map((path) => `  ${path}  ${paint.dim("of an older version, to delete")}`),
    ...archives.map((path) => `  ${printableLine(path)}  ${paint.dim("archive, to delete whole")}`),
    ...quarantine.map(
      ({ file, lines }) => `  ${file}  ${paint.dim(`${counted(lines, "line")} in quarantine`)}`,
    ),
    ...cohorts.map((name) => `  cohort ${name}  ${paint.dim("to take ids out of")}`),
  ];
  return [...lines, ...refused.map((refusal) => warning(refusal, paint))].join("\n");
}

function reportText(report: ForgetReport, lake: string, paint: Paint): string {
  const { ids, rows, files, replaced, archives, quarantine, cohorts, refused } = report;
  const asked = deletionsText(report.fromAmplitude, paint);
  const mark = refused.length > 0 ? paint.red("✗") : paint.green("✓");
  const lines = quarantine.reduce((sum, { lines }) => sum + lines, 0);
  const parts = [
    files.length > 0 ? `${counted(files.length, "data file")} written anew` : "",
    replaced.length > 0 ? `${counted(replaced.length, "file")} of older versions deleted` : "",
    archives.length > 0 ? `${counted(archives.length, "archive")} deleted` : "",
    lines > 0 ? `${count(lines)} of the quarantined lines removed` : "",
    cohorts.length > 0 ? `ids taken out of ${counted(cohorts.length, "cohort")}` : "",
    duration(report.seconds),
  ];
  const head = paint.bold(`${counted(rows, "event")} of ${counted(ids, "id")} removed`);
  const line = isNothingToDo(report)
    ? `${mark} ${paint.bold("Nothing to do")} in ${lake}  ${paint.dim(duration(report.seconds))}`
    : `${mark} ${head} from ${lake}  ${paint.dim(parts.filter(Boolean).join("; "))}`;
  return [...asked, line].join("\n");
}

function warn(report: ForgetReport, { stderr, env }: Invocation): void {
  const paint = paintFor(stderr, env);
  for (const refusal of report.refused) stderr.write(`${warning(refusal, paint)}\n`);
  for (const line of promotionWarning(report)) stderr.write(`${paint.yellow("warning:")} ${line}\n`);
}

function warning({ what, reason, wayOut }: ForgetReport["refused"][number], paint: Paint): string {
  return `${paint.yellow("warning:")} ${printableLine(`${what} may still hold such events: ${reason} ${wayOut}`)}`;
}
