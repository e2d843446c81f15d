import { join } from "node:path";
import { benchFile, CLI } from "./paths.mjs";
import { lastObject, runPlain } from "./run-plain.mjs";

/**
 * What a side works with: the inputs, a folder of its own that is empty at the start, and the interpreter.
 *
 * @typedef {object} Place
 * @property {import("./inputs.mjs").Inputs} inputs
 * @property {string} work
 * @property {string} python
 *
 * What a side has told of its result. `values` are all fields of all rows that are not null.
 * @typedef {{ readonly rows: number, readonly values?: number, readonly outputBytes?: number }} Told
 *
 * One way to bring the events in, run as a process of its own.
 * @typedef {object} Side
 * @property {string} id
 * @property {string} name
 * @property {string} does from what to what
 * @property {(place: Place) => readonly string[]} command
 * @property {(stdout: string, place: Place) => Promise<Told>} told throws if its rows are not all
 */

/**
 * All rows, each copy of an event that was sent twice included: only ampframe drops those.
 *
 * @type {Side["told"]}
 */
async function allLines(stdout, { inputs }) {
  const told = lastObject(stdout);
  if (told.rows !== inputs.lines)
    throw new Error(`${told.rows} rows, but ${inputs.lines} lines were written.`);
  return told;
}

/**
 * What ampframe says of its load or pull, and what a reader that is not ampframe finds in the lake.
 *
 * @param {string} stdout
 * @param {Place} place
 * @returns {Promise<Told>}
 */
export async function wholeLake(stdout, { inputs, work, python }) {
  const report = lastObject(stdout);
  const lake = lastObject(await runPlain(python, [benchFile("lake_rows.py"), join(work, "lake")]));
  const expected = {
    lines: inputs.lines,
    loaded: inputs.lines,
    quarantined: 0,
    duplicates: inputs.lines - inputs.events,
    rows: inputs.events,
    uuids: inputs.events,
  };
  const found = { ...report, ...lake };
  for (const [name, figure] of Object.entries(expected)) {
    if (found[name] !== figure) throw new Error(`${found[name]} ${name}, but ${figure} are true.`);
  }
  return { rows: lake.rows, outputBytes: lake.outputBytes };
}

/** @type {readonly Side[]} */
export const SIDES = [
  {
    id: "pandas",
    name: "pandas script",
    does: "zips → DataFrame in memory",
    command: ({ python, inputs, work }) => [
      ...[python, benchFile("sides/pandas_script.py"), inputs.archives, work],
    ],
    told: allLines,
  },
  {
    id: "duckdb",
    name: "DuckDB read_json",
    does: "members → zstd Parquet",
    command: ({ python, inputs, work }) => [
      ...[python, benchFile("sides/duckdb_parquet.py"), inputs.members, inputs.fields, work],
    ],
    told: allLines,
  },
  {
    id: "polars",
    name: "polars",
    does: "members → DataFrame in memory",
    command: ({ python, inputs }) => [
      ...[python, benchFile("sides/polars_frame.py"), inputs.members, inputs.fields],
    ],
    told: allLines,
  },
  {
    id: "ampframe",
    name: "ampframe load",
    does: "zips → queryable lake, verified, committed",
    command: ({ inputs, work }) => [
      ...[process.execPath, CLI, "load", inputs.archives, "--lake", join(work, "lake"), "--json", "--quiet"],
    ],
    told: wholeLake,
  },
  {
    id: "floor-decoder",
    name: "floor: our decoder, all cores",
    does: "members → nothing kept",
    command: ({ inputs }) => [process.execPath, benchFile("sides/floor-decoder.mjs"), inputs.members],
    told: allLines,
  },
  {
    id: "floor-duckdb",
    name: "floor: DuckDB, all cores",
    does: "members → nothing kept",
    command: ({ python, inputs }) => [
      ...[python, benchFile("sides/floor_duckdb.py"), inputs.members, inputs.fields],
    ],
    told: allLines,
  },
];
