import type { CommandSpec } from "./command.js";
import { repeated, wholeNumber } from "./options.js";

const ANY = Number.MAX_SAFE_INTEGER;

/** The local Export API. */
export const EMULATOR: CommandSpec = {
  name: "emulator",
  group: "Tools",
  summary: "run a local Export API with made-up events, and faults on demand",
  details: [
    "Answers as Amplitude's Export API does, on this machine only, until Ctrl-C. The events are a plausible shop; " +
      "the same seed gives the same events.",
  ],
  arguments: [],
  options: [
    {
      flags: "--port <n>",
      meaning: "the port; 0 takes a free one",
      byDefault: "0",
      parse: wholeNumber(0, 65_535),
    },
    {
      flags: "--seed <n>",
      meaning: "which made-up product",
      byDefault: "1",
      parse: wholeNumber(0, 2 ** 32 - 1),
    },
    {
      flags: "--days <n>",
      meaning: "days of history up to now",
      byDefault: "30",
      parse: wholeNumber(1, 3650),
    },
    { flags: "--users <n>", meaning: "how many people use it", parse: wholeNumber(1, ANY) },
    { flags: "--events-per-day <n>", meaning: "events on a usual day", parse: wholeNumber(1, ANY) },
    {
      flags: "--settle <hours>",
      meaning: "how old an hour must be, counted from its start, to be served",
      byDefault: "3",
      parse: wholeNumber(0, 168),
    },
    {
      flags: "--max-bytes <n>",
      meaning: "archives larger than this are answered with 400, as Amplitude does above 4 GB",
      parse: wholeNumber(1, ANY),
    },
    {
      flags: "--fault <fault>",
      meaning: "a fault to make; may be given several times",
      parse: repeated,
    },
    {
      flags: "--replay <dir>",
      meaning: "serve the member files of this folder instead",
      completes: "folder",
    },
  ],
  examples: [{ line: "ampframe emulator --port 8080", does: "a shop on http://127.0.0.1:8080" }],
  load: () => import("../commands/emulator.js"),
};

/** Scripts for shells. */
export const COMPLETION: CommandSpec = {
  name: "completion",
  group: "Tools",
  summary: "print a script that completes commands and options in your shell",
  details: [],
  arguments: [{ syntax: "<shell>", meaning: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
  options: [],
  examples: [
    { line: 'eval "$(ampframe completion bash)"', does: "in ~/.bashrc" },
    { line: 'eval "$(ampframe completion zsh)"', does: "in ~/.zshrc, after compinit" },
    { line: "ampframe completion fish | source", does: "in ~/.config/fish/config.fish" },
  ],
  load: () => import("../commands/completion.js"),
};
