import type { LifetimeValueOptions, LifetimeValueRow } from "../../../src/analyses/lifetime-value.js";
import type { RevenueOptions, RevenueRow, RevenueSource } from "../../../src/analyses/revenue.js";
import { jsonNumberOf } from "./groups.js";
import {
  allGroups,
  DAY,
  type Done,
  dateOf,
  firstEvents,
  fitsChoice,
  inOrder,
  inRange,
  isActive,
  isCensored,
  isIn,
  isIncomplete,
  pieceOf,
  piecesOf,
  segmentsOf,
  usersOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

/** What an event brings; null if it is no revenue event. */
function amountOf(done: Done, source: RevenueSource, options: RevenueOptions<string>): number | null {
  if (source.event !== undefined && !fitsChoice(done, source.event, options)) return null;
  const number = (property: string) => jsonNumberOf(done.event, property);
  if (source.property !== undefined) return number(source.property);
  const revenue = number("$revenue");
  if (revenue !== null) return revenue;
  if (source.event === undefined && done.event.event_type === "revenue_amount") return null;
  const price = number("$price");
  return price === null ? null : price * (number("$quantity") ?? 1);
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const ratio = (a: number, b: number) => (b === 0 ? null : a / b);

export function revenue<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: RevenueOptions<G> = {},
): RevenueRow<G>[] {
  const { interval = "day", groupBy } = options;
  const all = inOrder(events, setting, options).filter((done) => inRange(done, setting));
  const rows: RevenueRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = all.filter(
      (done) => segment.fits(done) && (isActive(done, options) || amountOf(done, options, options) !== null),
    );
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((done) => isIn(done, group, groupBy));
      for (const piece of piecesOf(setting, interval, options)) {
        const counted = grouped.filter((done) => inRange(done, piece));
        const paid = counted.filter((done) => amountOf(done, options, options) !== null);
        const total = sum(paid.map((done) => amountOf(done, options, options)!));
        const payingUsers = usersOf(paid).size;
        const activeUsers = usersOf(counted.filter((done) => isActive(done, options))).size;
        rows.push({
          time: piece.label,
          start: dateOf(piece.from),
          segment: segment.name,
          revenue: total,
          payingUsers,
          activeUsers,
          arpu: ratio(total, activeUsers),
          arppu: ratio(total, payingUsers),
          incomplete: isIncomplete(piece, setting),
          ...group,
        });
      }
    }
  }
  return rows;
}

export function lifetimeValue<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  options: LifetimeValueOptions<G> = {},
): LifetimeValueRow<G>[] {
  const { interval = "day", groupBy, history } = options;
  const last = options.intervals ?? (interval === "day" ? 30 : 12);
  const length = { day: DAY, week: 7n * DAY, month: 30n * DAY }[interval];
  const all = inOrder(events, setting, options);
  const paid = all.filter((done) => amountOf(done, options, options) !== null);
  const first = firstEvents(events, setting, options);
  const newUsers = all.filter((done) => first.get(done.user) === done.event && inRange(done, setting));
  const cohorts = piecesOf(setting, interval, options);
  const rows: LifetimeValueRow<G>[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = newUsers.filter((first) => segment.fits(first));
    for (const group of allGroups(fitting, groupBy)) {
      const grouped = fitting.filter((first) => isIn(first, group, groupBy));
      const add = (cohort: string | null, since: number, from: bigint, users: readonly Done[]) => {
        const endFor = (first: Done) => first.at + BigInt(since + 1) * length;
        const over = users.filter((first) => endFor(first) <= setting.dataUntil);
        const counted = cohort === null ? over : users;
        const paidBy = ({ user }: Done) => paid.filter((done) => done.user === user);
        const revenue = sum(
          counted.flatMap((first) =>
            paidBy(first)
              .filter((done) => done.at < endFor(first))
              .map((done) => amountOf(done, options, options)!),
          ),
        );
        const payingUsers = counted.filter((first) => paidBy(first).length > 0).length;
        rows.push({
          cohort,
          segment: segment.name,
          interval: since,
          users: counted.length,
          payingUsers,
          newPayingUsers: counted.filter((first) => {
            const at = paidBy(first)[0]?.at;
            return at !== undefined && at >= endFor(first) - length && at < endFor(first);
          }).length,
          revenue,
          arpu: ratio(revenue, counted.length),
          arppu: ratio(revenue, payingUsers),
          incomplete: cohort !== null && over.length < users.length,
          censored: isCensored(from, setting, history),
          ...group,
        });
      };
      for (let since = 0; since <= last; since++) add(null, since, cohorts[0]!.from, grouped);
      for (const cohort of cohorts) {
        const users = grouped.filter(({ at }) => pieceOf(at, interval, options).label === cohort.label);
        for (let since = 0; since <= last; since++) {
          if (cohort.from + BigInt(since) * length >= setting.dataUntil) continue;
          add(cohort.label, since, cohort.from, users);
        }
      }
    }
  }
  return rows;
}
