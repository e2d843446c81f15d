import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chartText } from "../../../src/analyses/draw/terminal.js";
import { displayWidth } from "../../../src/frame/print/display-width.js";
import { hostileChart } from "./hostile-charts.js";

/** An ANSI style. */
const STYLE = new RegExp(`${"\\u001b"}\\[[\\d;]+m`, "g");
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]|\p{Surrogate}/u;

test("no chart is wider than asked or prints a control character, whatever its names and values are", () => {
  fc.assert(
    fc.property(hostileChart, fc.integer({ min: 1, max: 200 }), fc.boolean(), (chart, width, colors) => {
      const text = chartText(chart, { width, colors });
      for (const line of text.split("\n")) {
        const seen = colors ? stripVTControlCharacters(line) : line;
        expect(seen).not.toMatch(CONTROL);
        expect(displayWidth(seen)).toBeLessThanOrEqual(width);
      }
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 400 },
  );
});

test("with colours, what escapes there are are styles that end in their line", () => {
  fc.assert(
    fc.property(hostileChart, (chart) => {
      for (const line of chartText(chart, { width: 100, colors: true }).split("\n")) {
        const styles = line.match(STYLE) ?? [];
        expect(line.split("\u001b")).toHaveLength(styles.length + 1);
        expect(styles.length === 0 || styles.at(-1) === "\u001b[0m").toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});
