import { prepareToBring } from "../prepare-to-bring.js";
import type { CommandSpec } from "./command.js";
import {
  JSON_OUTPUT,
  LAKE,
  LIMIT,
  LOADING_ENGINE,
  LOG_FILE,
  MIN_FREE,
  NO_OPEN,
  PORT,
  PROFILE,
  PROJECT,
  QUIET,
  SETTLE,
  STRICT,
  wholeNumber,
} from "./options.js";

const TOTALS = {
  hours: "upload hours that were brought",
  members: "files inside the archives",
  lines: "lines of all members; lines = loaded + quarantined + blank",
  loaded: "events decoded, duplicates included",
  quarantined: "lines that could not be read and were set aside",
  blank: "empty lines",
  duplicates: "events whose uuid was there already; not kept again",
  forgotten: "events of persons who were forgotten; not kept",
  bytes: "bytes of archives as they came",
  seconds: "wall time",
} as const;

const REFUSED = "what was not brought: a list of {what, reason, wayOut}";

const PULLED = {
  ...TOTALS,
  range: "the upload hours that were in question: {from, to}, or null",
  empty: "hours that Amplitude has no events for",
  settling: "hours too young to be final; the next pull asks for them again",
  replaced:
    "hours that were brought again: a list of {hour, before, after, added, changed, gone, kept, uuids}; before and after " +
    "are rows, gone are events that this answer does not have, kept are those of them whose rows stay; uuids is " +
    "{added, changed, gone}, up to five each (--log-file gets all)",
  refused: REFUSED,
  requests: "requests made, retries included",
} as const;

/** Brings a week of a made-up product, without keys. */
export const DEMO: CommandSpec = {
  name: "demo",
  group: "Start here",
  summary: "see the whole job on a local stand-in of Amplitude, without keys",
  details: [
    "Starts a local Export API with a made-up shop behind it, pulls its last seven days into a lake as `pull` " +
      "would, shows the events, and says what to try next. The lake stays, so that every other command can be " +
      "tried on it. Nothing leaves this machine.",
    "With --explore it goes on as `ampframe explore` does until Ctrl-C; with --json the object then has the address, as there.",
  ],
  arguments: [],
  options: [
    { flags: "--explore", meaning: "open it in a browser, with example analyses; see `ampframe explore`" },
    PORT,
    NO_OPEN,
    { ...LAKE, meaning: "the folder of the demo's lake", byDefault: "./amplitude-demo" },
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe demo", does: "pull a made-up week into ./amplitude-demo and show it" },
    { line: "ampframe demo --explore", does: "and look at it in a browser" },
  ],
  json: { ...PULLED, lake: "the folder of the lake", events: "rows in the lake" },
  load: () => import("../commands/demo.js"),
};

