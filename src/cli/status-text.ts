import type { LakeStatus, SourceStatus } from "../index.js";
import { calendar } from "./calendar.js";
import { bytes, count, counted } from "./figures.js";
import type { Paint } from "./paint.js";
import { printableLine } from "./printable.js";
import { rangeText } from "./progress-line.js";
import { syncLines } from "./sync-lines.js";

const MOST_LISTED = 10;

/** The state of a lake for a reader at a terminal: calendars, what is not as it should be, and the way out of it. */
export function statusText(found: LakeStatus, lake: string, paint: Paint): string {
  const { rows, files, bytes: size, version, quarantined } = found;
  const facts = [counted(rows, "event"), counted(files, "data file"), bytes(size), `version ${version}`];
  const aside = quarantined > 0 ? `\n${paint.yellow(`${counted(quarantined, "line")} in quarantine`)}` : "";
  const sources = found.sources.map((source) => sourceText(source, paint));
  const none = sources.length === 0 ? ["No project has left anything in it yet."] : sources;
  const foot = [diskLine(found, paint), ...syncLines(found.sync, paint)].join("\n");
  return [`${paint.bold(lake)}  ${paint.dim(facts.join(", "))}${aside}`, ...none, foot].join("\n\n");
}

function sourceText(source: SourceStatus, paint: Paint): string {
  const head = `${paint.bold(printableLine(source.project))}  ${paint.dim(`${source.id}, ${count(source.rows)} events`)}`;
  const lines = [
    ...(source.hours.length > 0 ? [calendar(source.hours, paint)] : []),
    ...gapLines(source, paint),
    ...refusedLines(source, paint),
    ...laterLines(source, paint),
  ];
  return [head, ...lines].join("\n");
}

function gapLines({ id, gaps }: SourceStatus, paint: Paint): string[] {
  if (gaps.length === 0 || id === "files") return [];
  const hours = gaps.reduce((sum, gap) => sum + gap.hours, 0);
  const listed = gaps.slice(0, MOST_LISTED).map((gap) => rangeText(gap));
  const more = gaps.length > MOST_LISTED ? ` and ${count(gaps.length - MOST_LISTED)} more` : "";
  const what = `${counted(hours, "hour")}: ${listed.join(", ")}${more}`;
  return [`  ${paint.red("missing")} ${what}`, paint.dim("    ampframe pull brings them")];
}

function refusedLines({ hours }: SourceStatus, paint: Paint): string[] {
  const refused = hours.filter(({ state }) => state === "refused");
  const lines = refused
    .slice(0, MOST_LISTED)
    .flatMap(({ hour, reason, wayOut }) => [
      `  ${paint.red("refused")} ${hour}: ${printableLine(reason ?? "no reason was kept")}`,
      ...(wayOut ? [paint.dim(`    ${printableLine(wayOut)}`)] : []),
    ]);
  const more = refused.length - MOST_LISTED;
  const again =
    refused.length > 0 ? [paint.dim("    ampframe pull --refresh FROM..TO asks for them again")] : [];
  return [...lines, ...(more > 0 ? [`  … and ${counted(more, "refused hour")} more`] : []), ...again];
}

function laterLines({ hours, oldestSettling }: SourceStatus, paint: Paint): string[] {
  const again = hours.filter(({ state, provisional }) => provisional && state !== "settling").length;
  return [
    ...(again > 0 ? [paint.dim(`  ${counted(again, "hour")} provisional: asked for once more`)] : []),
    ...(oldestSettling
      ? [paint.dim(`  ${oldestSettling.hour} will be final at ${oldestSettling.settledAt.slice(0, 16)}Z`)]
      : []),
  ];
}

function diskLine({ disk }: LakeStatus, paint: Paint): string {
  const parts = [
    `${bytes(disk.data)} of data`,
    disk.replaced > 0 ? `${bytes(disk.replaced)} in replaced files` : "",
    disk.archives > 0 ? `${bytes(disk.archives)} of archives` : "",
    disk.quarantine > 0 ? `${bytes(disk.quarantine)} of quarantine` : "",
    disk.derived > 0 ? `${bytes(disk.derived)} of promoted properties and profiles` : "",
    disk.staging > 0 ? `${bytes(disk.staging)} under way` : "",
    `${bytes(disk.log)} of log and accounts`,
    disk.free === null ? "" : `${bytes(disk.free)} free`,
  ];
  return paint.dim(`disk  ${parts.filter(Boolean).join(", ")}`);
}
