import { expect, test } from "vitest";
import { type CalendarHour, calendar } from "../../src/cli/calendar.js";
import { paintFor } from "../../src/cli/paint.js";
import { addHours, type Hour } from "../../src/hour.js";

const PLAIN = paintFor({ isTTY: false }, {});

function hours(from: string, states: readonly CalendarHour["state"][], rows = 10): CalendarHour[] {
  return states.map((state, i) => ({
    hour: addHours(from as Hour, i),
    state,
    rows: state === "held" ? rows : 0,
  }));
}

test("each state has its sign, each day its row and its events", () => {
  const states = [
    ...hours("2026-11-16T20", ["held", "held", "empty", "missing"]),
    ...hours("2026-11-17T00", ["refused", "held", "settling"], 1000),
  ];
  states[2] = { ...states[2]!, provisional: true };
  expect(calendar(states, PLAIN).split("\n")).toEqual([
    "              00    06    12    18           events",
    "  2026-11-16                      ██?-             20",
    "  2026-11-17  ×█~                               1,000",
    "  █ 3 held   ? 1 empty, to be asked again   ~ 1 settling   × 1 refused   - 1 missing",
  ]);
});

test("of a long history the old days are counted, and those with a flaw are shown", () => {
  const states: CalendarHour["state"][] = Array.from({ length: 24 * 100 }, () => "held");
  states[24 * 3 + 5] = "refused";
  const lines = calendar(hours("2026-01-01T00", states), PLAIN).split("\n");
  expect(lines[1]).toBe("  37 earlier days without a flaw");
  expect(lines[2]).toContain("2026-01-04  █████×███");
  expect(lines).toHaveLength(1 + 1 + 1 + 62 + 1);
});
