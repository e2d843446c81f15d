import type { Hour } from "../hour.js";
import type { Account, AccountDraft, Compacted } from "./account.js";
import type { CheckpointOutcome } from "./checkpoint.js";
import type { Snapshot } from "./snapshot.js";
import type { TimeSpan } from "./stats.js";

/** A Parquet file in the staging folder that is to join the table. Its rows have no partition columns. */
export interface StagedFile {
  /** Absolute path on this machine's disk; or what the store's `nameOf` gives of a file that lies in the lake, beside the table. */
  readonly path: string;
  /** Of its bytes, 64 hex digits. Computed by the commit if it is not there. */
  readonly sha256?: string;
  /** Its length, if it lies in the lake and is there for good; `sha256` then comes with it. Else the commit sees to both. */
  readonly bytes?: number;
  readonly app: number | null;
  /** UTC date of `server_upload_time` of all its rows. */
  readonly uploadDate: string;
  /** Counted from the file. */
  readonly rows: number;
  /** Microseconds since 1970, UTC; null if all its values are null. */
  readonly eventTime: TimeSpan | null;
  readonly serverUploadTime: TimeSpan | null;
  /** Rows of each upload hour. */
  readonly hours: Readonly<Record<Hour, number>>;
  readonly compacted?: Compacted;
}

/** One step of the table: files that come and go, and the account that proves it. */
export interface Change {
  readonly account: AccountDraft;
  readonly add: readonly StagedFile[];
  /** Paths of files that leave the table, as in `Snapshot.files`. */
  readonly remove?: readonly string[];
  /** The table on which the change was planned. */
  readonly basedOn: Snapshot;
  /** False if the rows stay the same and only lie in other files (compaction); true by default. */
  readonly dataChange?: boolean;
  /**
   * Asked when others have committed since `basedOn`: what in `latest` forbids the change, as a sentence, or
   * null. Hours that were brought again, removed files that are gone and inputs that were loaded meanwhile are
   * found without it.
   */
  readonly recheck?: (latest: Snapshot) => Promise<string | null> | string | null;
  /** Ends the work before the commit; after that it goes through. */
  readonly signal?: AbortSignal;
}

/** What became of a change. After a conflict its staged files lie where they were, and nothing is changed. */
export type CommitOutcome =
  | {
      readonly kind: "committed";
      readonly version: number;
      readonly account: Account;
      readonly checkpoint: CheckpointOutcome;
    }
  | { readonly kind: "conflict"; readonly reason: string; readonly latest: Snapshot };
