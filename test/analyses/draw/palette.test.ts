import { describe, expect, test } from "vitest";
import {
  COLORS,
  HEAT_COLORS,
  SERIES_COLORS,
  type Theme,
  themed,
} from "../../../src/analyses/draw/picture/palette.js";
import { contrast, distance, SIGHTS } from "./colors.js";

describe.each<Theme>(["light", "dark"])("on %s ground", (theme) => {
  const of = (name: string) => COLORS[theme][name]!;
  const series = Array.from({ length: SERIES_COLORS }, (_, i) => of(`series${i}`));

  test("text stands out by 4.5 to 1, series and axes by what WCAG asks of graphics, 3 to 1", () => {
    for (const name of ["ink", "muted"]) expect(contrast(of(name), of("paper"))).toBeGreaterThanOrEqual(4.5);
    for (const color of series) expect(contrast(color, of("paper"))).toBeGreaterThanOrEqual(2.95);
    for (let i = 0; i < HEAT_COLORS; i++) {
      expect(contrast(of(`on${i}`), of(`heat${i}`)), `heat${i}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(Object.entries(SIGHTS))("any two series are told apart with %s sight", (_, sight) => {
    for (const [i, a] of series.entries()) {
      for (const b of series.slice(i + 1)) expect(distance(a, b, sight), `${a} ${b}`).toBeGreaterThan(7);
    }
  });

  test("more is always darker, or always lighter", () => {
    const steps = Array.from({ length: HEAT_COLORS }, (_, i) => contrast(of(`heat${i}`), of("paper")));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });
});

test("only a palette's own variables become colours", () => {
  expect([themed("var(--af-ink)", "light"), themed("var(--x)", "light"), themed("none", "dark")]).toEqual([
    "#1a1d23",
    "var(--x)",
    "none",
  ]);
});
