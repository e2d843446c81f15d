import { parseArgs } from "node:util";
import { SIDES } from "./sides.mjs";
import { SIZES } from "./sizes.mjs";

const HELP = `npm run bench -- [options]

  --sizes LIST     of ${Object.keys(SIZES).join(", ")}; default all
  --only LIST      of ${SIDES.map(({ id }) => id).join(", ")}; default all
  --runs N         rounds of a size; default 3, for large 1
  --pulls N        rounds of pull against load, 0 for none; default 5
  --time-limit S   seconds after which a run is ended; default 300
  --memory-limit G gigabytes after which a run is ended; default four fifths of this machine's
  --json FILE      writes all figures there`;

/**
 * @typedef {object} Options
 * @property {readonly string[]} sizes
 * @property {readonly string[]} only
 * @property {number | undefined} runs
 * @property {number} pulls
 * @property {number} timeLimit in seconds
 * @property {number | undefined} memoryLimit in gigabytes (10^9)
 * @property {string | undefined} json
 */

/**
 * Reads the command line; ends the process after --help and after a wrong option.
 *
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  try {
    return parse(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Options}
 */
function parse(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string" },
      only: { type: "string" },
      runs: { type: "string" },
      pulls: { type: "string" },
      "time-limit": { type: "string" },
      "memory-limit": { type: "string" },
      json: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { runs, "memory-limit": memoryLimit } = values;
  return {
    sizes: listOf("--sizes", values.sizes, Object.keys(SIZES)),
    only: listOf(
      "--only",
      values.only,
      SIDES.map(({ id }) => id),
    ),
    runs: runs === undefined ? undefined : numberOf("--runs", runs, 1),
    pulls: numberOf("--pulls", values.pulls ?? "5", 0),
    timeLimit: numberOf("--time-limit", values["time-limit"] ?? "300", 1),
    memoryLimit: memoryLimit === undefined ? undefined : numberOf("--memory-limit", memoryLimit, 1),
    json: values.json,
  };
}

/**
 * @param {string} name
 * @param {string | undefined} text
 * @param {readonly string[]} known
 */
function listOf(name, text, known) {
  if (text === undefined) return known;
  const asked = text.split(",");
  const unknown = asked.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new RangeError(`${name}: "${unknown}" is none of ${known.join(", ")}.`);
  return known.filter((word) => asked.includes(word));
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} least
 */
function numberOf(name, text, least) {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new RangeError(`${name}: "${text}" is no whole number from ${least}.`);
}
