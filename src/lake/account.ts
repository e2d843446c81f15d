import type { Hour, HourRange } from "../hour.js";

/** Where rows come from: a project behind a pair of keys, or files that were loaded by hand. */
export interface Source {
  /** `us-1a2b3c4d5e6f` (region and fingerprint of the API key), or `files`. */
  readonly id: string;
  /** The name the user knows the project by. */
  readonly project: string;
}

/** What a request to the Export API was answered, after all its retries. */
export interface RequestAccount {
  readonly from: Hour;
  readonly to: Hour;
  readonly status: number;
  readonly attempts: number;
  /** ISO time, UTC. */
  readonly at: string;
}

/** One member of an input. Proof: `lines = loaded + quarantined + blank`. */
export interface MemberAccount {
  readonly name: string;
  /** Bytes after gunzip. */
  readonly bytes: number;
  /** CRC-32 of those bytes. */
  readonly crc32: number;
  readonly lines: number;
  readonly loaded: number;
  readonly quarantined: number;
  readonly blank: number;
}

/** One archive or file, as it came. */
export interface InputAccount {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly members: readonly MemberAccount[];
}

/**
 * `held`: a verified answer of the Export API covered the hour; `empty`: a settled answer had no rows for it;
 * `loaded`: rows came from a file by hand; `refused`: Amplitude would not give it.
 */
export type HourMark = "held" | "empty" | "loaded" | "refused";

/** One upload hour of a commit. Proof: `rows = loaded − duplicates − forgotten`, `rows` counted from the Parquet. */
export interface HourAccount {
  readonly hour: Hour;
  readonly mark: HourMark;
  /** Events that were decoded with this hour of `server_upload_time`. */
  readonly loaded: number;
  /** Of these, events whose uuid was in the lake or in this commit already. */
  readonly duplicates: number;
  /** Rows of this hour in the files of this commit; of a compaction minus the copies that it left out. */
  readonly rows: number;
  /**
   * Which upload hours kept the other copy of the duplicates, and how many each; only hours other than this
   * one. Replacing one of those hours must not lose an event whose copy was dropped here.
   */
  readonly keptBy?: Readonly<Record<string, number>>;
  /** What this answer changed in rows that an earlier answer for the hour had brought. */
  readonly changes?: HourChanges;
  /** Events that were not kept because their person was forgotten; of a `forget`, rows that it removed for that. */
  readonly forgotten?: number;
  /** True if the hour had not settled when it was asked for, or was an unconfirmed 404. */
  readonly provisional?: boolean;
  /** Why it was refused, and what can be done about it. */
  readonly reason?: string;
  readonly wayOut?: string;
}

/** A later answer for an hour, held against the rows that the earlier one brought, by uuid. */
export interface HourChanges {
  /** Rows that earlier answers had brought. */
  readonly before: number;
  /** Events that are new to the lake. */
  readonly added: number;
  /** Events of which any field differs. */
  readonly changed: number;
  /** Events that this answer does not have. */
  readonly gone: number;
  /**
   * Of these, those whose rows stay, in files of earlier commits: an answer without any event takes none out, and
   * nor may rows go in whose favour another answer or file had its copy dropped.
   */
  readonly kept: number;
}

/** A data file that a commit adds. */
export interface FileAccount {
  /** Path inside the lake, not URL-encoded: `app=123/upload_date=2026-11-23/part-….parquet`. */
  readonly path: string;
  readonly app: number | null;
  /** UTC date. */
  readonly uploadDate: string;
  readonly bytes: number;
  readonly rows: number;
  readonly sha256: string;
  /** First and last value, in microseconds since 1970, UTC, of the two times by which files are skipped. */
  readonly eventTime: { readonly min: bigint; readonly max: bigint } | null;
  readonly serverUploadTime: { readonly min: bigint; readonly max: bigint } | null;
  /** Rows of each upload hour in this file. */
  readonly hours: Readonly<Record<Hour, number>>;
  readonly compacted?: Compacted;
}

/**
 * Set where compaction wrote the file, sorted: whether its rows came in `answers` of the Export API for the hours
 * that they are of, which bringing these hours again replaces, or are `others`, by hand or in answers for other
 * hours, which stay.
 */
export type Compacted = "answers" | "others";

/** What a commit was made for. */
export type Operation = "pull" | "load" | "refresh" | "retry" | "compact" | "forget";

/** All that a commit did and how it is proven. Written beside the log before the commit that names it. */
export interface Account {
  readonly formatVersion: 1;
  /** UUID of the commit; the log entry's `commitInfo.ampframe.commit` is the same. */
  readonly commit: string;
  readonly operation: Operation;
  readonly source: Source;
  /** ISO time, UTC, of the commit. */
  readonly at: string;
  /** The upload hours that a pull was about, both ends included; its other commits, if they came, brought the others. */
  readonly range?: HourRange;
  readonly requests: readonly RequestAccount[];
  readonly inputs: readonly InputAccount[];
  readonly hours: readonly HourAccount[];
  readonly files: readonly FileAccount[];
  /** Paths of the data files that this commit took out of the table, as in `FileAccount.path`. */
  readonly removed: readonly string[];
  /** Lines that could not be read, and the name of the file under `_ampframe/quarantine/` that holds them. */
  readonly quarantine: { readonly lines: number; readonly file: string } | null;
  /** Lines that could not be read and are not in the quarantine file, for they are of a person who was forgotten. */
  readonly forgottenLines?: number;
}

/** What the maker of a commit knows of its account; the commit itself adds the rest. */
export type AccountDraft = Pick<
  Account,
  "operation" | "source" | "range" | "requests" | "inputs" | "hours" | "quarantine" | "forgottenLines"
>;

/** What of an account is needed to know the state of hours and which inputs were loaded. */
export interface AccountSummary {
  /** The commit's version, and the account's id: the first 16 hex digits of its SHA-256. */
  readonly version: number;
  readonly id: string;
  readonly operation: Operation;
  readonly source: Source;
  readonly at: string;
  readonly range?: HourRange;
  readonly hours: readonly HourAccount[];
  /** SHA-256 of each input. */
  readonly inputs: readonly string[];
  readonly quarantine: { readonly lines: number; readonly file: string } | null;
}
