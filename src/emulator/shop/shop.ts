import { UsageError } from "../../errors/index.js";
import { addHours, dateOf, type Hour, hourAt, hourStart, parseHour } from "../../hour.js";

/** What synthetic project to make. Equal options and an equal `end` give equal bytes. */
export interface ShopOptions {
  /** Any integer. Default 1. */
  readonly seed?: number;
  /** Days of data, counted back from `end`. Default 7. */
  readonly days?: number;
  /**
   * The last upload hour with data, included, in UTC: `2026-11-23T05`. Default: none, data goes on as long as the clock does, and
   * begins at 00:00 UTC `days` days before the clock's today.
   */
  readonly end?: string;
  /** Mean events a day. Default 20,000. */
  readonly eventsPerDay?: number;
  /**
   * People known by the end of the days, most of them already at the start. Default 0.6 times
   * `eventsPerDay`.
   */
  readonly users?: number;
  /** Amplitude's project id (`app`), 1 to 999,999,999. Default 312746. */
  readonly projectId?: number;
  /** Share of events that come twice with the same `uuid`. Default 0.00005: five in a hundred thousand. */
  readonly duplicateRate?: number;
  /** About how many lines a member of an archive has; an hour has at least two members. Default 6,000. */
  readonly eventsPerMember?: number;
}

/** `ShopOptions` with every choice made: all that the data depends on, as plain values. */
export interface Shop {
  readonly seed: number;
  readonly projectId: number;
  /** The first upload hour with data. */
  readonly from: Hour;
  /** The last upload hour with data, or undefined if it goes on. */
  readonly to: Hour | undefined;
  readonly days: number;
  readonly users: number;
  readonly eventsPerDay: number;
  readonly duplicateRate: number;
  readonly eventsPerMember: number;
}

const DAY_MS = 86_400_000;

/**
 * Chooses what `options` leaves open. `now` (milliseconds since 1970) places the data when `end` is not
 * given. Throws UsageError for a number out of its bounds or an `end` that is no hour.
 */
export function resolveShop(options: ShopOptions = {}, now: number = Date.now()): Shop {
  const days = inBounds("days", options.days ?? 7, 1, 3650);
  const eventsPerDay = inBounds("eventsPerDay", options.eventsPerDay ?? 20_000, 1, 1_000_000_000);
  const users = inBounds(
    "users",
    options.users ?? Math.max(5, Math.round(eventsPerDay * 0.6)),
    1,
    500_000_000,
  );
  const end = options.end === undefined ? undefined : parseHour(options.end);
  if (end !== options.end) {
    throw new UsageError(
      `The end of the emulator's data is "${options.end}", which is not an hour.`,
      "Give an upload hour in UTC such as 2026-11-23T05.",
    );
  }
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return {
    seed: inBounds("seed", options.seed ?? 1, -2_147_483_648, 4_294_967_295),
    projectId: inBounds("projectId", options.projectId ?? 312_746, 1, 999_999_999),
    from: end ? addHours(end, 1 - days * 24) : hourAt(today - days * DAY_MS),
    to: end,
    days,
    users,
    eventsPerDay,
    duplicateRate: fractionIn("duplicateRate", options.duplicateRate ?? 0.00005),
    eventsPerMember: inBounds("eventsPerMember", options.eventsPerMember ?? 6_000, 1, 1_000_000),
  };
}

/** The last hour of the shop's nominal days: its `to`, or `days` days after its start where it goes on. */
export function lastPlannedHour(shop: Shop): Hour {
  return shop.to ?? addHours(shop.from, shop.days * 24 - 1);
}

/**
 * The instant, in milliseconds since 1970, at which the UTC day of the shop's first hour begins: its day 0.
 */
export function dayZero(shop: Shop): number {
  return Date.parse(`${dateOf(shop.from)}T00:00:00Z`);
}

/** The shop's number of the UTC day that holds `hour`. */
export function dayOf(shop: Shop, hour: Hour): number {
  return Math.floor((hourStart(hour) - dayZero(shop)) / DAY_MS);
}

function inBounds(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} is ${value}.`, `Give a whole number from ${min} to ${max}.`);
}

function fractionIn(name: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(`${name} is ${value}.`, "Give a number from 0 to 1.");
}
