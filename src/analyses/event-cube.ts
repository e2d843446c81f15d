import type { QueryOptions } from "../engine/engine.js";
import type { AnalysisSource } from "./analysis-input.js";
import { ColumnsUsed } from "./columns-used.js";
import { propertySql } from "./property-sql.js";

/** What is counted by what. */
export interface EventCubeOptions extends QueryOptions {
  /** Columns and properties, as filters name them. */
  readonly dimensions: readonly string[];
  /** The length of a time step in seconds; steps begin at multiples of it since Monday 1970-01-05 00:00 UTC. */
  readonly step: number;
  /** Of each dimension so many values are told apart, the most frequent; the others are one. Default 12. */
  readonly most?: number | undefined;
  /** Values by dimension that are told apart in any case; null stands for `(none)`. */
  readonly keep?: Readonly<Record<string, readonly (string | null)[]>> | undefined;
}

/** Events counted by time step and by the values of all dimensions at once, from which any part can be added up. */
export interface EventCube {
  /** The beginning of the first step, in milliseconds since 1970. */
  readonly start: number;
  /** How many steps there are, from the first that has events to the last. */
  readonly steps: number;
  readonly dimensions: readonly {
    readonly property: string;
    /** As text, the most frequent first; null stands for `(none)`. */
    readonly values: readonly (string | null)[];
  }[];
  /** A step's number for each cell; `steps` where the event has no time. */
  readonly time: readonly number[];
  /** For each dimension a value's number for each cell; as many as there are values where it is another. */
  readonly coordinates: readonly (readonly number[])[];
  /** Events of each cell. */
  readonly events: readonly number[];
}

/** Steps begin at multiples of their length since this moment, so that weeks begin on Mondays. Microseconds. */
const ORIGIN = 345_600_000_000n;

/**
 * Counts the events of a lake or frame by time and dimensions, in one reading. A list counts as its JSON text. Throws UsageError
 * if a name cannot be read, QueryError, CancelledError.
 */
export async function eventCube(source: AnalysisSource, options: EventCubeOptions): Promise<EventCube> {
  const { dimensions, step, most = 12, keep = {} } = options;
  const selection = "frame" in source ? source.frame() : source;
  const { engine } = await selection.allEvents(["uuid"]);
  const { dialect } = engine;
  const used = new ColumnsUsed();
  const time = `CAST(floor((${dialect.micros(dialect.identifier(used.add("event_time")))} - ${ORIGIN}) / ${step}e6) AS INTEGER)`;
  const texts = dimensions.map((name) => propertySql(name, dialect, used).text);
  const events = await selection.events(used.names, selection.range.bounds);
  const values = dimensions.map((_, i) => `v${i}`);
  const wanted = (name: string) =>
    (keep[name] ?? []).map((value) => (value === null ? "v IS NULL" : `v = ${dialect.literal(value)}`));
  const tops = dimensions.map(
    (name, i) => `top${i} AS (SELECT v, row_number() OVER (ORDER BY n DESC, v NULLS LAST) AS place FROM (
  SELECT v, n, row_number() OVER (ORDER BY n DESC, v NULLS LAST) AS rank FROM (SELECT v${i} AS v, sum(n) AS n FROM counted GROUP BY 1)
) WHERE ${[`rank <= ${most}`, ...wanted(name)].join(" OR ")})`,
  );
  const counted = `counted AS MATERIALIZED (SELECT ${[`${time} AS t`, ...texts.map((text, i) => `${text} AS v${i}`)].join(", ")}, count(*) AS n FROM (${events.sql}) AS events GROUP BY ALL)`;
  const joins = dimensions.map((_, i) => ` LEFT JOIN top${i} ON top${i}.v IS NOT DISTINCT FROM v${i}`);
  const places = dimensions.map((_, i) => `CAST(coalesce(top${i}.place, 0) AS INTEGER) AS p${i}`);
  const ctes = [counted, ...tops].join(",\n");
  const names = (
    await engine.query(
      `WITH ${ctes}
SELECT list(t) AS t, ${values.map((_, i) => `list(p${i}) AS p${i}`).join(", ")}${values.length > 0 ? ", " : ""}list(n) AS n${dimensions.map((_, i) => `, (SELECT list(v ORDER BY place) FROM top${i}) AS names${i}`).join("")}
FROM (SELECT ${["t", ...places].join(", ")}, CAST(sum(n) AS DOUBLE) AS n FROM counted${joins.join("")} GROUP BY ALL)`,
      events.params,
      options,
    )
  ).rows()[0]!;
  const numbers = (at: number) => listOf(names[at]).map((value) => (value === null ? null : Number(value)));
  const buckets = numbers(0);
  const known = buckets.filter((bucket) => bucket !== null);
  const first = known.reduce((least, bucket) => Math.min(least, bucket), Number.POSITIVE_INFINITY);
  const last = known.reduce((greatest, bucket) => Math.max(greatest, bucket), Number.NEGATIVE_INFINITY);
  const steps = known.length === 0 ? 0 : last - first + 1;
  const lists = dimensions.map((property, i) => ({
    property,
    values: listOf(names[dimensions.length + 2 + i]).map((value) => (value === null ? null : String(value))),
  }));
  return {
    start: known.length === 0 ? 0 : first * step * 1000 + Number(ORIGIN / 1000n),
    steps,
    dimensions: lists,
    time: buckets.map((bucket) => (bucket === null ? steps : bucket - first)),
    coordinates: lists.map(({ values }, i) =>
      numbers(i + 1).map((place) => (place === null || place === 0 ? values.length : place - 1)),
    ),
    events: numbers(dimensions.length + 1).map((n) => n ?? 0),
  };
}

/** What users are counted by. */
export interface UserCountsOptions extends QueryOptions {
  /** A column or property, as filters name it; or with a number a time step as in `eventCube`. Default: all users at once. */
  readonly by?: string | number | undefined;
}

/** Users of one value or step; null is `(none)`, or no time. */
export interface UserCount {
  /** A value as text, or the beginning of a step in milliseconds since 1970. */
  readonly value: string | number | null;
  readonly users: number;
}

const MOST_COUNTS = 1000;

/**
 * Users (by `amplitude_id`) of a lake or frame, exactly, by a property's value or by time: the thousand values with the most
 * users. Throws UsageError if the name cannot be read, QueryError, CancelledError.
 */
export async function userCounts(
  source: AnalysisSource,
  options: UserCountsOptions = {},
): Promise<UserCount[]> {
  const { by } = options;
  const selection = "frame" in source ? source.frame() : source;
  const { engine } = await selection.allEvents(["uuid"]);
  const { dialect } = engine;
  const used = new ColumnsUsed();
  const user = dialect.identifier(used.add("amplitude_id"));
  const value =
    by === undefined
      ? "NULL"
      : typeof by === "string"
        ? propertySql(by, dialect, used).text
        : `CAST(floor((${dialect.micros(dialect.identifier(used.add("event_time")))} - ${ORIGIN}) / ${by}e6) AS BIGINT)`;
  const events = await selection.events(used.names, selection.range.bounds);
  const rows = (
    await engine.query(
      `SELECT ${value} AS value, count(DISTINCT ${user}) AS users FROM (${events.sql}) AS events GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_COUNTS}`,
      events.params,
      options,
    )
  ).rows();
  return rows.map(([found, users]) => ({
    value:
      found === null || found === undefined
        ? null
        : typeof by === "number"
          ? Number(found) * by * 1000 + Number(ORIGIN / 1000n)
          : String(found),
    users: Number(users),
  }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
