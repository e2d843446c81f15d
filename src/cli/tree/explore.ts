import { PULL } from "./bring.js";
import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, LAKE, NO_OPEN, PORT } from "./options.js";

/** What the page's button to pull goes by. */
const CONNECTION = PULL.options.filter(({ flags }) =>
  /^--(region|endpoint|env-file|profile|insecure-http)\b/.test(flags),
);

/** The explorer in a browser. */
export const EXPLORE: CommandSpec = {
  name: "explore",
  group: "Use the events",
  summary: "open the lake in a browser and look",
  details: [
    "Serves a page on 127.0.0.1, reached from this machine only, until Ctrl-C, and opens it in your browser. The address " +
      "has a token in it that lets one browser in, once. Nothing leaves this machine; only the button that pulls asks " +
      "Amplitude, with keys as for `pull`.",
  ],
  arguments: [],
  options: [PORT, NO_OPEN, ...CONNECTION, LAKE, JSON_OUTPUT],
  examples: [
    { line: "ampframe explore", does: "the lake in ./amplitude" },
    { line: "ampframe explore --port 8090 --no-open", does: "a fixed port, for a browser of your choice" },
  ],
  json: { url: "the address that lets a browser in, once; the object is printed once it can be reached" },
  load: () => import("../commands/explore.js"),
};
