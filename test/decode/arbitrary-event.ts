import fc from "fast-check";
import { FIELDS, type Field, type FieldKind } from "../../src/event.js";
import { jsonText, numberText, space, stringText } from "./arbitrary-json.js";

const TIMES = [
  "2025-07-01 16:34:54.837000", "2025-07-01T16:34:54Z", "2025-07-01 16:34:54", "2024-02-29 23:59:59.999999",
  "1969-12-31 23:59:59.999999", "1900-03-01 00:00:00.000001", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999",
  "2025-07-01T00:30:00+05:30", "2025-07-01T00:30:00-0800", "2025-07-01T00:30:00.5+14", "1970-01-01 00:00:00-00:00",
]; // biome-ignore format: a table
const NO_TIMES = [
  "", "2025-02-29 00:00:00", "1900-02-29 00:00:00", "2025-13-01 00:00:00", "2025-00-10 00:00:00",
  "2025-01-32 00:00:00", "2025-04-31 00:00:00", "2025-01-00 00:00:00", "0000-01-01 00:00:00",
  "2025-07-01 24:00:00", "2025-07-01 23:60:00", "2025-07-01 23:59:60", "2025-07-01", "2025-07-01 16:34",
  "2025-07-01 16:34:54.", "2025-07-01 16:34:54.1234567", "2025-07-01 16:34:54.1234560", "2025-07-01 16:34:54 Z",
  "2025-07-01 16:34:54+", "2025-07-01 16:34:54+1", "2025-07-01 16:34:54+24:00", "2025-07-01 16:34:54+05:60",
  "2025-07-01 16:34:54+05:3", "2025-07-01 16:34:54+05.30", "2025-07-01_16:34:54", "2025/07/01 16:34:54",
  "2025-07-01 16.34.54", "+2025-07-01 16:34:54", " 2025-07-01 16:34:54", "2025-07-01 16:34:54 ",
  "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "20250701T163454", "1751387694837",
  "2025-07-01 16:34:5x", "２025-07-01 16:34:54",
]; // biome-ignore format: a table

const two = (max: number, min = 0) => fc.integer({ min, max }).map((n) => String(n).padStart(2, "0"));

/** A text of the form of a time; the day may not exist. */
const timeLike: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("2025", "2024"),
      fc.integer({ min: 0, max: 9999 }).map((y) => String(y).padStart(4, "0")),
    ),
    two(13),
    two(32),
    fc.constantFrom(" ", "T"),
    fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":")),
    fc.constantFrom("", ".8", ".83", ".837", ".8370", ".83712", ".837129", ".000001"),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constant("Z") },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.constantFrom("+", "-"),
            two(24),
            fc.oneof(
              fc.constant(""),
              two(60),
              two(60).map((m) => `:${m}`),
            ),
          )
          .map((parts) => parts.join("")),
      },
    ),
  )
  .map(([y, m, d, t, time, fraction, zone]) => `${y}-${m}-${d}${t}${time}${fraction}${zone}`);

const goodTime = fc.oneof(
  fc.constantFrom(...TIMES),
  timeLike.filter((text) => /^\d{4}-(0[1-9]|1[0-2])-([01][1-9]|2[0-8])/.test(text)),
);

/** Some characters of a string written as escapes, which means the same. */
export function sometimesEscaped(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.option(fc.nat(), { freq: 12, nil: undefined })).map(([plain, at]) => {
    if (at === undefined || plain === "") return JSON.stringify(plain);
    const index = at % plain.length;
    const escaped = `\\u${plain.charCodeAt(index).toString(16).padStart(4, "0")}`;
    return `"${plain.slice(0, index)}${escaped}${plain.slice(index + 1)}"`;
  });
}

const GOOD: Record<FieldKind, fc.Arbitrary<string>> = {
  text: stringText,
  int: fc.oneof(
    fc.constantFrom("0", "-1", "9223372036854775807", "-9223372036854775808"),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  ),
  double: numberText,
  boolean: fc.constantFrom("true", "false"),
  time: goodTime.map((text) => JSON.stringify(text)),
  json: jsonText,
};

