import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { Segment } from "../../../src/analyses/options.js";
import type {
  Measure,
  SegmentationOptions,
  SegmentationRow,
  SegmentationTotal,
} from "../../../src/analyses/segmentation.js";
import {
  choiceOf,
  eventsOfUsers,
  groupColumns,
  groupingOf,
  inSegment,
  matches,
  segmentsOf,
  type UserEvent,
} from "./events.js";
import { type Formula, readFormula, type Term } from "./formula.js";
import { byGroups, combinationsOf } from "./groups.js";
import { type Piece, pieceBefore, piecesOf } from "./intervals.js";
import { measured, percentile, ratio } from "./measures.js";
import type { PlainEvent, Setting } from "./plain-event.js";

/** A length of time; `until` is not included. */
interface Span {
  readonly from: bigint;
  readonly until: bigint;
}

/** A line of the chart. */
interface Series {
  readonly event: string;
  readonly segment: string;
  readonly groups: readonly string[];
  readonly formula: Formula;
  /** The value of a term of the formula over a length of time. */
  readonly value: (term: Term, span: Span) => number | null;
}

/** The values of each interval. */
export function segmentation<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  choices: readonly EventChoice[],
  options: SegmentationOptions<G> = {},
): SegmentationRow<G>[] {
  const interval = options.interval ?? "day";
  const pieces = piecesOf(setting.from, setting.until, interval, options);
  const inRange = (piece: Piece): Span => ({
    from: piece.from > setting.from ? piece.from : setting.from,
    until: piece.until < setting.until ? piece.until : setting.until,
  });
  return seriesOf(events, setting, choices, options).flatMap((series) => {
    const valuesAt = (all: readonly Piece[], whole: boolean, first: bigint) =>
      calculated(series.formula, all, (term, piece) => {
        const back = (count: number) => pieceBefore(piece, count, interval, options);
        const span = whole ? piece : inRange(piece);
        const once = (of: Span) => series.value(term, of);
        if (term.over === "CUMSUM") return once({ from: first, until: span.until });
        if (term.over === "ROLLWIN") return once({ from: back(term.intervals - 1).from, until: span.until });
        if (term.over === "ROLLAVG") {
          const others = Array.from({ length: term.intervals - 1 }, (_, i) => once(back(i + 1)));
          return mean([once({ from: piece.from, until: span.until }), ...others]);
        }
        if (options.rolling === undefined) return once(span);
        return once({ from: back(options.rolling - 1).from, until: span.until });
      });
    const values = valuesAt(pieces, false, setting.from);
    const { compare } = options;
    const others =
      compare === undefined ? [] : pieces.map((piece) => pieceBefore(piece, compare, interval, options));
    const before = valuesAt(others, true, others[0]?.from ?? 0n);
    return pieces.map((piece, i): SegmentationRow<G> => {
      const row = {
        time: piece.label,
        start: new Date(Number(piece.from / 1000n)),
        event: series.event,
        segment: series.segment,
        value: values[i] ?? null,
        incomplete: isCut(piece, setting),
        ...groupColumns<G>(groupingOf(options.groupBy), series.groups),
      };
      return compare === undefined ? row : { ...row, before: before[i] ?? null };
    });
  });
}

/** The value of each series over the whole range, in the order of the series. */
export function segmentationTotals<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  choices: readonly EventChoice[],
  options: SegmentationOptions<G> = {},
): SegmentationTotal<G>[] {
  const rows = seriesOf(events, setting, choices, options).map((series) => ({
    event: series.event,
    segment: series.segment,
    value: totalOf(series, setting),
    ...groupColumns<G>(groupingOf(options.groupBy), series.groups),
  }));
  return rows as SegmentationTotal<G>[];
}

/** By event, then segment as they are given; then the groups, those of the largest value over the range first. */
function seriesOf(
  events: readonly PlainEvent[],
  setting: Setting,
  choices: readonly EventChoice[],
  options: SegmentationOptions<string>,
): Series[] {
  const { all, userOf } = eventsOfUsers(events, setting, options);
  const grouping = groupingOf(options.groupBy);
  const meant = choices.map(choiceOf);
  const ofSegment = (segment: Segment) => all.filter((event) => inSegment(event, segment, userOf));
  const segments = segmentsOf(options);
  const active = choiceOf("_active");
  const formulas: readonly (readonly [string, Formula])[] =
    options.formula !== undefined
      ? [[options.formula, readFormula(options.formula)]]
      : meant.map(({ name }, event) => [name, termOf(event, options.measure ?? "uniques")]);

  return formulas.flatMap(([name, formula]) =>
    linesOf(formula, segments).flatMap(([segmentName, segment]) => {
      const inside = (term: Term) =>
        ofSegment(term.segment === undefined ? segment : (segments[term.segment]?.[1] ?? {}));
      const activeUsers = (term: Term, span: Span) =>
        new Set(
          inside(term)
            .filter(({ event }) => isIn(event, span) && matches(event, active, options.inactive))
            .map(({ user }) => user),
        ).size;
      const eventsOf = (term: Term) => {
        const choice = meant[term.event];
        if (choice === undefined) throw new RangeError(`The formula names event ${term.event + 1}.`);
        return inside(term).filter(({ event }) => matches(event, choice, options.inactive));
      };
      const value = (groups: readonly string[]) => (term: Term, span: Span) => {
        // An event with a list counts once for each item that is of the group.
        const found = eventsOf(term)
          .filter(({ event }) => isIn(event, span))
          .flatMap((event) => ofGroup(event, grouping, groups));
        const users = activeUsers(term, span);
        const number = measuredTerm(term, found, users);
        return term.perActive ? ratio(number, users) : number;
      };
      const found = termsOf(formula).flatMap((term) =>
        eventsOf(term)
          .filter(({ event }) => isIn(event, setting))
          .flatMap(({ event }) => combinationsOf(event, grouping)),
      );
      const groupSets = grouping.length === 0 ? [[]] : different(found);
      return groupSets
        .map((groups) => ({ event: name, segment: segmentName, groups, formula, value: value(groups) }))
        .map((series) => ({ series, total: totalOf(series, setting) }))
        .sort((a, b) => byTotal(a.total, b.total) || byGroups(a.series.groups, b.series.groups))
        .map(({ series }) => series);
    }),
  );
}

