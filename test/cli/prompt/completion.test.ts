import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completionOf } from "../../../src/cli/prompt/completion.js";
import { lineCompletion } from "../../../src/cli/prompt/line-completion.js";
import { LakeNames, type Names } from "../../../src/cli/prompt/names.js";
import { emptyFolder } from "../run.js";

const NAMES: Names = {
  tables: ["events", "my table"],
  columns: ["event_type", "event_time", "event_properties", "$insert_id", "user_id"],
  functions: ["count", "count_if", "epoch"],
  eventTypes: ["Page Viewed", "Product Viewed", "O'Neil"],
  properties: { event_properties: ["plan", "planet", "$revenue", "item id"], user_properties: ["tier"] },
};

test.each([
  ["sel", ["select"], "sel"],
  ["SELECT * FR", ["FROM"], "FR"],
  ["SELECT * FROM ev", ["events"], "ev"],
  ["SELECT * FROM events JOIN ", ["events", '"my table"'], ""],
  ["SELECT event_t", ["event_type", "event_time"], "event_t"],
  ["SELECT EVENT_TY", ["event_type"], "EVENT_TY"],
  ["SELECT e.us", ["user_id"], "us"],
  ["SELECT cou", ["count(", "count_if("], "cou"],
  ['SELECT "$in', ['$insert_id"'], "$in"],
  ["SELECT 1; wit", ["with"], "wit"],
  ["WHERE event_type = 'P", ["Page Viewed", "Product Viewed"], "P"],
  ["WHERE event_type = 'Pa", ["Page Viewed'"], "Pa"],
  ["WHERE event_type = 'pa", ["Page Viewed'"], "pa"],
  ["WHERE e.\"event_type\" NOT IN ('a', 'it''s', 'Pro", ["Product Viewed'"], "Pro"],
  ["WHERE event_type = 'O", ["O''Neil'"], "O"],
  ["SELECT event_properties->>'pl", ["plan", "planet"], "pl"],
  ["SELECT event_properties ->> 'plane", ["planet'"], "plane"],
  ["SELECT event_properties->>'$.plane", ["$.planet'"], "$.plane"],
  ["SELECT event_properties->>'$.it", ['$."item id"\''], "$.it"],
  ["SELECT event_properties->>'it", ["item id'"], "it"],
  ["SELECT event_properties->'$.\"pl", ['$."plan"', '$."planet"'], '$."pl'],
  ["SELECT event_properties->>'$rev", ['$."$revenue"\''], "$rev"],
  ["SELECT json_extract_string(user_properties, 't", ["tier'"], "t"],
  ["WHERE user_id = 'P", [], ""],
  ["SELECT 1 -- sel", [], ""],
  ["SELECT $$ sel", [], ""],
  ["SELECT 12", [], "12"],
] as const)("behind %s Tab offers %j", (text, offers, typed) => {
  const found = completionOf(text, NAMES);
  expect(found.offers).toEqual(offers);
  if (offers.length > 0) expect(found.typed).toBe(typed);
});

test("a quote that is closed already is not closed again", () => {
  expect(completionOf("WHERE event_type = 'Pa", NAMES, "'").offers).toEqual(["Page Viewed"]);
});

test("commands, their values and files are completed, and only at the start of a statement", async () => {
  const names = { soon: async () => NAMES };
  const offered = async (line: string, before = "") => (await lineCompletion(before, line, "", names)).offers;
  expect(await offered(".mo")).toEqual([".mode "]);
  expect(await offered(".o")).toEqual([".output", ".open"]);
  expect(await offered(".mode j")).toEqual(["json"]);
  expect(await offered(".timer o")).toEqual(["on", "off"]);
  expect(await offered(".schema e")).toEqual(["events"]);
  expect(await offered(".mode js", "SELECT 1\n")).toEqual([]);
  const folder = emptyFolder();
  mkdirSync(join(folder, "queries"));
  writeFileSync(join(folder, "quick.sql"), "");
  expect(await offered(`.read ${folder}/qu`)).toEqual(["queries/", "quick.sql"]);
  expect(await offered(`.open ${folder}/`)).toEqual(["queries/"]);
  expect(await offered(`.read ${folder}/none/x`)).toEqual([]);
});

test("a statement of several lines is completed by what stands in the lines before", async () => {
  const names = { soon: async () => NAMES };
  const within = await lineCompletion("SELECT 1 FROM events WHERE event_type IN (\n", "'Pa", "", names);
  expect(within).toEqual({ offers: ["Page Viewed'"], typed: "Pa" });
});

test("a slow lake does not hold up Tab, a broken one offers nothing, and names come when they are there", async () => {
  let answer = (): void => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const lake = {
    async query(sql: string) {
      if (/FROM events/.test(sql)) await slow;
      if (/user_properties/.test(sql)) throw new Error("broken");
      return {
        rows: async function* () {
          yield { value: /duckdb_functions/.test(sql) ? "count" : "2026-11-23\u001b[2J" };
          yield { value: /max\(/.test(sql) ? "2026-11-23" : "name" };
        },
      };
    },
  } as unknown as ConstructorParameters<typeof LakeNames>[0];
  const names = new LakeNames(lake, () => 0);
  const start = performance.now();
  expect(await names.soon()).toMatchObject({ functions: ["count", "name"], eventTypes: [] });
  expect(performance.now() - start).toBeLessThan(5000);
  answer();
  const later = await names.soon();
  expect(later.eventTypes).toEqual(["name"]);
  expect(later.properties).toEqual({ event_properties: ["name"] });
});
