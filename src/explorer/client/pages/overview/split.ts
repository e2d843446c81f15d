import type { Selection } from "../../../api.js";
import { utc } from "../../ui/time/range.js";
import type { Cube, Picks } from "./cube.js";

type Filter = NonNullable<Selection["filters"]>[number];
type Value = string | null;

/** A range of whole milliseconds, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A selection in two: what the server must filter, and what the page picks out of the cube by itself. */
export interface Split {
  readonly base: Selection;
  /** By dimension the picked values. */
  readonly picked: ReadonlyMap<string, readonly Value[]>;
  readonly time: Span | undefined;
}

/** Steps are multiples since a Monday. */
const ORIGIN = Date.UTC(1970, 0, 5);

/** Whether a moment is where a step begins. */
export function isAligned(ms: number, step: number): boolean {
  return (ms - ORIGIN) % (step * 1000) === 0;
}

/**
 * Splits a selection. Event types and filters by `is` on the cube's dimensions are picks; so is a range of time that begins and
 * ends with the cube's steps and lies within `span`. All else, and the second filter on the same dimension, stays with the base.
 */
export function splitOf(selection: Selection, dimensions: readonly string[], step: number): Split {
  const { from, to, events, filters = [], cohort } = selection;
  const picked = new Map<string, readonly Value[]>();
  if (events && dimensions.includes("event_type")) picked.set("event_type", events);
  const rest = filters.filter((filter) => {
    const values = pickedValues(filter);
    if (!values || !dimensions.includes(filter.property) || picked.has(filter.property)) return true;
    picked.set(filter.property, values);
    return false;
  });
  const time = timeOf(from, to, step);
  return {
    picked,
    time,
    base: {
      ...(!time && from !== undefined && { from }),
      ...(!time && to !== undefined && { to }),
      ...(events && !picked.has("event_type") && { events }),
      ...(rest.length > 0 && { filters: rest }),
      ...(cohort !== undefined && { cohort }),
    },
  };
}

/** The picks by the cube's numbers. A value that the cube does not have picks nothing. */
export function picksOf({ picked, time }: Split, cube: Cube, step: number): Picks {
  const at = (ms: number) => Math.max(0, Math.min(cube.steps, Math.round((ms - cube.start) / (step * 1000))));
  return {
    time: time && { from: at(time.from), to: at(time.to) },
    values: cube.dimensions.map(({ property, values }) => {
      const names = picked.get(property);
      return names && new Set(names.map((name) => values.indexOf(name)).filter((place) => place >= 0));
    }),
  };
}

/** `selection` with other values of a dimension; none: without a condition on it. */
export function withValues(selection: Selection, property: string, values: readonly Value[]): Selection {
  const { events, filters = [], ...rest } = selection;
  if (property === "event_type") {
    const types = values.filter((value) => value !== null);
    return { ...rest, ...(types.length > 0 && { events: types }), ...(filters.length > 0 && { filters }) };
  }
  const place = filters.findIndex((one) => one.property === property && pickedValues(one));
  const others = filters.filter((_, i) => i !== place);
  const mine: Filter[] =
    values.length > 0 ? [{ property, op: "is", value: values.length === 1 ? values[0]! : values }] : [];
  const all = place < 0 ? [...others, ...mine] : [...others.slice(0, place), ...mine, ...others.slice(place)];
  return { ...rest, ...(events && { events }), ...(all.length > 0 && { filters: all }) };
}

/** The selection without the pick of one chart: what that chart shows. */
export function withoutPick(selection: Selection, chart: string | "time"): Selection {
  if (chart !== "time") return withValues(selection, chart, []);
  const { from: _, to: __, ...rest } = selection;
  return rest;
}

function pickedValues({ op = "is", value = null }: Filter): readonly Value[] | undefined {
  if (op !== "is") return undefined;
  return [value].flat().map((one) => (one === null ? null : String(one)));
}

function timeOf(from: string | undefined, to: string | undefined, step: number): Span | undefined {
  if (from === undefined || to === undefined) return undefined;
  const span = { from: Date.parse(utc(from)), to: Date.parse(utc(to)) };
  return isAligned(span.from, step) && isAligned(span.to, step) ? span : undefined;
}
