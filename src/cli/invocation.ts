import type { Writable } from "node:stream";
import type { AnalyseOptions } from "./analyse-options.js";
import type { Redaction } from "./redaction.js";

/** Every option of every command. An option has one meaning wherever it appears; undefined if not given. */
export interface CliOptions extends AnalyseOptions {
  readonly lake?: string;
  readonly engine?: "duckdb" | "spark";
  /** `sc://host:15002`. */
  readonly spark?: string;
  /** By what the cluster finds the lake. */
  readonly sparkLake?: string;
  /** How a worker of the cluster starts ampframe, in a shell. */
  readonly sparkCommand?: string;
  /** A file of paths, one a line, or `-`. */
  readonly filesFrom?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly region?: "us" | "eu";
  readonly endpoint?: string;
  readonly insecureHttp?: boolean;
  readonly envFile?: string;
  readonly profile?: string;
  readonly store?: "keyring" | "file";
  /** False with `--no-check`. */
  readonly check?: boolean;
  readonly project?: string;
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  readonly refresh?: string;
  readonly fresh?: boolean;
  readonly every?: string;
  readonly minFree?: number;
  /** `line=128MB`. */
  readonly limit?: readonly string[];
  readonly concurrency?: number;
  readonly dryRun?: boolean;
  readonly drop?: boolean;
  readonly userId?: readonly string[];
  readonly deviceId?: readonly string[];
  readonly amplitudeId?: readonly string[];
  /** `user_id=people.txt`, `user_id=-`. */
  readonly ids?: readonly string[];
  /** `2026-10-01..2026-11-23`; true without days. */
  readonly fromAmplitude?: string | true;
  readonly yes?: boolean;
  readonly keepArchives?: boolean;
  readonly settle?: number;
  readonly grace?: string;
  readonly reason?: string;
  readonly export?: string;
  readonly define?: string;
  readonly did?: string;
  readonly didNot?: string;
  readonly new?: boolean;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly exactly?: number;
  readonly count?: "times" | "days";
  readonly static?: boolean;
  readonly delete?: boolean;
  readonly inactive?: readonly string[];
  readonly examples?: number;
  readonly logFile?: string;
  readonly strict?: boolean;
  readonly complete?: string;
  readonly format?: string;
  readonly output?: string;
  readonly timeZone?: string;
  /** At most so many events of a timeline. */
  readonly rows?: number;
  readonly partitionBy?: readonly string[];
  readonly events?: readonly string[];
  readonly columns?: readonly string[];
  readonly properties?: readonly string[];
  readonly where?: string;
  readonly markdown?: boolean;
  readonly ts?: boolean;
  /** File of a tracking plan. */
  readonly plan?: string;
  readonly port?: number;
  readonly explore?: boolean;
  /** False with `--no-open`. */
  readonly open?: boolean;
  readonly seed?: number;
  readonly days?: number;
  readonly users?: number;
  readonly eventsPerDay?: number;
  readonly maxBytes?: number;
  readonly fault?: readonly string[];
  readonly replay?: string;
  readonly deletions?: number;
  readonly deep?: boolean;
  /** True without a URL. */
  readonly against?: string | true;
  readonly sample?: number;
  readonly truth?: boolean;
  readonly writeArchives?: string;
  readonly writeMembers?: string;
  readonly writeLake?: string;
}

/** A stream that a command writes to. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string | Uint8Array): boolean;
}

/** The world around a command: its streams, environment, clock and the signal that ends it. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Uint8Array | string> & {
    readonly isTTY?: boolean | undefined;
    /** Of a terminal: true gives every key as it is typed, and shows nothing. */
    setRawMode?(raw: boolean): unknown;
  };
  /** For data only. */
  readonly stdout: Writable & Pick<Output, "isTTY" | "columns">;
  /** For talk and progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
  /** Fires on the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly redaction: Redaction;
}

/** One call of a command. */
export interface Invocation extends Surroundings {
  readonly args: readonly string[];
  readonly options: CliOptions;
}

/** Exit status: 0 done, 1 failed while running, 2 wrong use, 3 the data has a fault. */
export type CommandStatus = 0 | 1 | 2 | 3;

/** What the file of a command exports as `run`. Errors are thrown; `run.ts` prints them. */
export type RunCommand = (invocation: Invocation) => Promise<CommandStatus>;
