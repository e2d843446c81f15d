import { PULL } from "./bring.js";
import type { CommandSpec } from "./command.js";
import { ENGINE, JSON_OUTPUT, LAKE, LIMIT, list, QUIET, SETTLE, wholeNumber } from "./options.js";

/** The state of every hour. */
export const STATUS: CommandSpec = {
  name: "status",
  group: "See and prove what is there",
  summary: "the state of every upload hour, as a calendar",
  details: [
    "A row is a day of `server_upload_time`, a cell an hour, in UTC. Below it stand gaps, refused hours with reason and " +
      "way out, hours that are asked for once more, and when the next hour is final; then what the lake takes of the " +
      "disk, and how `pull --every` goes, if it runs.",
  ],
  arguments: [],
  options: [SETTLE, LAKE, JSON_OUTPUT],
  examples: [{ line: "ampframe status", does: "what is held, empty, settling, refused or missing" }],
  json: {
    lake: "the folder of the lake, absolute",
    version: "version of the Delta table",
    rows: "events in the lake",
    files: "data files",
    bytes: "their bytes",
    quarantined: "lines in quarantine",
    sources:
      "a list of projects: {id, project, range, hours, counts, gaps, provisional, oldestSettling, rows}; each of hours " +
      "is {hour, state, rows, provisional, reason, wayOut}, with state missing, settling, empty, held, loaded or " +
      "refused; each of gaps is {from, to, hours}; oldestSettling is {hour, settledAt}",
    disk: "bytes on the disk: {data, replaced, archives, quarantine, derived, log, staging, free}",
    sync: "what _ampframe/sync.json says of `pull --every`, and process: alive, dead or unknown; null if it never ran here",
  },
  load: () => import("../commands/status.js"),
};

/** One user. */
export const TIMELINE: CommandSpec = {
  name: "timeline",
  group: "Use the events",
  summary: "what one user did, in order and by session (User Timeline)",
  details: [
    "A session is the user's events with one session_id; behind each event stands the time since the one before, then its " +
      "properties. A user who logged in late has events without a user_id: they are under the amplitude_id.",
  ],
  arguments: [{ syntax: "<user>", meaning: "a user_id; digits that are none are an amplitude_id" }],
  options: [
    { flags: "--from <date|time>", meaning: "first day or moment of event_time, in --time-zone" },
    { flags: "--to <date|time>", meaning: "last day or moment of event_time, included" },
    { flags: "--last <duration>", meaning: "the hours, days or weeks that end now: 24h, 30d, 8w" },
    { flags: "--time-zone <name>", meaning: "of the times that are given and shown", byDefault: "UTC" },
    { flags: "--events <names>", meaning: "only these event types; commas between them", parse: list },
    {
      flags: "--rows <n>",
      meaning: "at most so many events, from the first",
      byDefault: "1000",
      parse: wholeNumber(1, 1_000_000),
    },
    LAKE,
    JSON_OUTPUT,
  ],
  examples: [
    { line: "ampframe timeline ann@example.com --last 7d", does: "by user_id" },
    { line: "ampframe timeline 1263001880853 --time-zone Europe/Berlin", does: "by amplitude_id" },
  ],
  json: {
    user: "as given",
    more: "true if there are more events than --rows",
    events:
      "a list of {session, session_start, gap, event_time, event_type, amplitude_id, user_id, device_id, session_id, platform, " +
      "country, event_properties}: gap in seconds, ids as texts, times in UTC",
  },
  load: () => import("../commands/timeline.js"),
};

/** The options by which pull reaches Amplitude; `--endpoint` is the value of `--against`. */
const CONNECTION = PULL.options.filter(({ flags }) =>
  /^--(region|env-file|profile|insecure-http)\b/.test(flags),
);

