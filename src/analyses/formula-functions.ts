/** Amplitude's functions of a number; LOG and POWER take a second one, a constant. */
export const FORMULA_FUNCTIONS = ["EXP", "LN", "LOG", "LOG10", "POWER", "SQRT"] as const;

export type FormulaFunction = (typeof FORMULA_FUNCTIONS)[number];

/** The greatest that EXP takes, by Amplitude's page on formulas. */
const MOST_EXPONENT = 700;

/** The function of `value`; null without one, or where it has no finite value. `argument`: base of LOG, exponent of POWER. */
export function computed(name: FormulaFunction, value: number | null, argument = 1): number | null {
  if (value === null) return null;
  const result = applied(name, value, argument);
  return Number.isFinite(result) ? result : null;
}

function applied(name: FormulaFunction, value: number, argument: number): number {
  switch (name) {
    case "EXP":
      return value > MOST_EXPONENT ? Number.NaN : Math.exp(value);
    case "LN":
      return Math.log(value);
    case "LOG":
      return Math.log(value) / Math.log(argument);
    case "LOG10":
      return Math.log10(value);
    case "POWER":
      return value ** argument;
    case "SQRT":
      return Math.sqrt(value);
  }
}

/**
 * The straight line that lies nearest to `values` by least squares, at each of them; those that are null are left out. Through
 * one value it is level; without any it is null.
 */
export function trendLine(values: readonly (number | null)[]): (number | null)[] {
  const known = values.flatMap((y, x) => (y === null ? [] : [{ x, y }]));
  if (known.length === 0) return values.map(() => null);
  const meanX = known.reduce((sum, { x }) => sum + x, 0) / known.length;
  const meanY = known.reduce((sum, { y }) => sum + y, 0) / known.length;
  const spread = known.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const together = known.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const slope = spread === 0 ? 0 : together / spread;
  return values.map((_, x) => meanY + slope * (x - meanX));
}
