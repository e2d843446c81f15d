import { PULL } from "./bring.js";
import type { CommandSpec } from "./command.js";
import { JSON_OUTPUT, PROFILE, QUIET } from "./options.js";

const CONNECTION = PULL.options
  .filter(({ flags }) => /^--(region|endpoint|insecure-http)\b/.test(flags))
  .map((option) => (option.choices ? { ...option, byDefault: "us" } : option));

/** Stores the keys of a project. */
export const LOGIN: CommandSpec = {
  name: "login",
  group: "Start here",
  summary: "ask for the two keys of a project, check them and store them",
  details: [
    "At a terminal it asks for both; the secret key is not shown. Otherwise it reads stdin: two lines, the API key and the " +
      "secret key, or AMPLITUDE_API_KEY=… and AMPLITUDE_SECRET_KEY=… as in an env file. Keys are never given as options.",
    "They are kept in the keyring of the operating system if the optional package @napi-rs/keyring is installed beside " +
      "ampframe and the keyring can be reached (macOS Keychain, Windows Credential Manager, Secret Service on Linux), " +
      "else in a file that only you can read: $XDG_CONFIG_HOME/ampframe/PROFILE.env, by default in ~/.config, on macOS in " +
      "~/Library/Application Support, on Windows in %APPDATA%. The region is stored with them, for `pull` without --region.",
    "The check is one request for an upload hour without events. `pull` and `verify --against` look for keys in the " +
      "environment, then in --env-file or ./.env, then in the keyring, then in that file; with --profile only in the last two.",
  ],
  arguments: [],
  options: [
    PROFILE,
    {
      flags: "--store <where>",
      meaning: "where to keep them",
      byDefault: "keyring where there is one, else file",
      choices: ["keyring", "file"],
    },
    { flags: "--no-check", meaning: "do not ask Amplitude whether it takes the keys" },
    ...CONNECTION,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe login", does: "at a terminal" },
    {
      line: "ampframe login --profile shop --region eu < keys.txt",
      does: "a second project, without a terminal",
    },
  ],
  json: {
    profile: "the name they are stored under",
    region: "where Amplitude keeps the project",
    stored: "keyring or file",
    file: "the path of the file; null if they are in the keyring",
    checked: "false with --no-check",
    source: "the project as sources are named in a lake, us-1a2b3c4d5e6f; null with --no-check",
  },
  load: () => import("../commands/login.js"),
};

/** Removes them. */
export const LOGOUT: CommandSpec = {
  name: "logout",
  group: "Start here",
  summary: "remove the keys that login stored on this machine",
  details: ["Amplitude goes on taking them: to withdraw keys, regenerate them there."],
  arguments: [],
  options: [PROFILE, JSON_OUTPUT, QUIET],
  examples: [{ line: "ampframe logout --profile shop", does: "forget the keys of one project" }],
  json: {
    profile: "the name they were stored under",
    removed: "where they were: a list of places, empty if none were stored",
  },
  load: () => import("../commands/logout.js"),
};
