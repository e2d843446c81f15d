import { type ColumnName, openLake } from "../../index.js";
import { bytes, counted, duration } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { type RowFormat, writeRows } from "../row-output.js";
import { warn } from "../warnings.js";

/** Writes a selection of events to a file, or to stdout. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, stderr, signal } = invocation;
  const { from, to, last, timeZone, events, columns, properties, where, format } = options;
  const lake = await openLake(lakeFolder(options, invocation));
  try {
    // Names of columns are checked by `frame`, which knows the nearest right one.
    const frame = lake.frame({
      from,
      to,
      last,
      timeZone,
      events,
      columns: columns as readonly ColumnName[] | undefined,
      properties: properties?.length === 1 && properties[0] === "all" ? "all" : properties,
      where,
    });
    warn(await frame.warnings({ signal }), invocation);
    const written = await writeRows(frame, format as RowFormat | undefined, invocation);
    const { file, rows, files, seconds } = written;
    if (options.json) (file === null ? stderr : stdout).write(`${JSON.stringify(written)}\n`);
    else if (!options.quiet && file !== null) {
      const many = options.partitionBy === undefined ? "" : `${counted(files, "file")} of `;
      const what = `${counted(rows, "event")}, ${bytes(written.bytes)} in ${many}${file}`;
      stderr.write(`${what} (${duration(seconds)})\n`);
    }
  } finally {
    await lake.close();
  }
  return 0;
};
