import fc from "fast-check";

/** JSON white space that may stand in a line. */
export const space: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.constant(" ") },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(" ", "\t", "\r"), maxLength: 20 }) },
);

const ESCAPES = ['\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u001f", "\\uFFFF"];
const PIECES = [
  "\u007f",
  "é",
  "ß",
  "\u07ff",
  "\u0800",
  "€",
  "\ufffd",
  "\uffff",
  "\ufeff",
  "😀",
  "\u{10ffff}",
];

function hexEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** One character of a string, as it may be written in JSON. */
const character: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.string({ minLength: 1, maxLength: 1 }).map((c) => JSON.stringify(c).slice(1, -1)),
  },
  { weight: 2, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 2, arbitrary: fc.constantFrom(...ESCAPES) },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "binary", minLength: 1, maxLength: 1 })
      .map((c) => JSON.stringify(c).slice(1, -1)),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 })
      .map((c) => hexEscape(c.charCodeAt(0))),
  },
  { weight: 1, arbitrary: fc.nat(0xd7ff).map((unit) => hexEscape(unit).toUpperCase().replace("\\U", "\\u")) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0x10000, max: 0x10ffff })
      .map((code) => String.fromCodePoint(code))
      .map((pair) => hexEscape(pair.charCodeAt(0)) + hexEscape(pair.charCodeAt(1))),
  },
);

/** A JSON string with its quotes: short ones, and ones that cross several blocks of sixteen bytes. */
export const stringText: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(character, { maxLength: 12 }) },
    { weight: 2, arbitrary: fc.array(character, { minLength: 13, maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 0, max: 700 }), character, fc.integer({ min: 0, max: 40 }))
        .map(([before, c, after]) => ["x".repeat(before), c, "y".repeat(after)]),
    },
  )
  .map((pieces) => `"${pieces.join("")}"`);

const NUMBERS = [
  "0", "-0", "0.0", "-0.0", "1", "-1", "10", "12", "12.0", "12.000", "12.50", "-7.0", "0e0", "0E+5", "1e2", "1E-2",
  "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
  "9999999999999999999", "10000000000000000000", "18446744073709551615", "18446744073709551616",
  "9223372036854775807.0", "9007199254740991", "9007199254740993", "90071992547409930", "99999999999999999",
  "1e308", "1.7976931348623157e308", "1.8e308", "1e400", "-1e400", "1e-400", "0e400", "5e-324", "2e-324",
  "1e99999999999999999999", "1e-99999999999999999999", "2.2250738585072014e-308",
  "0.1", "0.10000000000000000555", "0.30000000000000004", "0.12345678901234567", "0.123456789012345678",
  "123456789.123456789", "1234567890123456.7", "0.000000000000000000000001", "0.00000000000000000000001234567",
  "179.99999999999999", "-122.419416", "37.77492950", "1234567890123456789012345678901234567890",
]; // biome-ignore format: a table

const digits = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength });

/** A JSON number as it may be written. */
export const numberText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.maxSafeInteger().map(String) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String) },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => JSON.stringify(v)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom("", "-"),
        digits(21).map((d) => d.replace(/^0+(?=\d)/, "")),
        fc.option(
          digits(26).map((d) => `.${d}`),
          { nil: "" },
        ),
        fc.option(
          fc.tuple(fc.constantFrom("e", "E", "e-", "E+"), digits(3)).map((e) => e.join("")),
          {
            nil: "",
            freq: 3,
          },
        ),
      )
      .map((parts) => parts.join("")),
  },
);

const scalarText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("true", "false", "null"),
  numberText,
  stringText,
);

/** Any JSON value as it may be written in a line. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: scalarText },
    { weight: 1, arbitrary: listText("[", "]", tie("value")) },
    {
      weight: 2,
      arbitrary: listText(
        "{",
        "}",
        fc.tuple(stringText, space, space, tie("value")).map(([k, a, b, v]) => `${k}${a}:${b}${v}`),
      ),
    },
  ),
})).value;

function listText(open: string, close: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const spaced = fc.tuple(space, item, space).map((parts) => parts.join(""));
  return fc
    .tuple(space, fc.array(spaced, { maxLength: 4 }))
    .map(([empty, items]) => `${open}${items.length > 0 ? items.join(",") : empty}${close}`);
}

/** An object or array that lies `depth` levels deep in itself. */
export function nested(depth: number, kind: "array" | "object"): string {
  const [open, inner, close] = kind === "array" ? ["[", "", "]"] : ['{"a":', "1", "}"];
  return open.repeat(depth) + inner + close.repeat(depth);
}