/** The proof of the lake. */
export const VERIFY: CommandSpec = {
  name: "verify",
  group: "See and prove what is there",
  summary: "prove that nothing is lost, doubled or altered",
  details: [
    "Reads every byte of the lake again and holds the log, the accounts, the data files, the quarantine and the kept " +
      "archives against each other: sizes, hashes, the rows of every hour, one row a uuid. Names what does not hold " +
      "and the upload hours that it puts in doubt. Exit status 3 if anything does not hold.",
    "--deep also reads every value of every row, hashes every uuid, and decodes kept archives again to compare their " +
      "events with the rows. --against exports some held hours again, with keys as for `pull`, and compares them: it " +
      "names the events that are missing, gone or changed. Nothing in the lake is changed.",
  ],
  arguments: [],
  options: [
    {
      flags: "--deep",
      meaning: "read every value, hash every uuid, compare with the kept archives row by row",
    },
    {
      flags: "--against [url]",
      meaning: "export a sample of held hours again from Amplitude, or from this base URL, and compare",
    },
    {
      flags: "--sample <n>",
      meaning: "hours to export again with --against",
      byDefault: "3",
      parse: wholeNumber(1, 10_000),
    },
    {
      flags: "--seed <n>",
      meaning: "chooses the hours of --against; the same number chooses the same hours",
      byDefault: "another each time",
      parse: wholeNumber(0, 4_294_967_295),
    },
    ...CONNECTION,
    { ...LIMIT, meaning: "as for `pull`, with --deep and --against, which decode again; may be repeated" },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe verify", does: "check the whole lake" },
    { line: "ampframe verify --deep", does: "and every value in it" },
    { line: "ampframe verify --against --sample 12", does: "and twelve hours against Amplitude" },
  ],
  json: {
    lake: "the folder of the lake, absolute",
    version: "the version that was proven",
    ok: "true if there is no fault",
    accounts: "accounts that were checked",
    files: "data files that were read",
    rewritten: "of these, files that another program wrote: rows counted, values not proven",
    archives: "kept archives that were held against their accounts",
    hours: "upload hours with rows",
    rows: "rows that were counted",
    bytes: "bytes of the data files",
    faults: "what is not as the accounts say: a list of {what, found, expected}",
    doubtful: "upload hours whose rows the faults put in doubt",
    deep:
      "null without --deep; else {rows, distinct, fingerprint, compared}: uuids, different ones, a hash of the set of " +
      "them that does not change when rows move, and rows that were compared with kept archives",
    against:
      "null without --against; else {seed, hours, rows, refused}: the hours that were exported again, their rows, and " +
      "what could not be had",
    seconds: "wall time",
  },
  load: () => import("../commands/verify.js"),
};

/** Ask by SQL. */
export const SQL: CommandSpec = {
  name: "sql",
  group: "Use the events",
  summary: "ask the lake in SQL; the table is `events`",
  details: [
    "DuckDB's SQL. Times are in UTC. Properties are JSON text: `(event_properties->>'plan') = 'pro'`, in " +
      "brackets, since AND binds stronger. The query is the argument, or comes from stdin; of several statements the " +
      "rows of the last one are written. It runs with your rights: it can read and write files of yours, such as " +
      "`FROM 'users.csv'`.",
    "Without a query a terminal gets a prompt: statements of many lines that end in `;`, Tab for names of columns, " +
      "functions, event types and properties, history, and commands such as `.mode json`; `.help` lists them.",
    "With --engine spark the SQL is Spark's and runs on the cluster, with `events` as a view of the lake; there is no prompt. " +
      "See docs/spark.md.",
  ],
  arguments: [{ syntax: "[query]", meaning: "the query; from stdin, or at a prompt, if it is not given" }],
  options: [
    {
      flags: "--format <format>",
      meaning: "how the rows are written; json is one list of objects, ndjson one object a line",
      byDefault: "table, or by the ending of --output",
      choices: ["table", "json", "ndjson", "csv", "parquet", "arrow", "xlsx", "duckdb", "sqlite"],
    },
    { flags: "-o, --output <file>", meaning: "write to a file, replaced if it exists", completes: "file" },
    LAKE,
    ...ENGINE,
    JSON_OUTPUT,
  ],
  examples: [
    {
      line: 'ampframe sql "SELECT event_type, count(*) FROM events GROUP BY ALL ORDER BY 2 DESC"',
      does: "events by type",
    },
    { line: "ampframe sql", does: "a prompt" },
    { line: "ampframe sql --format csv < query.sql > answer.csv", does: "a query from a file, as CSV" },
  ],
  json: {
    columns: "names of the columns, in order",
    rows: "a list of objects, one a row; whole numbers have all their digits, times are texts in UTC",
    rowCount: "number of rows; with --output instead of these {file, format, rows, bytes, files, seconds}",
  },
  load: () => import("../commands/sql.js"),
};

