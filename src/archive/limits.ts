import type { Limits } from "../limits.js";

/** The limits that hold while an archive is opened and unfolded. Plain NDJSON files, which do not unfold, are not limited. */
export type ArchiveLimits = Pick<Limits, "entries" | "memberBytes" | "totalBytes" | "ratio">;

const RATIO_FROM = 64 * 2 ** 20;

/** True if `bytes` out of `compressedBytes` is more than `limits.ratio` allows. Both in bytes. */
export function exceedsRatio(bytes: number, compressedBytes: number, limits: ArchiveLimits): boolean {
  return bytes > RATIO_FROM && bytes > compressedBytes * limits.ratio;
}
