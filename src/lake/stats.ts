/** First and last of some times, both in microseconds since 1970, UTC. */
export interface TimeSpan {
  readonly min: bigint;
  readonly max: bigint;
}

/** What the log says of a file's rows: how many, and between which times they lie. */
export interface FileStats {
  readonly rows: number | null;
  /** Null where the log does not say: any time is then possible. */
  readonly eventTime: TimeSpan | null;
  readonly serverUploadTime: TimeSpan | null;
}

const NOTHING: FileStats = { rows: null, eventTime: null, serverUploadTime: null };

/** The `stats` text of a Delta `add`. Times are cut to milliseconds, as the Delta protocol demands. */
export function statsText(
  rows: number,
  eventTime: TimeSpan | null,
  serverUploadTime: TimeSpan | null,
): string {
  const minValues: Record<string, string> = {};
  const maxValues: Record<string, string> = {};
  for (const [column, span] of [
    ["event_time", eventTime],
    ["server_upload_time", serverUploadTime],
  ] as const) {
    const [min, max] = [span && isoMs(span.min), span && isoMs(span.max)];
    if (!min || !max) continue;
    minValues[column] = min;
    maxValues[column] = max;
  }
  return JSON.stringify({ numRecords: rows, minValues, maxValues });
}

/**
 * Reads the `stats` text of any writer. The last time is raised by 999 µs, because writers cut it to the
 * millisecond (Delta protocol, per-file statistics). What cannot be read counts as not said.
 */
export function parseStats(text: string | null | undefined): FileStats {
  if (!text) return NOTHING;
  try {
    const stats: { numRecords?: unknown; minValues?: unknown; maxValues?: unknown } = JSON.parse(text);
    const span = (column: string) =>
      timeSpan(extremeOf(stats.minValues, column), extremeOf(stats.maxValues, column));
    return {
      rows: typeof stats.numRecords === "number" ? stats.numRecords : null,
      eventTime: span("event_time"),
      serverUploadTime: span("server_upload_time"),
    };
  } catch {
    return NOTHING;
  }
}

function extremeOf(values: unknown, column: string): unknown {
  return values && typeof values === "object" ? Reflect.get(values, column) : undefined;
}

function timeSpan(min: unknown, max: unknown): TimeSpan | null {
  if (typeof min !== "string" || typeof max !== "string") return null;
  const [first, last] = [Date.parse(withZone(min)), Date.parse(withZone(max))];
  if (Number.isNaN(first) || Number.isNaN(last)) return null;
  return { min: BigInt(first) * 1000n, max: BigInt(last) * 1000n + 999n };
}

/** Some writers leave out the zone of a UTC time; Date.parse would then take it for local time. */
function withZone(text: string): string {
  return /(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
}

/** ISO time with milliseconds, cut down; undefined outside the years 1 to 9999, which readers cannot parse. */
function isoMs(micros: bigint): string | undefined {
  const ms = Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n);
  const year = new Date(ms).getUTCFullYear();
  return year >= 1 && year <= 9999 ? new Date(ms).toISOString() : undefined;
}
