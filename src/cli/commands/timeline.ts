import { openLake, UsageError } from "../../index.js";
import { counted } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { lakeFolder } from "../lake-folder.js";
import { paintFor } from "../paint.js";
import { timelineText } from "../timeline-text.js";
import { warn } from "../warnings.js";

/** What is told of an event. */
const COLUMNS = [
  ...(["event_time", "event_type", "amplitude_id", "user_id", "device_id", "session_id"] as const),
  ...(["platform", "country", "event_properties"] as const),
];
const MOST = 1_000;

/** Prints the events of one user in order, by session. A user is a `user_id`, or else digits that are an `amplitude_id`. */
export const run: RunCommand = async (invocation) => {
  const { options, args, stdout, stderr, env, signal } = invocation;
  const [user = ""] = args;
  const { from, to, last, timeZone, events, rows: most = MOST } = options;
  const lake = await openLake(lakeFolder(options, invocation));
  try {
    const frame = lake.frame({ from, to, last, timeZone, events, columns: COLUMNS });
    const read = async (who: string | bigint) => [...(await frame.timeline(who).head(most + 1, { signal }))];
    const named = await read(user);
    const found = named.length > 0 || !/^\d{1,18}$/.test(user) ? named : await read(BigInt(user));
    const shown = found.slice(0, most);
    const more = found.length > most;
    if (options.json) {
      const written = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
      stdout.write(`${JSON.stringify({ user, more, events: shown }, written)}\n`);
      return 0;
    }
    if (shown.length === 0) {
      warn(await frame.warnings({ signal }), invocation);
      const isPart = [from, to, last, events].some((option) => option !== undefined);
      throw new UsageError(
        `There is no event of ${user}${isPart ? " in what was asked" : " in the lake"}.`,
        "Give a user_id as it stands in the events, or an amplitude_id.",
      );
    }
    const width = stdout.isTTY === true ? (stdout.columns ?? 80) : 100;
    stdout.write(timelineText(shown, { width, timeZone: timeZone ?? "UTC", paint: paintFor(stdout, env) }));
    if (more)
      stderr.write(
        `These are the first ${counted(most, "event")}, and there are more: give --from, or more --rows.\n`,
      );
    return 0;
  } finally {
    await lake.close();
  }
};
