import { type LakeStatus, type SourceStatus, status } from "../../index.js";
import { calendar } from "../calendar.js";
import { bytes, count, counted } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { type Paint, paintFor } from "../paint.js";
import { printableLine } from "../printable.js";

/** Prints the state of every upload hour as a calendar for each project, or as JSON. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, env } = invocation;
  const lake = lakeFolder(options, invocation);
  const found = await status({
    lake,
    ...(options.settle === undefined ? {} : { settleHours: options.settle }),
  });
  const text = options.json ? JSON.stringify(found) : statusText(found, lake, paintFor(stdout, env));
  stdout.write(`${text}\n`);
  return 0;
};

function statusText(found: LakeStatus, lake: string, paint: Paint): string {
  const { rows, files, bytes: size, version, quarantined } = found;
  const facts = [counted(rows, "event"), counted(files, "data file"), bytes(size), `version ${version}`];
  const aside = quarantined > 0 ? `\n${paint.yellow(`${counted(quarantined, "line")} in quarantine`)}` : "";
  const sources = found.sources.map((source) => sourceText(source, paint));
  const none = sources.length === 0 ? ["No project has left anything in it yet."] : sources;
  return [`${paint.bold(lake)}  ${paint.dim(facts.join(", "))}${aside}`, ...none].join("\n\n");
}

function sourceText(source: SourceStatus, paint: Paint): string {
  const head = `${paint.bold(printableLine(source.project))}  ${paint.dim(`${source.id}, ${count(source.rows)} events`)}`;
  const refused = source.hours
    .filter(({ state }) => state === "refused")
    .map(
      ({ hour, reason }) =>
        `  ${paint.red("refused")} ${hour}: ${printableLine(reason ?? "no reason was kept")}`,
    );
  const { oldestSettling: settling } = source;
  const final = settling
    ? [paint.dim(`  ${settling.hour} will be final at ${settling.settledAt.slice(0, 16)}Z`)]
    : [];
  return [
    head,
    ...(source.hours.length > 0 ? [calendar(source.hours, paint)] : []),
    ...refused,
    ...final,
  ].join("\n");
}
