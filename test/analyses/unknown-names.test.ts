import { afterAll, expect, test } from "vitest";
import type { AnalysisSource } from "../../src/analyses/analysis-input.js";
import { funnel } from "../../src/analyses/funnel.js";
import { segmentation } from "../../src/analyses/segmentation.js";
import type { Engine } from "../../src/engine/engine.js";
import type { SelectedEvents } from "../../src/frame/selected-events.js";
import { days, made } from "./made-events.js";
import { MadeSources } from "./made-source.js";

const sources = new MadeSources();
afterAll(() => sources.close());

const buy = (time: string, country: string, tier: unknown = "gold") =>
  made("Buy", time, {
    ...{ country, plan: "{}" },
    ...{ event_properties: { tier, sizes: ["S", "XL"] }, user_properties: { plan: "pro" } },
  });

/** In the range, January 5th and 6th, there is no "Rent" and nothing from Austria; before it there is. */
const source = async (): Promise<SelectedEvents> => {
  const events = [
    ...[buy("2026-01-05T10:00:00", "Germany"), buy("2026-01-06T10:00:00", "Switzerland", 5)],
    ...[buy("2026-01-01T10:00:00", "Austria"), made("Rent", "2026-01-01T11:00:00", {})],
  ];
  return sources.of(events, {
    ...days("2026-01-05", "2026-01-07"),
    dataFrom: days("2026-01-01", "2026-01-07").from,
  });
};

const told = async (of: AnalysisSource, property: string, ...values: readonly (string | number)[]) => {
  const found = await segmentation(of, { event: "Buy", filters: [{ property, value: values }] });
  return found.warnings.map(({ text }) => text);
};

test("a value that no event has is told with one that is spelt like it, or with some that there are", async () => {
  const of = await source();
  expect(await told(of, "country", "germany")).toEqual([
    'No event has country "germany" since 2026-01-05. Did you mean "Germany"?',
  ]);
  expect(await told(of, "country", "Austria")).toEqual([
    'No event has country "Austria" since 2026-01-05. Its values: "Germany", "Switzerland".',
  ]);
  expect(await told(of, "tier", "Golt")).toEqual([
    'No "Buy" event has tier "Golt" since 2026-01-05. Did you mean "gold"?',
  ]);
  expect(await told(of, "tier", 6)).toEqual([
    'No "Buy" event has tier 6 since 2026-01-05. Its values: "5", "gold".',
  ]);
  expect(await told(of, "sizes", "xl")).toEqual([
    'No "Buy" event has sizes "xl" since 2026-01-05. Did you mean "XL"?',
  ]);
});

test("one of several values is told only where another is spelt like it, one that occurs never", async () => {
  const of = await source();
  expect(await told(of, "country", "Germany", "swizerland")).toEqual([
    'No event has country "swizerland" since 2026-01-05. Did you mean "Switzerland"?',
  ]);
  expect(await told(of, "country", "Germany", "France")).toEqual([]);
  expect(await told(of, "sizes", "XL")).toEqual([]);
  expect(await told(of, "tier", "5")).toEqual([]);
});

test("what is unknown by itself is told once: not the values of its properties as well", async () => {
  const of = await source();
  expect(await told(of, "teir", "gold")).toEqual([
    'No "Buy" event has a value of teir since 2026-01-05. Did you mean "tier"?',
  ]);
  const { warnings } = await segmentation(of, { event: "Bay", filters: [{ property: "tier", value: "x" }] });
  expect(warnings).toMatchObject([{ kind: "event", name: "Bay", nearest: "Buy" }]);
});

test("a column that has the name of a property is told, although it has values", async () => {
  const { warnings } = await segmentation(await source(), "Buy", { groupBy: "plan" });
  expect(warnings).toEqual([
    {
      ...{ kind: "property", name: "plan", of: null, nearest: "user_properties.plan" },
      text: "plan is a column of Amplitude's own: tracking plan of the event. The property of that name is user_properties.plan.",
    },
  ]);
});

test("all names are looked for in one reading, of the time that is asked", async () => {
  const of = await source();
  const asked: string[] = [];
  const { engine } = await of.allEvents(["uuid"]);
  const counting: Engine = {
    dialect: engine.dialect,
    run: (...args) => engine.run(...args),
    query: (...args) => {
      asked.push(args[0]);
      return engine.query(...args);
    },
    stream: (...args) => engine.stream(...args),
    describe: (...args) => engine.describe(...args),
    close: () => engine.close(),
  };
  const counted: SelectedEvents = {
    ...of,
    events: async (...args) => ({ ...(await of.events(...args)), engine: counting }),
    allEvents: async (...args) => ({ ...(await of.allEvents(...args)), engine: counting }),
  };
  const { warnings } = await funnel(counted, [
    "Bay",
    "Rend",
    { event: "Buy", filters: [{ property: "teir" }] },
  ]);
  expect(warnings.map(({ nearest }) => nearest)).toEqual(["Buy", null, "tier"]);
  const ofNames = asked.filter((sql) => sql.startsWith("SELECT count(*), max"));
  expect(ofNames).toHaveLength(1);
  expect(ofNames[0]).toContain("2026-01-05");
});

test("a range that the lake holds nothing of is told, with what it holds", async () => {
  const of = await source();
  const texts = async (from: string, to?: string) =>
    (await segmentation(of, "Buy", { from, to })).warnings.map(({ text }) => text);
  expect(await texts("2025-12-01", "2025-12-31")).toEqual([
    "Nothing is held of 2025-12-01 to 2025-12-31: the lake has uploads of 2026-01-01 to 2026-01-06.",
  ]);
  expect(await texts("2026-02-01")).toEqual([
    "Nothing is held of 2026-02-01 on: the lake has uploads of 2026-01-01 to 2026-01-06.",
  ]);
  expect(await texts("2026-01-03", "2026-01-04")).toEqual([]);
});

test("a name that is but a part of a word is not near", async () => {
  const of = await sources.of(
    [made("Application Opened", "2026-01-05T10:00:00")],
    days("2026-01-05", "2026-01-06"),
  );
  const nearest = async (event: string) => (await segmentation(of, event)).warnings.map((one) => one.nearest);
  expect(await nearest("nope")).toEqual([null]);
  expect(await nearest("opened")).toEqual(["Application Opened"]);
});