/** A selection of events as a file. */
export const EXPORT: CommandSpec = {
  name: "export",
  group: "Use the events",
  summary: "write a selection of events to a file: parquet, csv, ndjson, Excel, DuckDB, SQLite",
  details: [
    "--from, --to and --last mean `event_time` here, both ends included: when it happened.",
    "The ending of the file's name says the format: .parquet, .csv, .ndjson, .json (the text ones also with .gz), .arrow, " +
      ".xlsx, .duckdb, .sqlite or .db. Three need a package of their own, which the message names if it is missing.",
    "With --partition-by the output is a folder: in it a folder such as `event_type=View` for each value, as Spark, " +
      "pandas and DuckDB read it. A file or folder appears whole or not at all.",
  ],
  arguments: [],
  options: [
    {
      flags: "-o, --output <file>",
      meaning: "the file to write, replaced if it exists; - is stdout",
      completes: "file",
    },
    {
      flags: "--format <format>",
      meaning: "how the rows are written",
      byDefault: "by the ending of --output",
      choices: ["parquet", "csv", "ndjson", "json", "arrow", "xlsx", "duckdb", "sqlite"],
    },
    {
      flags: "--partition-by <names>",
      meaning:
        "write a folder, with one in it for each value of these columns; day and month are those of event_time",
      parse: list,
    },
    { flags: "--from <date|hour>", meaning: "first day or hour of event_time" },
    { flags: "--to <date|hour>", meaning: "last day or hour of event_time, included" },
    {
      flags: "--last <duration>",
      meaning: "the hours, days or weeks of event_time that end now: 24h, 7d, 4w",
    },
    {
      flags: "--time-zone <name>",
      meaning: "the time zone of --from and --to, such as Europe/Berlin; times in the file stay UTC",
      byDefault: "UTC",
    },
    { flags: "--events <names>", meaning: "only these event types; commas between them", parse: list },
    {
      flags: "--columns <names>",
      meaning: "only these columns; commas between them",
      byDefault: "all",
      parse: list,
    },
    {
      flags: "--properties <names>",
      meaning:
        "these properties as columns after the others, typed by what is found: price,user_properties.plan; commas between " +
        "them; all for every one",
      parse: list,
    },
    { flags: "--where <condition>", meaning: "a condition in SQL on the columns and properties" },
    LAKE,
    JSON_OUTPUT,
    QUIET,
  ],
  examples: [
    { line: "ampframe export -o events.parquet", does: "everything, for pandas, polars, R or DuckDB" },
    {
      line: "ampframe export -o week.csv --from 2026-11-16 --to 2026-11-22 --columns event_time,event_type,user_id",
      does: "three columns of a week",
    },
    {
      line: 'ampframe export -o orders.csv --events "Order Completed" --columns event_time,user_id --properties currency,\\$revenue',
      does: "orders with two of their properties",
    },
    { line: "ampframe export -o out/ --partition-by day,event_type", does: "Parquet files by day and event" },
  ],
  json: {
    file: "the file that was written, or null for stdout; the object then goes to stderr",
    format: "its format",
    rows: "rows in it",
    bytes: "its size",
    files: "1, or with --partition-by how many there are",
    seconds: "wall time",
  },
  load: () => import("../commands/export.js"),
};
