import { DEFAULT_BUDGET, type RetryBudget } from "./retry.js";

/** Times, sizes and repetitions within which a window must be brought. */
export interface DownloadLimits extends RetryBudget {
  /** To open a connection, in milliseconds. Default 30 s. */
  readonly connectMs: number;
  /** Until the answer begins, in milliseconds; the server assembles the zip meanwhile. Default 300 s. */
  readonly headersMs: number;
  /** Between two pieces of the body, in milliseconds. Default 60 s. */
  readonly idleMs: number;
  /** Bytes a second that a body must bring over each `slowMs`. Default 1,024. */
  readonly slowBytesPerSecond: number;
  /** Milliseconds over which slowness is measured. Default 60 s. */
  readonly slowMs: number;
  /** Bytes of an archive. Default 16 GiB; Amplitude's own limit is 4 GB. */
  readonly archiveBytes: number;
}

/** The limits that hold unless an option says otherwise. */
export const DEFAULT_DOWNLOAD_LIMITS: DownloadLimits = {
  ...DEFAULT_BUDGET,
  connectMs: 30_000,
  headersMs: 300_000,
  idleMs: 60_000,
  slowBytesPerSecond: 1024,
  slowMs: 60_000,
  archiveBytes: 16 * 2 ** 30,
};
