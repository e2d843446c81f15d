import { afterAll, expect, test } from "vitest";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import { areAlike, chosenEvents } from "../../src/analyses/event-choice-sql.js";
import { funnel } from "../../src/analyses/funnel.js";
import { retention } from "../../src/analyses/retention.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import { MadeSources } from "./made-source.js";
import { did, range } from "./reference/written.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const events = [
  did(1, "2026-11-02T10:00:00", "Open"),
  did(1, "2026-11-02T11:00:00", "ping"),
  did(2, "2026-11-02T12:00:00", "ping"),
  did(3, "2026-11-02T13:00:00", "tick"),
];
const inactive = ["ping", "tick"];

test("_active with a type means active events and those of the type", async () => {
  const source = await sources.of(events, range("2026-11-02", "2026-11-03"));
  const totalOf = async (choice: EventChoice) =>
    (await segmentation(source, choice, { inactive, measure: "totals" })).totals[0]?.value;
  expect(await totalOf("_active")).toBe(1);
  expect(await totalOf({ event: ["_active", "ping"] })).toBe(3);
  expect(await totalOf({ event: ["ping", "tick", "_active"] })).toBe(4);
  expect(await totalOf({ event: ["_all", "ping"] })).toBe(4);
});

test.each<[EventChoice, EventChoice, boolean]>([
  ["_active", "Open", true],
  ["_active", "ping", false],
  [{ event: ["_active", "ping"] }, "ping", true],
  [{ event: ["_active", "ping"] }, "tick", false],
  ["tick", { event: ["_active", "ping"] }, false],
  [{ event: ["_active", "ping"] }, { event: ["ping", "tick"] }, true],
  ["_active", { event: ["_active", "ping"] }, true],
  ["_all", "tick", true],
  ["ping", "tick", false],
])("whether %j and %j may be one event is %s", (a, b, expected) => {
  expect(areAlike(chosenEvents(a), chosenEvents(b), inactive)).toBe(expected);
});

test("_new is refused in a list, and anywhere but where retention starts", async () => {
  const source = await sources.of(events, range("2026-11-02", "2026-11-03"));
  await expect(retention(source, { start: { event: ["_new", "Open"] } })).rejects.toMatchObject({
    message: "_new is in a list with Open.",
    wayOut: expect.stringContaining("only retention starts with it"),
  });
  await expect(retention(source, { return: "_new" })).rejects.toThrow("_new is given as an event.");
  await expect(funnel(source, ["_new", "Open"])).rejects.toThrow("_new is given as an event.");
  await expect(segmentation(source, "_new")).rejects.toThrow("_new is given as an event.");
  const { rows } = await retention(source, { start: { event: ["_new"] }, intervals: 0 });
  expect(rows[0]).toMatchObject({ cohort: null, users: 3 });
});