const quotedLoosely = sometimesEscaped(
  fc.oneof(
    fc.constantFrom("true", "false", "1", "0", "12", "12.0", "007", "-", "+5", "", " 12", "12 ", "TRUE", "halse", "trueX", "1.", ".5", "NaN"),
    fc.constantFrom(...TIMES, ...NO_TIMES),
    numberText,
    timeLike,
  ),
); // biome-ignore format: a table

/** The text of a value for a field of that kind: mostly what its column holds, else null or anything. */
export function valueText(kind: FieldKind): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: GOOD[kind] },
    { weight: 2, arbitrary: fc.constant("null") },
    { weight: 2, arbitrary: quotedLoosely },
    { weight: 1, arbitrary: fc.constantFrom("true", "false", "0", "1") },
    { weight: 1, arbitrary: jsonText },
  );
}

const UNKNOWN_KEYS = [
  "extra",
  "upload_date",
  "City",
  "cit",
  "city ",
  "city_",
  "",
  "$insert_i",
  "followed_an_identify",
  "a key that is longer than any field's name is",
];

/** A few uuids come again and again, also written with escapes. */
const uuid = sometimesEscaped(
  fc.oneof(
    { weight: 3, arbitrary: fc.uuid() },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "a",
        "b",
        "12345678",
        "123456789abcdef0",
        "é",
        "00000000-0000-0000-0000-000000000000",
      ),
    },
  ),
);

/** `"key":value` of an event. */
type Pair = readonly [key: string, value: string];

const fieldPair = ({ name, kind }: Field): fc.Arbitrary<Pair> =>
  fc.tuple(sometimesEscaped(fc.constant(name)), valueText(kind));

const REQUIRED = new Map<string, fc.Arbitrary<string>>([
  ["uuid", uuid],
  ["event_type", stringText],
  ["server_upload_time", goodTime.map((text) => JSON.stringify(text))],
]);

const requiredPairs: fc.Arbitrary<Pair[]> = fc
  .tuple(
    ...[...REQUIRED].map(([name, good]) =>
      fc.tuple(
        sometimesEscaped(fc.constant(name)),
        fc.oneof(
          { weight: 40, arbitrary: good },
          { weight: 1, arbitrary: fc.oneof(valueText("text"), valueText("time")) },
        ),
      ),
    ),
  )
  .map((pairs) => [...pairs]);

const otherFields: readonly Field[] = FIELDS.filter(({ name }) => !REQUIRED.has(name));
const somePairs: fc.Arbitrary<Pair[]> = fc
  .oneof(
    { weight: 6, arbitrary: fc.subarray([...otherFields], { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.subarray([...otherFields]) },
  )
  .chain(pairsOf);

function pairsOf(fields: readonly Field[]): fc.Arbitrary<Pair[]> {
  return fc.tuple(...fields.map(fieldPair)).map((pairs) => [...pairs]);
}

const unknownPairs: fc.Arbitrary<Pair[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Pair[]>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.tuple(fc.oneof(sometimesEscaped(fc.constantFrom(...UNKNOWN_KEYS)), stringText), jsonText),
      { maxLength: 3 },
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...FIELDS)
      .chain(fieldPair)
      .map((pair) => [pair]),
  },
);

/** The text of an event: nearly always one that must load. */
export const eventText: fc.Arbitrary<string> = fc
  .tuple(requiredPairs, somePairs, unknownPairs)
  .chain(([required, some, unknown]) => {
    const pairs = [...required, ...some, ...unknown];
    return fc.tuple(
      fc.oneof(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })),
      fc.oneof(fc.constant([""]), fc.array(space, { minLength: 1, maxLength: 9 })),
    );
  })
  .map(([pairs, spaces]) => {
    let used = 0;
    const gap = () => spaces[used++ % spaces.length] ?? "";
    const written = pairs.map(([key, value]) => `${gap()}${key}${gap()}:${gap()}${value}${gap()}`);
    return `${gap()}{${written.join(",")}}${gap()}`;
  });

/** An event that must load, with that uuid. */
export function goodEvent(uuid: string): string {
  return JSON.stringify({
    uuid,
    event_type: "good",
    server_upload_time: "2025-07-01 16:34:54.837000",
    app: 7,
  });
}
