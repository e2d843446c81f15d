import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, QUIET } from "./options.js";

/** Properties as columns on the disk. */
export const PROMOTE: CommandSpec = {
  name: "promote",
  group: "Look after the lake",
  summary: "keep properties as typed columns on the disk, for quick questions; list those that are kept so",
  details: [
    "For each data file a second one is written under `_ampframe/promoted/`, with most of its columns and the named " +
      "properties as columns of their own. Frames with such properties read those files, and `ampframe sql` has them as " +
      "the table `promoted`. The answers stay the same, the table stays as it is, and other engines notice nothing.",
    "`pull`, `load`, `compact` and `forget` write the files of new data by themselves. Without a name, `promote` reads all " +
      "of them, writes those anew that are missing or damaged, and lists what is promoted. `forget` deletes a person's rows there too.",
    "A name is as in `frame({ properties })`: `price`, `user_properties.plan`, `address.city`.",
  ],
  arguments: [{ syntax: "[property...]", meaning: "properties to promote" }],
  options: [
    { flags: "--drop", meaning: "the named properties shall no longer be promoted" },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe promote price user_properties.plan", does: "make questions about them quick" },
    { line: 'ampframe sql "SELECT avg(price) FROM promoted"', does: "ask one" },
    { line: "ampframe promote --drop price", does: "take it back" },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    properties: "those that are promoted and occur: a list of {property, type}",
    files: "data files of the lake",
    dataBytes: "their bytes",
    bytes: "bytes of the files with the promoted properties",
    written: "files that were written now",
    seconds: "wall time",
  },
  load: () => import("../commands/promote.js"),
};
