import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { Segment } from "../../../src/analyses/options.js";
import type {
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
import { measured, ratio } from "./measures.js";
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
    const valueAt = (piece: Piece, whole: boolean, first: bigint) =>
      calculated(series.formula, (term) => {
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
    const firstPiece = pieces[0];
    return pieces.map((piece): SegmentationRow<G> => {
      const row = {
        time: piece.label,
        start: new Date(Number(piece.from / 1000n)),
        event: series.event,
        segment: series.segment,
        value: valueAt(piece, false, setting.from),
        incomplete: isCut(piece, setting),
        ...groupColumns<G>(groupingOf(options.groupBy), series.groups),
      };
      if (options.compare === undefined || firstPiece === undefined) return row;
      const first = pieceBefore(firstPiece, options.compare, interval, options).from;
      return { ...row, before: valueAt(pieceBefore(piece, options.compare, interval, options), true, first) };
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
    value: calculated(series.formula, (term) => series.value(term, setting)),
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
  const active = choiceOf("_active");
  const formulas: readonly (readonly [string, Formula])[] =
    options.formula !== undefined
      ? [[options.formula, readFormula(options.formula)]]
      : meant.map(({ name }, event) => [name, termOf(event, options.measure ?? "uniques")]);

  return formulas.flatMap(([name, formula]) =>
    segmentsOf(options).flatMap(([segmentName, segment]) => {
      const inside = ofSegment(segment);
      const activeUsers = (span: Span) =>
        new Set(
          inside
            .filter(({ event }) => isIn(event, span) && matches(event, active, options.inactive))
            .map(({ user }) => user),
        ).size;
      const eventsOf = (term: Term) => {
        const choice = meant[term.event];
        if (choice === undefined) throw new RangeError(`The formula names event ${term.event + 1}.`);
        return inside.filter(({ event }) => matches(event, choice, options.inactive));
      };
      const value = (groups: readonly string[]) => (term: Term, span: Span) => {
        // An event with a list counts once for each item that is of the group.
        const found = eventsOf(term)
          .filter(({ event }) => isIn(event, span))
          .flatMap((event) => ofGroup(event, grouping, groups));
        if (term.share) return ratio(measured("uniques", found, 0), activeUsers(span));
        return measured(term.measure, found, activeUsers(span));
      };
      const found = termsOf(formula).flatMap((term) =>
        eventsOf(term)
          .filter(({ event }) => isIn(event, setting))
          .flatMap(({ event }) => combinationsOf(event, grouping)),
      );
      const groupSets = grouping.length === 0 ? [[]] : different(found);
      return groupSets
        .map((groups) => ({ event: name, segment: segmentName, groups, formula, value: value(groups) }))
        .map((series) => ({ series, total: calculated(formula, (term) => series.value(term, setting)) }))
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

function termOf(event: number, measure: Term["measure"]): Term {
  return { kind: "term", event, measure, share: false, over: "once", intervals: 0 };
}

function termsOf(formula: Formula): readonly Term[] {
  if (formula.kind === "term") return [formula];
  if (formula.kind === "number") return [];
  if (formula.kind === "negative") return termsOf(formula.of);
  return [...termsOf(formula.left), ...termsOf(formula.right)];
}

/** Null if any value in it is null, or is divided by zero. */
function calculated(formula: Formula, value: (term: Term) => number | null): number | null {
  if (formula.kind === "term") return value(formula);
  if (formula.kind === "number") return formula.value;
  if (formula.kind === "negative") {
    const of = calculated(formula.of, value);
    return of === null ? null : -of;
  }
  const [left, right] = [calculated(formula.left, value), calculated(formula.right, value)];
  if (left === null || right === null) return null;
  if (formula.sign === "+") return left + right;
  if (formula.sign === "-") return left - right;
  return formula.sign === "*" ? left * right : ratio(left, right);
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
