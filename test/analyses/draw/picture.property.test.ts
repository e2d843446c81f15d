import fc from "fast-check";
import { expect, test } from "vitest";
import { chartSvg } from "../../../src/analyses/draw/picture/svg.js";
import { hostileChart } from "./hostile-charts.js";
import { parsedXml } from "./xml.js";

const KNOWN = new Set(["svg", "title", "rect", "text", "tspan", "g", "path", "line", "circle"]);
const REFERENCE = /^(href|xlink:href|style|class|id|filter|clip-path|mask|on\w+)$/;

test("of any chart there is XML without scripts, links, style sheets or numbers that are none", () => {
  fc.assert(
    fc.property(
      hostileChart,
      fc.constantFrom("light" as const, "dark" as const, undefined),
      (chart, theme) => {
        const svg = chartSvg(chart, { theme });
        for (const { name, attributes } of parsedXml(svg)) {
          expect(KNOWN).toContain(name);
          for (const [key, value] of Object.entries(attributes)) {
            expect(key).not.toMatch(REFERENCE);
            if (key !== "aria-label") expect(value).not.toMatch(/NaN|Infinity|undefined/);
            if (key === "fill" || key === "stroke") expect(value).not.toMatch(/url/);
          }
        }
        if (theme !== undefined)
          expect(svg.replaceAll(/>[^<]*<|aria-label="[^"]*"/g, "")).not.toContain("var(");
      },
    ),
    { numRuns: 80 },
  );
});

test("of any size too", () => {
  const size = fc.option(fc.integer({ min: 200, max: 4000 }), { nil: undefined });
  fc.assert(
    fc.property(hostileChart, fc.integer({ min: 320, max: 4000 }), size, (chart, width, height) => {
      const [root] = parsedXml(chartSvg(chart, { theme: "light", width, height }));
      expect(root?.attributes.width).toBe(String(width));
    }),
    { numRuns: 40 },
  );
});
