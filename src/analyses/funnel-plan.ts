import { UsageError } from "../errors/index.js";
import { unknownName } from "../frame/selection.js";
import type { AnalysisInput } from "./analysis-input.js";
import type { Calendar } from "./calendar.js";
import type { EventChoice } from "./event-choice.js";
import { areAlike, type ChosenEvents, chosenEvents } from "./event-choice-sql.js";
import type { FunnelOptions, FunnelOrder } from "./funnel.js";
import type { AttemptRules } from "./funnel-attempts.js";

/** A funnel's options, checked and filled in. */
export interface FunnelPlan {
  readonly input: AnalysisInput;
  readonly steps: readonly ChosenEvents[];
  readonly excluded: readonly ChosenEvents[];
  readonly rules: AttemptRules;
  /** Microseconds. */
  readonly window: bigint;
  readonly unit: bigint;
  readonly totals: boolean;
  readonly holdConstant: string | undefined;
  readonly groupBy: string | readonly string[] | undefined;
  readonly calendar: Calendar | undefined;
}

/** The names of a funnel's own options. */
export const FUNNEL_OPTIONS: readonly string[] = [
  ...["order", "window", "resolution", "count", "holdConstant", "exclude", "groupBy", "interval"],
];

const ORDERS: readonly FunnelOrder[] = ["this order", "any order", "exact order"];
const UNITS = { second: 1_000_000n, millisecond: 1_000n } as const;
const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3_600n, d: 86_400n, w: 604_800n };
const DAY = 86_400_000_000n;
/** Steps and exclusions, and segments, are bits of a 32-bit integer each. */
const MOST = 30;

/** Reads a funnel's steps and options. Throws UsageError. */
export function funnelPlan(
  input: AnalysisInput,
  given: readonly EventChoice[],
  options: FunnelOptions<string>,
): FunnelPlan {
  const { order = "this order", resolution = "second", count = "uniques", exclude = [] } = options;
  if (!ORDERS.includes(order)) throw unknownName("order", order, ORDERS);
  if (!Object.hasOwn(UNITS, resolution)) throw unknownName("resolution", resolution, Object.keys(UNITS));
  if (count !== "uniques" && count !== "totals") throw unknownName("count", count, ["uniques", "totals"]);
  if (given.length === 0) throw new UsageError("A funnel has no steps.", "Name at least one event.");
  if (given.length + exclude.length > MOST) {
    const found = `${given.length} steps and ${exclude.length} exclusions`;
    throw new UsageError(`A funnel has ${found}.`, `Give at most ${MOST} together.`);
  }
  if (input.segments.length > MOST) {
    throw new UsageError(`There are ${input.segments.length} segments.`, `Give at most ${MOST}.`);
  }
  const steps = given.map(chosenEvents);
  const unit = UNITS[resolution];
  const window = windowOf(options.window ?? "1d", order);
  const { interval } = options;
  return {
    ...{ input, steps, window, unit, holdConstant: options.holdConstant, groupBy: options.groupBy },
    excluded: exclude.map(({ event }) => chosenEvents(event)),
    rules: {
      order,
      window: Number(window / unit),
      alike: steps.map((one) =>
        steps.reduce(
          (bits, other, i) =>
            one === other || areAlike(one, other, input.inactive) ? bits | (1 << i) : bits,
          0,
        ),
      ),
      exclusions: exclude.map(({ after, before }) => between(after, before, steps.length)),
    },
    totals: count === "totals",
    calendar: interval === undefined ? undefined : input.calendar(interval),
  };
}

function between(
  after: number | undefined = 1,
  before: number | undefined,
  steps: number,
): { readonly after: number; readonly before: number } {
  const last = before ?? steps;
  const isStep = (step: number): boolean => Number.isInteger(step) && step >= 1 && step <= steps;
  if (!isStep(after) || !isStep(last) || (after >= last && steps > 1)) {
    throw new UsageError(
      `An exclusion is between steps ${String(after)} and ${String(last)} of ${steps}.`,
      "Give two of the steps, the earlier one in after: they are counted from 1.",
    );
  }
  return { after: after - 1, before: last - 1 };
}

/** In microseconds. Throws UsageError. */
function windowOf(text: string, order: FunnelOrder): bigint {
  const [, count = "0", unit = ""] = /^(\d{1,8})([smhdw])$/.exec(text) ?? [];
  const window = BigInt(count) * (SECONDS[unit] ?? 0n) * 1_000_000n;
  if (window === 0n || window > 366n * DAY) {
    throw new UsageError(
      `window is ${JSON.stringify(text)}, which is no time from 1 second to 366 days.`,
      "Write seconds, minutes, hours, days or weeks: 30s, 15m, 6h, 1d, 2w.",
    );
  }
  if (order !== "any order") return window;
  return window < DAY ? DAY : window - (window % DAY);
}
