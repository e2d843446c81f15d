import { expect, test } from "vitest";
import { checkedDefinition } from "../../src/analyses/run-analysis.js";

test.each([
  [{ analysis: "segmentation", events: "View", measure: { percentile: "price", p: 95 } }],
  [{ analysis: "funnel", steps: ["View", { event: ["Buy", "Rent"] }], exclude: [{ event: "Cancel", after: 1 }] }],
  [{ analysis: "retention", brackets: [[0, 0], [1, 3]], identity: { merges: "merges.csv" } }],
  [{ analysis: "distribution", event: "View", property: "price", bins: [0, 10] }],
  [{ analysis: "engagement", event: "View", buckets: [[1, 4], [5, null]], last: undefined }],
  [{ analysis: "paths", event: "View", segments: { DE: { filters: [{ property: "country", value: ["a", null] }] } } }],
])("%j is a definition", (definition) => {
  expect(checkedDefinition(definition)).toBe(definition);
}); // biome-ignore format: a table

test.each<[unknown, RegExp, RegExp]>([
  [null, /has no name/, /"analysis": "funnel"/],
  [{ analysis: "funel", steps: [] }, /no analysis "funel"/, /"funnel"/],
  [{ analysis: "toString" }, /no analysis "toString"/, /./],
  [{ analysis: "funnel" }, /has no steps/, /list of events/],
  [{ analysis: "distribution", event: "View" }, /has no property/, /a text/],
  [{ analysis: "funnel", steps: "View" }, /steps of funnel is "View"/, /list of events/],
  [{ analysis: "funnel", steps: ["View"], windo: "1d" }, /no option "windo"/, /"window"/],
  [{ analysis: "retention", constructor: 1 }, /no option "constructor"/, /./],
  [{ analysis: "retention", signal: 1 }, /no option "signal"/, /./],
  [{ analysis: "retention", mode: "rollin" }, /mode of retention is "rollin"/, /"rolling", "calendar"/],
  [{ analysis: "retention", brackets: [[0]] }, /brackets of retention/, /pairs/],
  [
    { analysis: "segmentation", events: "a", segments: { x: { filter: [] } } },
    /segments of/,
    /segments by name/,
  ],
  [
    { analysis: "segmentation", events: [{ event: "a", filters: [{ property: "x", op: "=" }] }] },
    /events of/,
    /./,
  ],
])("%j is refused", (definition, message, wayOut) => {
  expect(() => checkedDefinition(definition)).toThrow(
    expect.objectContaining({
      name: "UsageError",
      message: expect.stringMatching(message),
      wayOut: expect.stringMatching(wayOut),
    }),
  );
});
