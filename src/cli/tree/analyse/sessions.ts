import type { CommandSpec } from "../command.js";
import { analyseCommand } from "./command.js";
import { GROUP_BY, interval } from "./options.js";
import { numbers } from "./values.js";

/** How many sessions, and how long. */
export const SESSIONS: CommandSpec = analyseCommand(
  {
    name: "sessions",
    summary: "how many sessions users have, and how long they are (User Sessions)",
    details: [
      "With --lengths: how many sessions of the whole range are how long; --interval does not go with it.",
    ],
    arguments: [],
    options: [
      interval("day"),
      { flags: "--lengths", meaning: "how many sessions are how long" },
      {
        flags: "--bins <seconds>",
        meaning: "with --lengths: where bins begin, and where the last one ends; commas between them",
        byDefault: "0,3,10,30,60,180,600,1800,3600,86400",
        parse: numbers,
      },
      {
        flags: "--length-from <what>",
        meaning: "from when a session's length counts",
        byDefault: "first-event",
        choices: ["first-event", "session_id"],
      },
      GROUP_BY,
    ],
    examples: [
      { line: "ampframe sessions --last 14d", does: "sessions of each day" },
      { line: "ampframe sessions --lengths --group-by platform", does: "how long they are" },
    ],
  },
  "sessions",
);