function ofGroup(event: UserEvent, grouping: readonly string[], groups: readonly string[]): UserEvent[] {
  return combinationsOf(event.event, grouping)
    .filter((combination) => byGroups(combination, groups) === 0)
    .map(() => event);
}

function different(combinations: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(combinations.map((groups) => [JSON.stringify(groups), groups])).values()];
}

/** A line for each segment, but one where each term says its segment. */
function linesOf(
  formula: Formula,
  segments: readonly (readonly [string, Segment])[],
): readonly (readonly [string, Segment])[] {
  const named = new Set(termsOf(formula).map(({ segment }) => segment));
  if (named.size === 0 || named.has(undefined)) return segments;
  const names = segments.filter((_, i) => named.has(i)).map(([name]) => name);
  return [[names.join(", "), {}]];
}

function measuredTerm({ measure }: Term, found: readonly UserEvent[], active: number): number | null {
  if (measure === "different events") return new Set(found.map(({ event }) => event.uuid)).size;
  if (typeof measure === "string" || !("frequency" in measure)) return measured(measure, found, active);
  const often = new Map<bigint, number>();
  for (const { user } of found) often.set(user, (often.get(user) ?? 0) + 1);
  return percentile([...often.values()], measure.frequency);
}

function totalOf(series: Series, setting: Span): number | null {
  return calculated(series.formula, [setting], (term, span) => series.value(term, span))[0] ?? null;
}

function termOf(event: number, measure: Measure): Term {
  const term = { kind: "term", event, segment: undefined, measure, perActive: false } as const;
  return { ...term, over: "once", intervals: 0 };
}

function termsOf(formula: Formula): readonly Term[] {
  if (formula.kind === "term") return [formula];
  if (formula.kind === "number") return [];
  if (formula.kind === "negative" || formula.kind === "function") return termsOf(formula.of);
  return [...termsOf(formula.left), ...termsOf(formula.right)];
}

/** The value at each of `places`: null if any value in it is null, or it has no finite value. */
function calculated<Place>(
  formula: Formula,
  places: readonly Place[],
  value: (term: Term, place: Place) => number | null,
): (number | null)[] {
  if (formula.kind === "term") return places.map((place) => value(formula, place));
  if (formula.kind === "number") return places.map(() => formula.value);
  if (formula.kind === "negative") {
    return calculated(formula.of, places, value).map((of) => (of === null ? null : -of));
  }
  if (formula.kind === "function") {
    const of = calculated(formula.of, places, value);
    if (formula.name === "TRENDLINE") return line(of);
    return of.map((one) => (one === null ? null : finite(functionOf(formula.name, one, formula.argument))));
  }
  const left = calculated(formula.left, places, value);
  const right = calculated(formula.right, places, value);
  return left.map((a, i) => {
    const b = right[i] ?? null;
    if (a === null || b === null) return null;
    if (formula.sign === "+") return a + b;
    if (formula.sign === "-") return a - b;
    return formula.sign === "*" ? a * b : ratio(a, b);
  });
}

function functionOf(name: string, value: number, argument: number): number {
  if (name === "EXP") return value <= 700 ? Math.exp(value) : Number.NaN;
  if (name === "LN") return Math.log(value);
  if (name === "LOG10") return Math.log10(value);
  if (name === "LOG") return Math.log(value) / Math.log(argument);
  return name === "SQRT" ? Math.sqrt(value) : value ** argument;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The line of least squares through the points (0, y), (1, y), … of those that are known. */
export function line(values: readonly (number | null)[]): (number | null)[] {
  const points = values.flatMap((y, x): [number, number][] => (y === null ? [] : [[x, y]]));
  const [x0, y0] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  if (x0 === null || y0 === null) return values.map(() => null);
  let [above, below] = [0, 0];
  for (const [x, y] of points) {
    above += (x - x0) * (y - y0);
    below += (x - x0) * (x - x0);
  }
  return values.map((_, x) => y0 + (ratio(above, below) ?? 0) * (x - x0));
}

/** Of those that are not null. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return ratio(
    known.reduce((total, value) => total + value, 0),
    known.length,
  );
}

/** Largest first, null last. */
function byTotal(a: number | null, b: number | null): number {
  return (b ?? Number.NEGATIVE_INFINITY) === (a ?? Number.NEGATIVE_INFINITY)
    ? 0
    : (b ?? Number.NEGATIVE_INFINITY) - (a ?? Number.NEGATIVE_INFINITY);
}

function isIn(event: PlainEvent, { from, until }: Span): boolean {
  return event.event_time >= from && event.event_time < until;
}

function isCut(piece: Piece, { from, until, dataFrom, dataUntil }: Setting): boolean {
  return piece.from < from || piece.from < dataFrom || piece.until > until || piece.until > dataUntil;
}
