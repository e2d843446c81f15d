import { amplitudeEvents } from "../../index.js";
import { findCredentials } from "../credentials.js";
import { count, counted } from "../figures.js";
import type { RunCommand } from "../invocation.js";
import { printableLine } from "../printable.js";
import { putText } from "../text-file.js";

/** Prints the event types that Amplitude has marked inactive. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, stderr, signal } = invocation;
  const found = findCredentials(options, invocation);
  const data = await amplitudeEvents(found.credentials, {
    region: options.region ?? found.region,
    endpoint: options.endpoint,
    insecureHttp: options.insecureHttp,
    signal,
  });
  const inactive = data.filter((event) => event.inactive).map(({ name }) => name);
  const toTerminal = stdout.isTTY === true && options.output === undefined;
  const lines = inactive.map((name) => `${toTerminal ? printableLine(name) : name}\n`).join("");
  await putText(options.json ? `${JSON.stringify({ data })}\n` : lines, options.output, invocation);
  if (!options.quiet && !options.json) {
    stderr.write(`${count(inactive.length)} of ${counted(data.length, "event type")} marked inactive\n`);
  }
  return 0;
};
