import { SIDES } from "./sides.mjs";
import { isReached } from "./targets.mjs";

const MB = 1e6;

/**
 * A size as a Markdown table: medians, and how often ampframe's each is.
 *
 * @param {import("./inputs.mjs").Inputs} inputs
 * @param {import("./rounds.mjs").SizeResult} results
 */
export function sizeTable(inputs, results) {
  const ours = results.get("ampframe");
  const base = ours?.kind === "done" ? ours.median : undefined;
  const rows = SIDES.flatMap(({ id, name, does }) => {
    const result = results.get(id);
    if (!result) return [];
    if (result.kind === "stopped") return [[name, does, result.reason, "", "", "", "", ""]];
    const { runs, median, told } = result;
    return [
      [
        ...[name, does, seconds(median.seconds), spread(runs), seconds(median.cpuSeconds)],
        ...[megabytes(median.peakBytes), told.outputBytes === undefined ? "" : megabytes(told.outputBytes)],
        base ? (median.seconds / base.seconds).toFixed(2) : "",
      ],
    ];
  });
  const { size, lines, ndjsonBytes, archiveBytes, archiveCount, memberCount } = inputs;
  const facts = `${grouped(lines)} events, ${megabytes(ndjsonBytes)} MB of JSON, ${megabytes(archiveBytes)} MB in ${archiveCount} archives of ${memberCount} members`;
  const heads = ["side", "does", "wall s", "min–max", "CPU s", "peak MB", "out MB", "wall / ampframe's"];
  return `### ${size}: ${facts}\n\n${markdown(heads, rows, 2)}`;
}

/**
 * @param {string} size
 * @param {import("./pull.mjs").PullResult} result
 */
export function pullTable(size, { load, pull }) {
  const rows = [
    { name: "load of the archives", costs: load },
    { name: "pull of the same over loopback", costs: pull },
  ].map(({ name, costs: { runs, median } }) => [
    ...[name, seconds(median.seconds), spread(runs), seconds(median.cpuSeconds), megabytes(median.peakBytes)],
    (median.seconds / load.median.seconds).toFixed(2),
  ]);
  const heads = ["", "wall s", "min–max", "CPU s", "peak MB", "wall / load's"];
  return `### pull, ${size}: median of ${pull.runs.length}\n\n${markdown(heads, rows, 1)}`;
}

/** @param {readonly import("./targets.mjs").Target[]} targets */
export function targetTable(targets) {
  const rows = targets.map((target) => {
    const { what, unit, figure, least, most, below, aim } = target;
    const reached = isReached(target);
    return [
      what,
      figure === undefined ? "not measured" : `${figure.toFixed(2)}${unit}`,
      least !== undefined
        ? `≥ ${least}${unit}`
        : most !== undefined
          ? `≤ ${most}${unit}`
          : `< ${below}${unit}`,
      aim === undefined ? "" : `${aim}${unit}`,
      reached === undefined ? "–" : reached ? "pass" : "MISS",
    ];
  });
  return `### To reach\n\n${markdown(["what", "measured", "must be", "aim", ""], rows, 1)}`;
}

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} rows
 * @param {number} texts how many columns, from the left, are text; the others are figures
 */
function markdown(heads, rows, texts) {
  const widths = heads.map((head, at) =>
    Math.max(3, head.length, ...rows.map((row) => (row[at] ?? "").length)),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${widths.map((width, at) => (at < texts ? (cells[at] ?? "").padEnd(width) : (cells[at] ?? "").padStart(width))).join(" | ")} |`;
  const rule = widths.map((width, at) => (at < texts ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(heads), line(rule), ...rows.map(line)].join("\n");
}

/** @param {readonly import("./measure.mjs").Cost[]} runs */
function spread(runs) {
  const all = runs.map((run) => run.seconds);
  return `${seconds(Math.min(...all))}–${seconds(Math.max(...all))}`;
}

/** @param {number} value */
function seconds(value) {
  return value.toFixed(2);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return grouped(Math.round(bytes / MB));
}

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString("en");
}
