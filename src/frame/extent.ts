import type { Engine, QueryOptions } from "../engine/engine.js";
import { lakeSelect } from "../engine/lake-view.js";
import type { LakeFiles } from "./event-source.js";
import { propertyName } from "./properties/property.js";

/** How much a lake holds. */
export interface LakeExtent {
  /** Grows with every change. */
  readonly version: number;
  /** Events, exact. */
  readonly events: number;
  /** First and last `event_time`, to the millisecond; null without events. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Promoted properties by their full names: `event_properties.price`. */
  readonly promoted: readonly string[];
}

/** By what the table's log says of its files; only files of which it says nothing are read. */
export async function extentOf(
  lake: LakeFiles,
  engine: () => Promise<Engine>,
  options: QueryOptions,
): Promise<LakeExtent> {
  const unknown = lake.files.filter(({ rows, eventTime }) => rows === undefined || eventTime === null);
  const spans = lake.files.flatMap(({ rows, eventTime }) =>
    rows === undefined || eventTime === null ? [] : [{ rows, ...eventTime }],
  );
  if (unknown.length > 0) {
    const time = "epoch_us(event_time)";
    const sql = `SELECT count(*), min(${time}), max(${time}) FROM (${lakeSelect(unknown)})`;
    const [counted] = (await (await engine()).query(sql, undefined, options)).rows();
    const [rows, min, max] = counted ?? [];
    if (typeof min === "bigint" && typeof max === "bigint") spans.push({ rows: Number(rows), min, max });
    else if (Number(rows) > 0) spans.push({ rows: Number(rows), ...NO_TIME });
  }
  const timed = spans.filter((span) => span.min <= span.max);
  const least = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a));
  const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a));
  return {
    version: lake.version,
    events: spans.reduce((sum, { rows }) => sum + rows, 0),
    from: timed.length === 0 ? null : dateOf(least(timed.map(({ min }) => min))),
    to: timed.length === 0 ? null : dateOf(most(timed.map(({ max }) => max))),
    promoted: (lake.promoted ?? []).map(propertyName),
  };
}

/** Of events without a time. */
const NO_TIME = { min: 1n, max: 0n };

function dateOf(micros: bigint): Date {
  return new Date(Number(micros / 1000n));
}
