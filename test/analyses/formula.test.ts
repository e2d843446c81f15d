import { afterAll, expect, test } from "vitest";
import { parseFormula } from "../../src/analyses/formula-parser.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import { MadeSources } from "./made-source.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const two = { events: 2, segments: 2 };

test.each([
  ["ROLLWIN(UNIQUES, A, 7)", "ROLLWIN(UNIQUES(A), 7)"],
  ["rollwin ( uniques , a2 , 7 )", "ROLLWIN(UNIQUES(A2), 7)"],
  ["ROLLWINBEFORE(UNIQUES, A, 7)", "ROLLWIN(UNIQUES(A), 7)"],
  ["ROLLAVG(PERCENTILE, B, price, 0.9, 3)", "ROLLAVG(PERCENTILE(B, price, 0.9), 3)"],
  ["CUMSUM(PROPSUM, A, price)", "CUMSUM(PROPSUM(A, 'price'))"],
  ["REVENUETOTAL(A, $revenue)", "PROPSUM(A, $revenue)"],
  ["SEMANTICTOTALS(A, all_values)", "TOTALS(A)"],
])("%s means %s", (written, same) => {
  expect(parseFormula(written, two)).toEqual(parseFormula(same, two));
});

test.each([
  ["HIST(A)", /HIST, which is not there/, /engagement/],
  ["1 + PROPHIST(A)", /PROPHIST, which is not there/, /distribution/],
  ["SESSIONTOTALS(A)", /SESSIONTOTALS/, /analysis sessions/],
  ["EVENTTOTALS(A)", /EVENTTOTALS/, /TOTALS\(A\)/],
  ["ROLLWIN(ARPAU, A, price, 7)", /"ARPAU, A, price, 7\)" at character 9 where another number than ARPAU/, /./],
  ["PROPSUM(A)", /PROPSUM has no property/, /PROPSUM\(A, price\)/],
  ["REVENUETOTAL(B)", /REVENUETOTAL has no property/, /event's group/],
  ["UNIQUES(A3)", /"A3\)" at character 9 where A with a number 1 to 2, the segments/, /./],
  ["UNIQUES(A0)", /where A with a number 1 to 2/, /./],
  ["UNIQUES(C1)", /one of A to B, the events/, /./],
  ["LOG(UNIQUES(A), 1)", /where a base, a number was expected/, /./],
  ["POWER(UNIQUES(A))", /where a comma and an exponent was expected/, /./],
  ["CUMSUM(EXP(1))", /a number of an event/, /./],
  ["%UNIQUES(A)", /"%UNIQUES\(A\)" at character 1/, /./],
])("%s is refused", (formula, message, wayOut) => {
  const error = expect.objectContaining({
    message: expect.stringMatching(message),
    wayOut: expect.stringMatching(wayOut),
  });
  expect(() => parseFormula(formula, two)).toThrow(error);
}); // biome-ignore format: a table

const events = [
  did(1, "2026-11-02T10:00:00", "Buy", { country: "DE", properties: { price: 10 } }),
  did(1, "2026-11-03T10:00:00", "Buy", { country: "DE", properties: { price: 30 } }),
  did(2, "2026-11-03T10:00:00", "Buy", { country: "AT", properties: { price: 20 } }),
  did(3, "2026-11-03T10:00:00", "Open", { country: "AT" }),
  did(1, "2026-11-04T10:00:00", "Buy", { country: "DE", properties: { price: 6 } }),
];
const setting = range("2026-11-02", "2026-11-05");
const segments = {
  DE: { filters: [{ property: "country", value: "DE" }] },
  AT: { filters: [{ property: "country", value: "AT" }] },
};

test("a segment's number makes one line of several segments", async () => {
  const source = await sources.of(events, setting);
  const one = await segmentation(source, "Buy", { segments, formula: "%:UNIQUES(A2)/UNIQUES(A1)" });
  expect(one.rows.map(({ segment, value }) => [segment, value])).toEqual([["DE, AT", 0], ["DE, AT", 1], ["DE, AT", 0]]); // biome-ignore format: short
  expect(one.chart).toMatchObject({
    unit: "percent",
    series: [{ name: "DE, AT" }],
  });
  const each = await segmentation(source, "Buy", { segments, formula: "TOTALS(A) - TOTALS(A1)" });
  expect(each.totals.map(({ segment, value }) => [segment, value])).toEqual([["DE", 0], ["AT", -2]]); // biome-ignore format: short
});

test("prefixes say how the chart is written, of several formulas only where they agree", async () => {
  const source = await sources.of(events, setting);
  const unitOf = async (formula: string) =>
    (await segmentation(source, "Buy", { formula })).chart as { unit: string };
  expect((await unitOf("$:ARPAU(A, price)")).unit).toBe("dollars");
  expect((await unitOf("$:REVENUETOTAL(A, price); UNIQUES(A)")).unit).toBe("count");
  const text = (await segmentation(source, "Buy", { formula: "$:ARPAU(A, price)" })).toText({ width: 80 });
  expect(text).toContain("$:ARPAU(A, price) $6");
});

// https://amplitude.com/docs/analytics/charts/event-segmentation/event-segmentation-custom-formulas#semantictotals
test("two tacos in one checkout are two items, or one event", async () => {
  const checkout = did(1, "2026-11-02T10:00:00", "Checkout", { properties: { product: ["tacos", "tacos"] } });
  const source = await sources.of([checkout], setting);
  const of = async (formula: string) =>
    (await segmentation(source, "Checkout", { formula, groupBy: "product" })).totals.map(
      ({ value }) => value,
    );
  expect(await of("SEMANTICTOTALS(A, UNIQUE_ARRAY_VALUES)")).toEqual([1]);
  expect(await of("SEMANTICTOTALS(A, ALL_VALUES)")).toEqual([2]);
});

test("a trend line is straight through all days", async () => {
  const source = await sources.of(events, setting);
  const { rows, totals } = await segmentation(source, "Buy", { formula: "TRENDLINE(PROPSUM(A, price))" });
  // 10, 50, 6: mean 22, slope (6 - 10) / 2.
  expect(rows.map(({ value }) => value)).toEqual([24, 22, 20]);
  expect(totals[0]?.value).toBe(66);
});
