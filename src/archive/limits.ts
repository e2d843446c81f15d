/**
 * How much an input may unfold to before it is taken for an attack or a mistake. Plain NDJSON files, which
 * do not unfold, are not limited.
 */
export interface ArchiveLimits {
  /** Entries of one zip, directories and marker files counted. Default 100,000. */
  readonly entries: number;
  /** Bytes of NDJSON that one member may hold. Default 64 GiB. */
  readonly memberBytes: number;
  /** Bytes of NDJSON that all members of one input may hold. Default 512 GiB. */
  readonly totalBytes: number;
  /**
   * Bytes of NDJSON per compressed byte of a member, looked at once the member has given 64 MiB. Real exports
   * have 10 to 30; a file of zeros has 1,030. Default 500.
   */
  readonly ratio: number;
}

/** The limits that hold unless an option says otherwise. */
export const DEFAULT_LIMITS: ArchiveLimits = {
  entries: 100_000,
  memberBytes: 64 * 2 ** 30,
  totalBytes: 512 * 2 ** 30,
  ratio: 500,
};

const RATIO_FROM = 64 * 2 ** 20;

/** True if `bytes` out of `compressedBytes` is more than `limits.ratio` allows. Both in bytes. */
export function exceedsRatio(bytes: number, compressedBytes: number, limits: ArchiveLimits): boolean {
  return bytes > RATIO_FROM && bytes > compressedBytes * limits.ratio;
}
