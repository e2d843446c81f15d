import { hourStart } from "../../hour.js";
import { placeOf } from "./persona.js";
import type { Population } from "./population.js";
import { hash, Rng } from "./random.js";
import { dayZero, type Shop } from "./shop.js";
import { type Act, chooseDevice, firstStanding, playVisit, type Standing } from "./visit.js";

/** One visit of one person, as it truly happened. */
export interface Visit {
  readonly user: number;
  /** The person's local day, counted from the shop's day 0; from -1. */
  readonly day: number;
  /** Number of the visit on that day, from 0. */
  readonly no: number;
  readonly device: number;
  /** Its true start, in milliseconds since 1970. */
  readonly start: number;
  readonly acts: readonly Act[];
  /** Events that the device had sent before. */
  readonly sentBefore: number;
  /** Whether it is the first visit of somebody who came within the shop's days. */
  readonly first: boolean;
}

/** Visits of a local day are told apart by this many numbers. */
export const MOST_VISITS_A_DAY = 8;

const VISIT = 0x2c1b;
const MOST_REMEMBERED = 200_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** How many of a thousand visits begin in each local hour, 0 to 22. */
const HOURS = [12, 6, 4, 3, 3, 6, 14, 28, 42, 48, 52, 55, 63, 55, 48, 48, 53, 62, 74, 90, 101, 96, 68];
const HOUR_SUM = HOURS.reduce((sum, weight) => sum + weight, 0);

function localHour(at: number): number {
  let left = at * HOUR_SUM;
  let hour = 0;
  while (hour < HOURS.length - 1 && left >= HOURS[hour]!) left -= HOURS[hour++]!;
  return hour;
}

/** The local hours at which a person's visits of a day begin: rising, at least two hours apart. */
function visitHours(depth: number, rng: Rng): number[] {
  const wanted = 1 + (rng.chance(0.24) ? 1 : 0) + (rng.chance(0.07) ? 1 : 0) + (depth > 1 ? 1 : 0);
  const hours = Array.from({ length: wanted }, () => localHour(rng.next())).sort((a, b) => a - b);
  return hours.filter((hour, i) => i === 0 || hour - hours[i - 1]! >= 2);
}

/** Every visit of `user` from the shop's first hour through local day `through`, in order. */
export function* visitsOf(shop: Shop, people: Population, user: number, through: number): Generator<Visit> {
  const standing = firstStanding(shop, people, user);
  const came = people.cameOn(user);
  for (let day = came; day <= through; day++) yield* playDay(shop, people, user, came, day, standing);
}

/** The visits of one local day; moves `standing` on. */
function* playDay(
  shop: Shop,
  people: Population,
  user: number,
  came: number,
  day: number,
  standing: Standing,
): Generator<Visit> {
  if (!people.isActive(user, day, came)) return;
  const rng = new Rng(hash(shop.seed ^ VISIT, user, day));
  const midnight = dayZero(shop) + day * DAY_MS - placeOf(shop, user).offset * 60_000;
  for (const [no, hour] of visitHours(people.depth, rng).entries()) {
    const start = midnight + hour * HOUR_MS + rng.below(HOUR_MS);
    if (start < hourStart(shop.from)) continue;
    const device = chooseDevice(shop, user, standing, rng);
    const sentBefore = standing.sent[device]!;
    const first = standing.visits === 0;
    const acts = playVisit(shop, user, device, standing, people.depth, rng);
    yield { user, day, no, device, start, acts, sentBefore, first };
  }
}

/**
 * Finds the visits of single days. Remembers how people stood on the day they were last asked for, so that
 * days asked for in order do not play the past again; the answers do not depend on it.
 */
export class Timelines {
  readonly #shop: Shop;
  readonly #people: Population;
  readonly #saved = new Map<number, { day: number; standing: Standing }>();

  constructor(shop: Shop, people: Population) {
    this.#shop = shop;
    this.#people = people;
  }

  /** The visits of `user` on local day `day`, in order. */
  visitsOn(user: number, day: number): Visit[] {
    const came = this.#people.cameOn(user);
    const saved = this.#saved.get(user);
    const known = saved && saved.day <= day ? saved : undefined;
    const standing = known?.standing ?? firstStanding(this.#shop, this.#people, user);
    for (let past = known?.day ?? came; past < day; past++) {
      for (const _ of playDay(this.#shop, this.#people, user, came, past, standing));
    }
    if (this.#saved.size >= MOST_REMEMBERED) this.#saved.clear();
    this.#saved.set(user, { day, standing: { ...standing, sent: [...standing.sent] } });
    return [...playDay(this.#shop, this.#people, user, came, day, standing)];
  }
}
