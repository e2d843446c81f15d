import { status } from "../../index.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";
import { statusText } from "../status-text.js";

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
