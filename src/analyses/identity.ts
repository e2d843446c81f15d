/** A merge as Amplitude exports it: events of `amplitude_id` belong to the user `merged_amplitude_id`. */
export interface MergedId {
  /** The id that was merged away. */
  readonly amplitude_id: number | bigint;
  /** The id of the user that it belongs to, which may have been merged itself. */
  readonly merged_amplitude_id: number | bigint;
  /** Of two merges of one id the later counts. Default 0. */
  readonly merge_server_time?: number | bigint | undefined;
}

/**
 * Who is one user. `raw`: each `amplitude_id`. `estimated`: an anonymous `amplitude_id` whose device later logs in belongs to
 * the user who did. A list, or the path of a file (NDJSON, CSV or Parquet, also gzipped) of merges as Amplitude exports
 * them: chains are followed to their end, of a circle the smallest id stays.
 */
export type Identity = "raw" | "estimated" | { readonly merges: string | readonly MergedId[] };
