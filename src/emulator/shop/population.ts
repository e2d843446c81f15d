import { fraction, hash } from "./random.js";
import { dayZero, type Shop } from "./shop.js";

/**
 * Events of an average visit and visits of an average active day, measured; `test/emulator` holds them to
 * it.
 */
const EVENTS_PER_VISIT = 9.5;
const VISITS_PER_DAY = 1.26;

/** Habit classes: share of the people, and how likely they come on a day against the most loyal. */
const HABITS = [
  { share: 0.15, rate: 1 },
  { share: 0.35, rate: 0.35 },
  { share: 0.5, rate: 0.07 },
] as const;

/** From Sunday to Saturday. */
const WEEKDAYS = [1.08, 0.98, 0.93, 0.94, 0.97, 1.01, 1.09] as const;
const KNOWN_BEFORE = 0.25;
const MOST_LIKELY = 0.97;
const HABIT = 0x51a3;
const ACTIVITY = 0x77c1;
const CAMPAIGN = 0x3b9d;

/** Who the shop's people are, when they came, and on which days they come back. Pure in the shop's values. */
export interface Population {
  /** More than 1 when few people must make many events: how much longer visits are. */
  readonly depth: number;
  /** People with a lower number were there before the shop's first hour. */
  readonly knownBefore: number;
  /** The local day on which `user` first came; -1 for those who were there before. */
  cameOn(user: number): number;
  /** Whether `user`, who `came` on that local day, visits on local day `day`. */
  isActive(user: number, day: number, came: number): boolean;
  /** Everyone who visits on local day `day`, in rising order. */
  activeOn(day: number): number[];
  /** How many people are known by the end of local day `day`. */
  size(day: number): number;
}

/** Plans the population of `shop`: cheap, whatever its size. */
export function createPopulation(shop: Shop): Population {
  const target = shop.eventsPerDay / (EVENTS_PER_VISIT * VISITS_PER_DAY);
  const newADay = Math.min((shop.users * 0.4) / shop.days, target * 0.1);
  const knownBefore = Math.max(1, Math.round(shop.users - newADay * shop.days));
  const weekdayZero = Math.floor(dayZero(shop) / 86_400_000) + 4;
  const weekday = (day: number) => WEEKDAYS[(((weekdayZero + day) % 7) + 7) % 7]!;
  const firsts = [knownBefore];

  /** The number of the first person who came on `day`; days before 0 have no newcomers. */
  function firstOf(day: number): number {
    while (firsts.length <= day) {
      const last = firsts.length - 1;
      const campaign = fraction(shop.seed, CAMPAIGN, last) < 0.12 ? 1.8 : 0.9;
      const exact = newADay * weekday(last) * campaign + fraction(shop.seed, CAMPAIGN, last, 1);
      firsts.push(firsts[last]! + Math.floor(exact));
    }
    return firsts[Math.max(0, day)]!;
  }

  function expected(day: number, scale: number): number {
    const likely = (base: number) =>
      HABITS.reduce((sum, habit) => sum + habit.share * probability(base * habit.rate), 0);
    const base = scale * weekday(day);
    let sum = knownBefore * likely(base * KNOWN_BEFORE) + firstOf(day + 1) - firstOf(day);
    for (let came = 0; came < day; came++) {
      sum += (firstOf(came + 1) - firstOf(came)) * likely(base * comeback(day - came));
    }
    return sum;
  }

  const stride = Math.ceil(shop.days / 60);
  function expectedADay(scale: number): number {
    let sum = 0;
    let days = 0;
    for (let day = 0; day < shop.days; day += stride, days++) sum += expected(day, scale);
    return sum / days;
  }

  let low = 0;
  let high = 20;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (expectedADay(middle) < target) low = middle;
    else high = middle;
  }
  const scale = high;
  const depth = Math.max(1, target / expectedADay(scale));

  function likelihood(user: number, came: number, day: number): number {
    const base = came < 0 ? KNOWN_BEFORE : comeback(day - came);
    return probability(base * scale * weekday(day) * habitRate(shop.seed, user));
  }

  function isActiveSince(user: number, came: number, day: number): boolean {
    if (came >= 0 && day <= came) return day === came;
    return fraction(shop.seed, ACTIVITY, user, day) < likelihood(user, came, day);
  }

  function cameOn(user: number): number {
    if (user < knownBefore) return -1;
    for (let day = firsts.length - 1; firsts[day]! <= user; day++) firstOf(day + 1);
    let from = 0;
    let to = firsts.length - 1;
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (firsts[middle]! <= user) from = middle;
      else to = middle - 1;
    }
    return from;
  }

  return {
    depth,
    knownBefore,
    cameOn,
    isActive: (user, day, came) => isActiveSince(user, came, day),
    activeOn(day) {
      const active: number[] = [];
      for (let user = 0; user < knownBefore; user++) {
        if (fraction(shop.seed, ACTIVITY, user, day) < likelihood(user, -1, day)) active.push(user);
      }
      for (let came = 0; came <= day; came++) {
        const end = firstOf(came + 1);
        for (let user = firstOf(came); user < end; user++) {
          if (isActiveSince(user, came, day)) active.push(user);
        }
      }
      return active;
    },
    size: (day) => firstOf(Math.max(0, day + 1)),
  };
}

/** The share of newcomers that comes back on the `age`-th day, for the most loyal; weekly habits show. */
function comeback(age: number): number {
  return (0.62 / Math.sqrt(age)) * (age % 7 === 0 ? 1.2 : 1);
}

function probability(likely: number): number {
  return Math.min(MOST_LIKELY, likely);
}

function habitRate(seed: number, user: number): number {
  const draw = hash(seed, HABIT, user) / 4_294_967_296;
  return draw < HABITS[0].share
    ? HABITS[0].rate
    : draw < HABITS[0].share + HABITS[1].share
      ? HABITS[1].rate
      : HABITS[2].rate;
}
