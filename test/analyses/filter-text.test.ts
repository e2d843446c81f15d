import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventChoice } from "../../src/analyses/event-choice.js";
import type { FilterValue, PropertyFilter } from "../../src/analyses/filter.js";
import { FILTER_OPERATORS } from "../../src/analyses/filter-operators.js";
import {
  eventText,
  filtersText,
  filterText,
  parseEvent,
  parseFilters,
} from "../../src/analyses/filter-text.js";

const WORDS = [
  ...[
    "is",
    "not",
    "or",
    "equal",
    "and",
    "set",
    "contains",
    "less",
    "glob match",
    "country",
    "price",
    "(none)",
    "true",
  ],
  ...[
    "10",
    "-2.5",
    "1e3",
    "Trinidad",
    ",",
    '"',
    "(",
    ")",
    " ",
    "\\",
    "ß",
    "\n",
    "\u2028",
    "{",
    "}",
    "=",
    "user_properties.a",
  ],
];
/** Texts in which every word and sign of the notation occurs. */
const text = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(" ")),
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join("")),
  fc.string({ unit: "binary", minLength: 1 }),
);
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  text,
  fc.constantFrom("", null, true, false, 0, 10),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);
const filter: fc.Arbitrary<PropertyFilter> = fc.record({
  property: fc.oneof(text, fc.constantFrom("country", "my set", "plan type", "")),
  op: fc.constantFrom(...FILTER_OPERATORS),
  value: fc.oneof(value, fc.array(value, { minLength: 2, maxLength: 4 })),
});

test("what was printed reads as what it was", () => {
  fc.assert(
    fc.property(fc.array(filter, { minLength: 1, maxLength: 3 }), (filters) => {
      expect(parseFilters(filtersText(filters))).toEqual(filters);
    }),
    { numRuns: 5_000 },
  );
});

test("an event that was printed reads as what it was", () => {
  const event: fc.Arbitrary<EventChoice> = fc.oneof(
    text.filter((one) => one.trim() !== ""),
    fc.record({ event: text, filters: fc.array(filter, { minLength: 1, maxLength: 2 }) }),
    fc.record({ event: fc.array(text, { minLength: 1 }), filters: fc.array(filter), name: text }),
  );
  const meaning = (choice: EventChoice) => {
    const { event: types, filters = [], name } = typeof choice === "string" ? { event: choice } : choice;
    return { types: [types].flat(), filters: filtersText(filters), name };
  };
  fc.assert(
    fc.property(event, (choice) => {
      expect(meaning(parseEvent(eventText(choice)))).toEqual(meaning(choice));
    }),
    { numRuns: 5_000 },
  );
});

test("reading never ends otherwise than with filters or an error that says where", () => {
  fc.assert(
    fc.property(text, (given) => {
      let found: PropertyFilter[];
      try {
        found = parseFilters(given);
      } catch (error) {
        expect(error).toMatchObject({ name: "UsageError" });
        return;
      }
      expect(parseFilters(filtersText(found))).toEqual(found);
    }),
    { numRuns: 5_000 },
  );
});

describe("as a person writes it", () => {
  test.each<[string, PropertyFilter[]]>([
    ["country is Germany", [{ property: "country", op: "is", value: "Germany" }]],
    [
      "  country is not Germany ,Austria  and  price greater or equal 10 ",
      [
        { property: "country", op: "is not", value: ["Germany", "Austria"] },
        { property: "price", op: "greater or equal", value: 10 },
      ],
    ],
    [
      "country is Trinidad and Tobago and plan type is (none), true",
      [
        { property: "country", op: "is", value: "Trinidad and Tobago" },
        { property: "plan type", op: "is", value: [null, true] },
      ],
    ],
    ['zip is "10", "a, (b)"', [{ property: "zip", op: "is", value: ["10", "a, (b)"] }]],
    ["user_properties.plan is New York", [{ property: "user_properties.plan", op: "is", value: "New York" }]],
  ])("%s", (given, filters) => {
    expect(parseFilters(given)).toEqual(filters);
  });

  test.each([
    ["country", /ends where|"country" at character 1 where a property and an operator/],
    ["country is", /it ends where a value was expected/],
    ["country is Germany,", /it ends where a value was expected/],
    ["country is (Germany)", /"\(Germany\)" at character 12 where a value/],
    ["", /it ends where a property/],
  ])("%s is refused", (given, message) => {
    expect(() => parseFilters(given)).toThrow(message);
  });

  test.each<[string, EventChoice]>([
    ["Order Completed", "Order Completed"],
    ["Viewed (web)", "Viewed (web)"],
    ["Viewed (web) (a is b)", { event: "Viewed (web)", filters: [{ property: "a", op: "is", value: "b" }] }],
    ["Buy (a is (none))", { event: "Buy", filters: [{ property: "a", op: "is", value: null }] }],
    ['{"event": ["Buy", "Rent"]}', { event: ["Buy", "Rent"] }],
  ])("the event %s", (given, choice) => {
    expect(parseEvent(given)).toEqual(choice);
  });

  test("names of results are what an event is written as", () => {
    expect(filterText({ property: "country" })).toBe("country is (none)");
    expect(filterText({ property: "n", op: "less", value: 3 })).toBe("n less 3");
    expect(filterText({ property: "zip", value: ["10", "x"] })).toBe('zip is "10", x');
    expect(() => parseEvent('{"event": ')).toThrow(/begins as JSON does and is none/);
    expect(() => parseEvent(" ")).toThrow(/has no name/);
  });
});
