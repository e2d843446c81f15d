import { expect, test } from "vitest";
import type { PropertyFilter } from "../../../src/analyses/filter.js";
import { made } from "../made-events.js";
import { holds } from "./filters.js";
import { groupsOf, numbersOf } from "./groups.js";

const raw = (event_properties: string) => ({ ...made("a", "2026-01-01"), event_properties });

test.each([
  ["a text", '{"p":"x"}', ["x"]],
  ["an empty text", '{"p":""}', [""]],
  ["a number as it is written, whole or not", '{"p":[1,1.0,1.50,12345678901234567890]}', ["1", "1.0", "1.5", "12345678901234567890"]],
  ["what looks like a number in a text", '{"p":"say 1.50 \\" 2.00"}', ['say 1.50 " 2.00']],
  ["booleans", '{"p":[true,false]}', ["true", "false"]],
  ["items twice", '{"p":["x","x"]}', ["x", "x"]],
  ["null among items", '{"p":[null,"x"]}', ["x"]],
  ["null", '{"p":null}', ["(none)"]],
  ["an empty list", '{"p":[]}', ["(none)"]],
  ["nothing", "{}", ["(none)"]],
  ["an object", '{"p":{"a":[1,"b"]}}', ['{"a":[1,"b"]}']],
])("groups of %s", (_what, json, groups) => {
  expect(groupsOf(raw(json), "p")).toEqual(groups);
}); // biome-ignore format: a table

test("a property is named as in frames", () => {
  const event = {
    ...raw('{"country":"in event","a":{"b":1},"c.d":2}'),
    country: "DE",
    user_properties: '{"plan":"pro"}',
  };
  expect(groupsOf(event, "country")).toEqual(["DE"]);
  expect(groupsOf(event, "event_properties.country")).toEqual(["in event"]);
  expect(groupsOf(event, "user_properties.plan")).toEqual(["pro"]);
  expect(groupsOf(event, "a.b")).toEqual(["1"]);
  expect(groupsOf(event, "c.d")).toEqual(["2"]);
  expect(groupsOf(event, '"c.d"')).toEqual(["2"]);
  expect(groupsOf(event, '"a.b"')).toEqual(["(none)"]);
  expect(groupsOf(event, "platform")).toEqual(["(none)"]);
});

test("numbers are JSON numbers and texts that are written so", () => {
  expect(numbersOf(raw('{"p":[1,"2.5","-3e1","+4","05","6 ","$30",true,null]}'), "p")).toEqual([1, 2.5, -30]);
});

const FILTERS: readonly (readonly [json: string, op: PropertyFilter["op"], value: PropertyFilter["value"], boolean])[] = [
  ['"DE"', "is", "DE", true],
  ['"DE"', undefined, "DE", true],
  ['"DE"', "is", "de", false],
  ['"DE"', "is", ["AT", "DE"], true],
  ['"DE"', "is not", ["AT", "DE"], false],
  ['"DE"', "is not", ["AT", "CH"], true],
  ["null", "is", null, true],
  ["null", "is", undefined, true],
  ["null", "is", "x", false],
  ["null", "is not", "x", true],
  ["null", "is not", null, false],
  ["null", "is", ["x", null], true],
  ['""', "is", null, false],
  ["5", "is", "5", true],
  ["5.0", "is", "5", false],
  ["5.0", "is", 5, true],
  ['"5"', "is", 5, true],
  ["true", "is", true, true],
  ['"true"', "is", true, true],
  // Of a list one item is enough, also with `not`.
  ['["a","b"]', "is", "b", true],
  ['["a","b"]', "is not", "b", true],
  ['["b","b"]', "is not", "b", false],
  ['["a","b"]', "is not", ["a", "b"], false],
  ['"Blue Shoes"', "contains", "SHOE", true],
  ['"Blue Shoes"', "does not contain", ["hat", "SHOE"], false],
  ["null", "contains", "", false],
  ["null", "does not contain", "x", true],
  ['"Blue Shoes"', "starts with", "blue", true],
  ['"Blue Shoes"', "does not start with", "shoes", true],
  ["150", "contains", 5, true],
  ["9", "less", 10, true],
  ['"9"', "less", "10", true],
  ["10", "less", 10, false],
  ["10", "less or equal", 10, true],
  ["10", "greater", 9.5, true],
  ["10", "greater or equal", [20, 10], true],
  ['"ten"', "less", 100, false],
  ['"ten"', "greater", 0, false],
  ["null", "less", 1, false],
  // https://amplitude.com/docs/analytics/segments/segment-operators
  ['["Movies","Music"]', "set is", ["Music", "Movies"], true],
  ['["Movies"]', "set is", ["Movies", "Music"], false],
  ['["Sports","Movies","Music"]', "set is", ["Movies", "Music"], false],
  ['["Movies","Music","Music"]', "set is", ["Movies", "Music"], true],
  ['["Movies"]', "set is not", ["Movies", "Music"], true],
  ["null", "set is", null, true],
  ["null", "set is not", ["x"], true],
  ['["a","b","c"]', "set contains", ["a", "c"], true],
  ['["a","b"]', "set contains", ["a", "c"], false],
  ['["a","b"]', "set does not contain", ["a", "c"], false],
  ['["b"]', "set does not contain", ["a", "c"], true],
  ["null", "set does not contain", ["a"], true],
  ['"/org/7/chart/x"', "glob match", "/org/*/chart/*", true],
  ['"/org/7/8/chart/x"', "glob match", "/org/*/chart/*", false],
  ['"www.example.com/blogs/blog_id"', "glob match", "**blog**", true],
  ['"www.example.com/blogs/blog_id"', "glob match", "*blog*", false],
  ['"room 7"', "glob match", "*[0-9]", true],
  ['"7 rooms"', "glob match", "[!a-z]*", true],
  ['"rooms"', "glob match", "[!a-z]*", false],
  ['"a.c"', "glob match", "a.c", true],
  ['"abc"', "glob match", "a.c", false],
  ['"abc"', "glob match", "a?c", true],
  ['"a[c"', "glob match", "a[c", true],
  ['"abc"', "glob does not match", "a?c", false],
  ["null", "glob does not match", "*", true],
]; // biome-ignore format: a table

test.each(FILTERS)("%s %s %j is %s", (json, op, value, expected) => {
  expect(holds(raw(`{"p":${json}}`), { property: "p", op, value })).toBe(expected);
});
