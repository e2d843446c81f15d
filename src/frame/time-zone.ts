import { UsageError } from "../errors/index.js";
import { nearestName } from "./nearest-name.js";

/** UTC, in which all times are unless a time zone is named. */
export const UTC = "UTC";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A time zone of the IANA database, as this Node knows it. Clock times are milliseconds as `Date.UTC` gives them for
 * what a clock on a wall there shows.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;

  private constructor(
    /** Its name, such as `Europe/Berlin`. */
    readonly name: string,
  ) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: name, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
      ...{ year: "numeric", month: "numeric", day: "numeric", era: "short" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
  }

  /** The zone called `name`. Throws UsageError with the nearest right name if there is none. */
  static of(name: string): TimeZone {
    try {
      // Offsets such as +02:00 are no names: they have no daylight saving time, and old Nodes refuse them.
      if (/^[A-Za-z]/.test(name)) return new TimeZone(name);
    } catch {}
    const nearest = nearestName(String(name), Intl.supportedValuesOf("timeZone"));
    throw new UsageError(
      `There is no time zone ${JSON.stringify(name)}.`,
      nearest === undefined
        ? 'Give a name of the IANA database, such as "Europe/Berlin".'
        : `Did you mean ${JSON.stringify(nearest)}?`,
    );
  }

  /**
   * The instant (milliseconds since 1970) at which the clock there shows `clock`, or, if clocks were set forward past
   * it, at which they were. Where they were set back and show it twice: the first or the last time, as `which` says.
   */
  instantOf(clock: number, which: "first" | "last"): number {
    const [before, after] = [this.#offset(clock - DAY_MS), this.#offset(clock + DAY_MS)];
    const matches = [clock - before, clock - after].filter((ms) => this.clockAt(ms) === clock);
    if (matches.length > 0) return which === "first" ? Math.min(...matches) : Math.max(...matches);
    return this.#changeBetween(clock - Math.max(before, after), clock - Math.min(before, after), clock);
  }

  /** What the clock there shows at the instant `ms`. */
  clockAt(ms: number): number {
    return ms + this.#offset(ms);
  }

  /** The first instant after `from`, up to `to`, at which the clock shows more than `clock`. */
  #changeBetween(from: number, to: number, clock: number): number {
    let [low, high] = [from, to];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.clockAt(middle) > clock) high = middle;
      else low = middle;
    }
    return high;
  }

  #offset(ms: number): number {
    const second = Math.floor(ms / 1000) * 1000;
    const parts = Object.fromEntries(
      this.#format.formatToParts(second).map(({ type, value }) => [type, value]),
    );
    const { year, month, day, hour, minute } = parts;
    const full = parts.era === "BC" ? 1 - Number(year) : Number(year);
    const clock = new Date(0);
    clock.setUTCFullYear(full, Number(month) - 1, Number(day));
    clock.setUTCHours(Number(hour), Number(minute), Number(parts.second));
    return clock.getTime() - second;
  }
}
