import type { FunnelExclusion, FunnelOptions } from "../../../src/analyses/funnel.js";
import { alike } from "./alike.js";
import { type Choice, choiceOf, matches } from "./events.js";
import { floor } from "./intervals.js";
import type { PlainEvent } from "./plain-event.js";

/** The times, in microseconds and floored to the resolution, at which an attempt came to each step that it came to. */
export type Attempt = readonly bigint[];

const UNITS = { second: 1_000_000n, millisecond: 1_000n } as const;
const SECONDS = { s: 1n, m: 60n, h: 3_600n, d: 86_400n, w: 604_800n } as const;
const DAY = 86_400_000_000n;

/** The time of an event as a funnel sees it. */
export function funnelTime(event: PlainEvent, options: FunnelOptions<string>): bigint {
  return floor(event.event_time, UNITS[options.resolution ?? "second"]);
}

/** What attempts to go through a funnel one user's events (or those of a user with a value) hold. */
export class Attempts {
  readonly #times: readonly (readonly bigint[])[];
  readonly #all: readonly bigint[];
  readonly #exclusions: readonly {
    readonly times: readonly bigint[];
    readonly after: number;
    readonly before: number;
  }[];
  readonly #alike: readonly (readonly boolean[])[];
  readonly #order: NonNullable<FunnelOptions["order"]>;
  readonly #window: bigint;

  /** `events`: all of the user that are known, also outside the range. */
  constructor(events: readonly PlainEvent[], steps: readonly Choice[], options: FunnelOptions<string>) {
    const inactive = [options.inactive ?? []].flat();
    const timesOf = (choice: Choice) =>
      different(
        events.filter((event) => matches(event, choice, inactive)).map((event) => funnelTime(event, options)),
      );
    this.#times = steps.map(timesOf);
    this.#all = different(events.map((event) => funnelTime(event, options)));
    this.#exclusions = (options.exclude ?? []).map((exclusion: FunnelExclusion) => ({
      times: timesOf(choiceOf(exclusion.event)),
      after: exclusion.after ?? 1,
      before: exclusion.before ?? steps.length,
    }));
    this.#alike = steps.map((one) => steps.map((other) => alike(one, other, inactive)));
    this.#order = options.order ?? "this order";
    this.#window = windowOf(options.window ?? "1d", this.#order);
  }

  /** The longest attempt of those whose first step is at one of `entries`; of those the earliest. */
  best(entries: readonly bigint[]): Attempt | undefined {
    const [first, ...others] = entries.map((entry) => this.#longest([entry], []));
    return others.reduce<Attempt | undefined>((best, other) => this.#better(best, other), first);
  }

  /**
   * One attempt for each of `entries` that no attempt before it went through, each with what those before left: an event is in
   * one attempt only.
   */
  each(entries: readonly bigint[]): readonly Attempt[] {
    const found: Attempt[] = [];
    for (const entry of entries) {
      if (!this.#isTaken(0, entry, found)) found.push(this.#longest([entry], found));
    }
    return found;
  }

  /** Tries every way to go on. */
  #longest(attempt: Attempt, taken: readonly Attempt[]): Attempt {
    let best = attempt;
    for (const time of this.#times[attempt.length] ?? []) {
      if (!this.#allows(attempt, time) || this.#isTaken(attempt.length, time, taken)) continue;
      best = this.#better(best, this.#longest([...attempt, time], taken));
    }
    return best;
  }

  /** The longer one; of equally long ones that whose first step, first two steps, … were done earlier. */
  #better(a: Attempt | undefined, b: Attempt): Attempt {
    if (a === undefined || b.length > a.length) return b;
    if (b.length < a.length) return a;
    return isEarlier([...doneTimes(b), ...b], [...doneTimes(a), ...a]) ? b : a;
  }

  #allows(attempt: Attempt, time: bigint): boolean {
    const last = attempt[attempt.length - 1] ?? 0n;
    const longer = [...attempt, time];
    if (this.#order !== "any order" && time < last) return false;
    if (attempt.some((earlier, step) => earlier === time && this.#alike[step]?.[attempt.length]))
      return false;
    if (largest(longer) - smallest(longer) > this.#window) return false;
    if (this.#order === "exact order" && this.#all.some((other) => other > last && other < time))
      return false;
    return this.#exclusions.every((exclusion) => {
      // In any order between the first and the last event; else between the two steps, as far as the attempt came.
      const [from, to] =
        this.#order === "any order"
          ? [smallest(longer), largest(longer)]
          : [longer[exclusion.after - 1], longer[Math.min(exclusion.before, longer.length) - 1]];
      if (from === undefined || to === undefined) return true;
      return !exclusion.times.some((excluded) => excluded > from && excluded < to);
    });
  }

  #isTaken(step: number, time: bigint, taken: readonly Attempt[]): boolean {
    return taken.some((attempt) =>
      attempt.some((other, otherStep) => other === time && this.#alike[otherStep]?.[step] === true),
    );
  }
}

/** When the first steps were all done: one, two, …. In order these are the times themselves. */
export function doneTimes(attempt: Attempt): readonly bigint[] {
  return attempt.map((_time, step) => largest(attempt.slice(0, step + 1)));
}

/** In microseconds. */
export function windowOf(text: string, order: string): bigint {
  const parts = /^([1-9]\d*)([smhdw])$/.exec(text);
  if (parts === null) throw new SyntaxError(`No window: ${text}`);
  const window = BigInt(parts[1] ?? 0) * SECONDS[parts[2] as keyof typeof SECONDS] * 1_000_000n;
  if (order !== "any order") return window;
  return window < DAY ? DAY : floor(window, DAY);
}

function isEarlier(a: readonly bigint[], b: readonly bigint[]): boolean {
  const at = a.findIndex((time, i) => time !== b[i]);
  return at !== -1 && (a[at] ?? 0n) < (b[at] ?? 0n);
}

function different(times: readonly bigint[]): readonly bigint[] {
  return [...new Set(times)].sort((a, b) => (a < b ? -1 : 1));
}

function largest(times: readonly bigint[]): bigint {
  return times.reduce((a, b) => (a > b ? a : b));
}

function smallest(times: readonly bigint[]): bigint {
  return times.reduce((a, b) => (a < b ? a : b));
}
