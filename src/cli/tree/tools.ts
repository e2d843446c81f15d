import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, list, repeated, wholeNumber } from "./options.js";

const ANY = Number.MAX_SAFE_INTEGER;

/** The local Export API. */
export const EMULATOR: CommandSpec = {
  name: "emulator",
  group: "Tools",
  summary: "run a local Export API with made-up events, and faults on demand",
  details: [
    "Answers as Amplitude's Export API does, on this machine only, until Ctrl-C. The events are a plausible shop; " +
      "the same seed gives the same events. With --truth or a --write option it serves nothing, but tells or " +
      "writes the same events.",
    "Faults: a status (503, 429:retry-after=2), too-large, html, json-error, empty, empty-zip, cut:at=middle, " +
      "slow:bytes-per-second=2000, stall:at=headers, delay:ms=5000, reset, gzip-crc, gzip-length, gzip-end, " +
      "zip-crc, redirect:to=URL. With any of them: times=N or times=forever, request=N, hour=2026-11-23T05, " +
      "hours-over=N. A wrong one is answered with the whole syntax.",
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
      byDefault: "7",
      parse: wholeNumber(1, 3650),
    },
    {
      flags: "--users <n>",
      meaning: "how many people use it",
      byDefault: "a quarter of --events-per-day",
      parse: wholeNumber(1, ANY),
    },
    {
      flags: "--events-per-day <n>",
      meaning: "events on a usual day",
      byDefault: "20000",
      parse: wholeNumber(1, ANY),
    },
    {
      flags: "--settle <hours>",
      meaning: "how old an hour must be, counted from its start, to be served",
      byDefault: "3",
      parse: wholeNumber(0, 168),
    },
    {
      flags: "--max-bytes <n>",
      meaning: "archives larger than this are answered with 400",
      byDefault: "4294967296, as Amplitude",
      parse: wholeNumber(1, ANY),
    },
    {
      flags: "--fault <fault>",
      meaning: "a fault to make, such as 429:retry-after=2,times=3; may be given several times",
      parse: repeated,
    },
    {
      flags: "--deletions <n>",
      meaning:
        "how many of its people stand in deletion jobs, for `forget --from-amplitude`: by thirds done, submitted, in staging",
      byDefault: "0",
      parse: wholeNumber(0, 1_000_000),
    },
    {
      flags: "--inactive <events>",
      meaning: "event types that it says are marked inactive, with commas between them, for `inactive`",
      parse: list,
    },
    {
      flags: "--replay <dir>",
      meaning: "serve the member files of this folder instead",
      completes: "folder",
    },
    { flags: "--truth", meaning: "print as JSON what is in the events, and end" },
    {
      flags: "--write-archives <dir>",
      meaning: "write an archive a day into this folder, and end",
      completes: "folder",
    },
    {
      flags: "--write-members <dir>",
      meaning: "write .json.gz files, as cloud exports have them, into this folder, and end",
      completes: "folder",
    },
    {
      flags: "--write-lake <dir>",
      meaning: "write the events straight into this lake, without archives, and end",
      completes: "folder",
    },
    JSON_OUTPUT,
  ],
  examples: [
    { line: "ampframe emulator --port 8080", does: "a shop on http://127.0.0.1:8080" },
    {
      line: "ampframe emulator --fault 429:retry-after=2,times=3 --fault cut:at=middle",
      does: "with faults",
    },
    {
      line: "ampframe emulator --write-lake big --days 90 --events-per-day 1000000",
      does: "90 million events to measure with",
    },
  ],
  json: {
    url: "base URL, for --endpoint; the object is printed once it can be reached",
    apiKey: "the API key it takes",
    secretKey: "the secret key it takes",
    projectId: "the project's number",
    hours: "upload hours that can be asked for now: {from, to}, or null",
  },
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