/** Brings missing hours from the Export API. */
export const PULL: CommandSpec = {
  name: "pull",
  group: "Bring events in",
  summary: "bring the missing upload hours from Amplitude into the lake",
  details: [
    "Without a range, an empty lake gets the last seven days; otherwise every hour from the first that an earlier " +
      "pull was to bring to the last that is final. Hours that are held are never asked for again, so the same line can be run " +
      "every hour. Ctrl-C ends cleanly, and the next pull goes on.",
    "The keys come from AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY, else from --env-file or ./.env, else from what " +
      "`ampframe login` has stored; with --profile only from that. They are never given as options. Amplitude shows them " +
      "under Settings → Projects → the project → General.",
    "An hour that has begun less than three hours ago is settling: Amplitude may not have loaded all of it. --fresh " +
      "brings it all the same, and status goes on showing it as settling; once it is final, the next pull replaces it.",
    "--refresh replaces the rows of final hours, in one commit for each answer. If an answer is refused, the old rows " +
      "stay. So they do if it has no event at all for an hour that holds some, which may be a hiccup; the hour is then " +
      "asked for once more a day later. And so do events in whose favour another hour or a loaded file had its copy " +
      "dropped. All of this is told.",
    "--every stays until Ctrl-C or SIGTERM, which end it cleanly with status 0. Each round is a line on stderr, or with " +
      "--json an object on stdout: {round, at, seconds, ok, report, error, failures, next}. After a failure it waits a " +
      "minute, then longer; after refused keys half an hour, then longer. How things stand is always in " +
      "_ampframe/sync.json in the lake, for a monitor. Only one process at a time repeats on a lake; a second is told " +
      "which, and one that was killed is succeeded.",
    "With --dry-run, --json prints {source, range, windows, hours, settling, held}.",
    "A DATE is 2026-11-23, an HOUR is 2026-11-23T05; both ends are included, in UTC, and mean the upload hour.",
  ],
  arguments: [],
  options: [
    { flags: "--last <span>", meaning: "the latest final hours: 36h, 7d, 2w" },
    { flags: "--from <date|hour>", meaning: "first upload hour, UTC; a date means its hour 00" },
    { flags: "--to <date|hour>", meaning: "last upload hour, UTC, included; a date means its hour 23" },
    {
      flags: "--fresh",
      meaning: "also bring hours that have passed but may still grow, each time, until they are final",
    },
    {
      flags: "--refresh <from..to>",
      meaning: "ask anew for these upload hours, replace what is held, and show what changed, by uuid",
    },
    {
      flags: "--every <interval>",
      meaning: "stay and pull again: 30m, 1h, 6h, 1d; failures are told and tried again, never the end",
    },
    {
      flags: "--region <region>",
      meaning: "where Amplitude keeps the project",
      byDefault: "what login stored with the keys, else us",
      choices: ["us", "eu"],
    },
    PROJECT,
    {
      flags: "--concurrency <n>",
      meaning: "requests at once, 1 to 4",
      byDefault: "2",
      parse: wholeNumber(1, 4),
    },
    { flags: "--dry-run", meaning: "print the requests that would be made, and make none" },
    { flags: "--keep-archives", meaning: "keep the downloaded zips, under _ampframe/archives/ in the lake" },
    { ...MIN_FREE, byDefault: "256 MB and twice what the hours will take, by those so far" },
    LIMIT,
    SETTLE,
    {
      flags: "--env-file <file>",
      meaning: "a file with the two keys, readable by you only",
      completes: "file",
    },
    { ...PROFILE, byDefault: "default, where the environment and ./.env have no keys" },
    {
      flags: "--endpoint <url>",
      meaning: "another base URL than Amplitude's: a proxy or `ampframe emulator`",
    },
    { flags: "--insecure-http", meaning: "allow plain http to an endpoint that is not this machine" },
    STRICT,
    LOG_FILE,
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe pull", does: "everything that is missing" },
    { line: "ampframe pull --last 30d --region eu", does: "the last 30 days of a project in the EU" },
    {
      line: "ampframe pull --from 2026-11-01 --to 2026-11-23T05 --dry-run",
      does: "show what would be asked",
    },
    {
      line: "ampframe pull --every 1h --fresh",
      does: "stay, and keep the lake as new as Amplitude lets it be",
    },
    { line: "ampframe pull --refresh 2026-11-01..2026-11-07", does: "a week anew, and what changed in it" },
  ],
  json: PULLED,
  load: () => {
    prepareToBring();
    return import("../commands/pull.js");
  },
};

/** Brings files that were exported before. */
export const LOAD: CommandSpec = {
  name: "load",
  group: "Bring events in",
  summary: "bring exported files into the lake: zips, .json.gz, NDJSON, folders",
  details: [
    "Reads what the Export API, and the exports to S3, Google Cloud Storage and Azure write. A file is known by " +
      "its first bytes, not by its name. Loading the same bytes twice changes nothing.",
    "What Amplitude exports to a bucket is loaded where it lies: objects come one after the other to this machine and leave it " +
      "again. Addresses and credentials are those of a lake in a bucket; of Google's use its S3 endpoint.",
    "Hours that come from files count as `loaded`, not as `held`, since nobody promised that the files are all " +
      "there are. `--complete FROM..TO` is that promise, for the upload hours it names.",
    "A damaged file, or one that passes a limit, is refused whole, and the others are loaded. Only a line that is nested " +
      "too deep is quarantined by itself; `quarantine retry --limit nesting=N` loads it.",
    "With --engine spark the workers of a cluster decode and commit, each file by one of them: they must have ampframe, and reach " +
      "lake and files by the same paths or addresses, with credentials of their own.",
  ],
  arguments: [{ syntax: "[path...]", meaning: "files, folders, and s3://bucket/prefix; all below is read" }],
  options: [
    {
      flags: "--files-from <file>",
      meaning: "also load the paths that stand in this file, one a line; - is stdin",
      completes: "file",
    },
    {
      flags: "--complete <from..to>",
      meaning: "these files hold all events of these upload hours, so take the hours as held",
    },
    PROJECT,
    {
      ...MIN_FREE,
      byDefault: "256 MB, the size of zips and gzips, and an eighth of plain files, if not loaded before",
    },
    LIMIT,
    STRICT,
    LOG_FILE,
    ...LOADING_ENGINE,
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe load export.zip", does: "one archive" },
    {
      line: "ampframe load ~/exports --complete 2026-11-01..2026-11-07",
      does: "a folder that is a whole week",
    },
    { line: "ampframe load s3://acme-exports/amplitude/", does: "what Amplitude exported to S3" },
    {
      line: "ampframe load s3://acme-exports/amplitude/ --lake s3://acme/lake --engine spark",
      does: "the same, by the workers of a Spark cluster",
    },
  ],
  json: {
    ...TOTALS,
    alreadyLoaded: "files that the lake holds already, byte for byte",
    skipped: "files that hold no events: zero bytes, or markers",
    refused: REFUSED,
  },
  load: () => {
    prepareToBring();
    return import("../commands/load.js");
  },
};
