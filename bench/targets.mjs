/**
 * All that was measured.
 *
 * @typedef {object} Figures
 * @property {ReadonlyMap<string, { inputs: import("./inputs.mjs").Inputs,
 *   results: import("./rounds.mjs").SizeResult }>} sizes by name
 * @property {import("./pull.mjs").PullResult | undefined} pull
 * @property {number} helpSeconds
 * @property {number} productionBytes
 *
 * A thing that ampframe must reach: `figure` is undefined where it was not measured.
 * @typedef {object} Target
 * @property {string} what
 * @property {string} unit
 * @property {number | undefined} figure
 * @property {number} [least]
 * @property {number} [most]
 * @property {number} [below]
 * @property {number} [aim]
 */

/**
 * @param {Figures} figures
 * @returns {readonly Target[]}
 */
export function targetsOf(figures) {
  const load = costOf(figures, "middle", "ampframe");
  const pandas = costOf(figures, "middle", "pandas");
  const duckdb = costOf(figures, "middle", "duckdb");
  const floor = floorOf(figures, "middle");
  const large = costOf(figures, "large", "ampframe");
  const { pull } = figures;
  return [
    {
      what: "middle: the pandas script's wall time over load's",
      unit: "×",
      figure: over(pandas?.seconds, load?.seconds),
      least: 18,
      aim: 25,
    },
    {
      what: "middle: load's peak memory over the pandas script's",
      unit: "×",
      figure: over(load?.peakBytes, pandas?.peakBytes),
      most: 0.2,
    },
    {
      what: "middle: load's wall time over the floor's, the faster of the two",
      unit: "×",
      figure: over(load?.seconds, floor?.seconds),
      most: 2,
      aim: 1.5,
    },
    {
      what: "middle: load's wall time over DuckDB read_json's",
      unit: "×",
      figure: over(load?.seconds, duckdb?.seconds),
      below: 1,
    },
    {
      what: "load's peak memory, large over middle",
      unit: "×",
      figure: over(large?.peakBytes, load?.peakBytes),
      most: 1.15,
    },
    {
      what: "load's wall time per event, large over middle (constant, with 10 % for noise)",
      unit: "×",
      figure: over(perEvent(figures, "large"), perEvent(figures, "middle")),
      most: 1.1,
    },
    {
      what: "pull over loopback, wall time over load's of the same archives",
      unit: "×",
      figure: over(pull?.pull.median.seconds, pull?.load.median.seconds),
      most: 1.15,
    },
    { what: "ampframe --help", unit: " ms", figure: figures.helpSeconds * 1000, below: 150 },
    {
      what: "production dependencies, installed",
      unit: " MB",
      figure: figures.productionBytes / 1e6,
      below: 150,
    },
  ];
}

/**
 * Whether a target is reached; undefined where it was not measured.
 *
 * @param {Target} target
 * @returns {boolean | undefined}
 */
export function isReached({ figure, least, most, below }) {
  if (figure === undefined) return undefined;
  return (
    (least === undefined || figure >= least) &&
    (most === undefined || figure <= most) &&
    (below === undefined || figure < below)
  );
}

/**
 * @param {Figures} figures
 * @param {string} size
 * @param {string} side
 */
function costOf(figures, size, side) {
  const result = figures.sizes.get(size)?.results.get(side);
  return result?.kind === "done" ? result.median : undefined;
}

/**
 * The faster of the two floors; undefined unless both were measured.
 *
 * @param {Figures} figures
 * @param {string} size
 */
function floorOf(figures, size) {
  const ours = costOf(figures, size, "floor-decoder");
  const duckdb = costOf(figures, size, "floor-duckdb");
  if (!ours || !duckdb) return undefined;
  return ours.seconds < duckdb.seconds ? ours : duckdb;
}

/**
 * @param {Figures} figures
 * @param {string} size
 */
function perEvent(figures, size) {
  return over(costOf(figures, size, "ampframe")?.seconds, figures.sizes.get(size)?.inputs.lines);
}

/**
 * @param {number | undefined} a
 * @param {number | undefined} b
 */
function over(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}
