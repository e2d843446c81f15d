import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANALYSE } from "../../src/cli/tree/analyse/index.js";
import { emptyFolder } from "./run.js";
import { ampframeHere as ampframe } from "./run-here.js";

let cwd = "";

/** On each of three days u1 views and buys, u2 of Austria only views; prices are 10, 20, 30. */
beforeAll(async () => {
  cwd = emptyFolder("keep");
  const lines = [0, 1, 2].flatMap((day) =>
    [
      ["View", 1, "Germany", 5],
      ["Buy (web)", 1, "Germany", 6],
      ["View", 2, "Austria", 7],
    ].map(([event_type, amplitude_id, country, hour]) => {
      const at = `2026-11-${16 + day} 0${hour}:00:00.000000`;
      return JSON.stringify({
        ...{ uuid: `${day}-${hour}`, event_type, amplitude_id, country, app: 1, platform: "Web" },
        ...{ event_time: at, client_event_time: at, server_upload_time: at, session_id: -1 },
        event_properties: {
          ...{ price: (day + 1) * 10, $revenue: (day + 1) * 10, coupon: event_type === "View" ? null : "x" },
        },
        user_properties: { plan: "pro" },
      });
    }),
  );
  writeFileSync(join(cwd, "a.json"), lines.join("\n"));
  expect(await ampframe(["load", "a.json"], { cwd })).toMatchObject({ status: 0 });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => ampframe(args, { cwd });

async function json(...args: string[]) {
  const ran = await run(...args, "--json");
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return JSON.parse(ran.stdout);
}

const valuesOf = ({ rows }: { rows: { value: number }[] }) => rows.map(({ value }) => value);

test("events, filters, segments and measures are those that were written", async () => {
  expect(valuesOf(await json("segmentation", "View"))).toEqual([2, 2, 2]);
  expect(valuesOf(await json("segmentation", "Buy (web) (country is Germany and price greater 10)"))).toEqual(
    [0, 1, 1],
  );
  const filtered = await json(
    "segmentation",
    "View",
    "--filter",
    "country is Austria",
    "--measure",
    "sum:price",
  );
  expect(valuesOf(filtered)).toEqual([10, 20, 30]);
  expect(filtered.rows[0].segment).toBe("country is Austria");
  const both = ["--segment", "DE=country is Germany", "--segment", "AT=country is Austria"];
  const { rows } = await json("segmentation", "Buy (web)", ...both, "--filter", "price less 15");
  expect(rows.map((row: { segment: string; value: number }) => [row.segment, row.value])).toEqual([
    ...[["DE", 1], ["DE", 0], ["DE", 0]],
    ...[["AT", 0], ["AT", 0], ["AT", 0]],
  ]); // biome-ignore format: a table
  const { totals } = await json("segmentation", "View", "--measure", "percentile:price:50", "--last", "2d");
  expect(totals).toMatchObject([{ value: 25 }]);
});

test("every command runs, and prints the documented keys and a picture", { timeout: 60_000 }, async () => {
  const asked: Readonly<Record<string, readonly string[]>> = {
    segmentation: ["View", "--formula", "UNIQUES(A) * 2", "--compare", "1", "--interval", "day"],
    funnel: [
      "View",
      "Buy (web)",
      "--order",
      "any",
      "--window",
      "2h",
      "--exclude",
      "1-2:View",
      "--group-by",
      "country",
    ],
    retention: ["--start", "View", "--return", "Buy (web)", "--mode", "calendar", "--brackets", "0-0,1-2"],
    "active-users": ["--interval", "week", "--history", "0d"],
    lifecycle: ["View", "--interval", "day"],
    stickiness: ["--interval", "week"],
    sessions: ["--lengths", "--bins", "0,10,60", "--length-from", "first-event"],
    composition: ["platform", "--values", "most-recent", "--top", "2"],
    distribution: ["View", "price", "--bins", "0,15,40", "--group-by", "country"],
    engagement: ["View", "--buckets", "1,2-4,5-", "--count", "days"],
    revenue: ["--event", "Buy (web)", "--property", "price", "--identity", "estimated"],
    "lifetime-value": ["--intervals", "2", "--history", "0d"],
    paths: ["View", "--direction", "ending-with", "--steps", "2", "--collapse", "--hide", "Buy (web)"],
  };
  for (const { name, json: keys } of ANALYSE.filter((command) => command.name !== "analysis")) {
    const found = await json(name, ...(asked[name] ?? ["is not asked"]));
    const { totals: _, ...always } = keys ?? {};
    expect(Object.keys(found)).toEqual(expect.arrayContaining(Object.keys(always)));
    expect(found.rows.length, name).toBeGreaterThan(0);
    const shown = await run(name, ...(asked[name] ?? []), "--explain");
    expect(shown).toMatchObject({ status: 0 });
    expect(shown.stdout).toContain("Why Amplitude's chart may differ");
    expect(shown.stdout).toContain("SELECT");
  }
});

test("an analysis that was saved gives the same again, also of other days, also as a module", async () => {
  const { rows } = await json("funnel", "View", "Buy (web)", "--window", "2h", "--save", "f.json");
  const saved = JSON.parse(readFileSync(join(cwd, "f.json"), "utf8"));
  expect(saved).toEqual({ analysis: "funnel", steps: ["View", "Buy (web)"], window: "2h" });
  expect((await json("analysis", "f.json")).rows).toEqual(rows);
  expect((await json("analysis", "f.json", "--last", "1d")).definition).toEqual({ ...saved, last: "1d" });
  writeFileSync(join(cwd, "f.mjs"), `export default ${JSON.stringify(saved)};`);
  expect((await json("analysis", "f.mjs")).rows).toEqual(rows);
});

test("-o writes by the file's ending", async () => {
  expect(await run("segmentation", "View", "-o", "v.csv")).toMatchObject({ status: 0, stdout: "" });
  expect(readFileSync(join(cwd, "v.csv"), "utf8").split("\n")[1]).toMatch(/^2026-11-16,.*,View,all,2/);
  expect(await run("segmentation", "View", "-o", "v.xyz")).toMatchObject({ status: 2, stdout: "" });
});

test("an event type that is not there is warned of, with the nearest", async () => {
  const ran = await run("segmentation", "Veiw", "--json");
  expect(ran).toMatchObject({
    status: 0,
    stderr: 'warning: No event of type "Veiw" was found. Did you mean "View"?\n',
  });
  expect(valuesOf(JSON.parse(ran.stdout))).toEqual([0, 0, 0]);
});

test("a value that no event has is warned of, with one that is spelt like it or some that there are", async () => {
  const told = async (...filter: string[]) =>
    (await run("segmentation", "View", ...filter.flatMap((one) => ["--filter", one]))).stderr;
  expect(await told("country is germany")).toBe(
    'warning: No event has country "germany". Did you mean "Germany"?\n',
  );
  expect(await told("country is Nowhere")).toBe(
    'warning: No event has country "Nowhere". Its values: "Germany", "Austria".\n',
  );
  expect(await told("country is Austria, germany")).toMatch(/Did you mean "Germany"/);
  expect(await told("country is Austria, Nowhere", "country is not CH")).toBe("");
});

const UNKNOWN: readonly (readonly [readonly string[], RegExp])[] = [
  [["segmentation", "View", "--measure", "sum:prise"], /^No "View" event has a value of prise\. Did you mean "price"\?$/],
  [["segmentation", "View", "--filter", "countri is Austria"], /of countri\. Did you mean "country"\?$/],
  [["segmentation", "View", "--filter", "plan is not pro"], /^No "View" event has .* Did you mean "user_properties.plan"\?$/],
  [["segmentation", "View", "--filter", "user_properties.plan is Pro"], /^No "View" event has user_properties.plan "Pro"\. Did you mean "pro"\?$/],
  [["segmentation", "View", "--group-by", "coupon"], /of coupon\. It is a property of "Buy \(web\)"\.$/],
  [["funnel", "View", "By"], /^No event of type "By" was found\./],
  [["funnel", "View", "Buy (web)", "--exclude", "Viev"], /^No event of type "Viev" was found\. Did you mean "View"\?$/],
  [["funnel", "View", "Buy (web)", "--hold-constant", "coupon"], /^No "View" event has a value of coupon\./],
  [["paths", "View", "--hide", "Bye"], /^No event of type "Bye" was found\./],
  [["segmentation", "View", "--cohort", "spenders"], /^No "Buy \(web\)" event has a value of prce\. Did you mean "price"\?$/],
]; // biome-ignore format: a table

test("names that do not occur are told: by reading events, and where there is a schema by that", async () => {
  await run("cohort", "spenders", "--did", "Buy (web) (prce greater 1)");
  const told = async (args: readonly string[]) => {
    const ran = await run(...args, "--json");
    const { warnings, explanation } = JSON.parse(ran.stdout);
    const texts: string[] = warnings.map(({ text }: { text: string }) => text);
    expect(ran.stderr).toBe(texts.map((text) => `warning: ${text}\n`).join(""));
    expect(explanation.differences).toEqual(expect.arrayContaining(texts));
    return texts;
  };
  for (const [args, text] of UNKNOWN)
    expect(await told(args), args.join(" ")).toEqual([expect.stringMatching(text)]);
  const fine = ["segmentation", "View", "--filter", "price is not 10", "--filter", "platform is not iOS"];
  expect(await told(fine)).toEqual([]);
  expect(await run("schema", "--json")).toMatchObject({ status: 0 });
  for (const [args, text] of UNKNOWN.slice(0, 5))
    expect(await told(args), args.join(" ")).toEqual([expect.stringMatching(text)]);
  expect(await told(fine)).toEqual([]);
});

test.each([
  [["segmentation"], /missing required argument/],
  [["segmentation", "View", "--measure", "sum"], /such as sum:price/],
  [["segmentation", "View", "--filter", "country"], /where a property and an operator/],
  [["segmentation", "View", "--segment", "country is x"], /has no name/],
  [["engagement", "View", "--buckets", "a"], /numbers or pairs/],
  [["engagement", "View", "--usage-interval", "--count", "days"], /no option "count"/],
  [["analysis", "none.json"], /none\.json cannot be read/],
])("%j ends with status 2", async (args, message) => {
  const ran = await run(...args);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toMatch(message);
});

test("a cohort that was saved is a segment, and inactive events come from a file", async () => {
  expect(await run("cohort", "buyers", "--did", "Buy (web)")).toMatchObject({ status: 0 });
  const both = await json(
    "segmentation",
    "View",
    "--cohort",
    "buyers",
    "--segment",
    "all=event_type is View",
  );
  expect(both.definition).toMatchObject({
    segments: { all: { filters: [{ property: "event_type" }] }, buyers: { cohort: "buyers" } },
  });
  const sum = (segment: string) =>
    (both.rows as { segment: string; value: number }[])
      .filter((row) => row.segment === segment)
      .reduce((total, { value }) => total + value, 0);
  expect(sum("buyers")).toBeGreaterThan(0);
  expect(sum("buyers")).toBeLessThan(sum("all"));
  expect((await run("segmentation", "View", "--cohort", "nobody")).stderr).toContain("nobody");

  writeFileSync(join(cwd, "inactive.txt"), "View\n");
  const active = async (...more: string[]) => valuesOf(await json("segmentation", "_active", ...more));
  expect(await active("--inactive-from", "inactive.txt")).toEqual(await active("--inactive", "View"));
  expect(await active("--inactive", "View")).not.toEqual(await active());
});
