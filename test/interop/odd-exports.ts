/** An export of made events whose properties are as odd as JSON allows, as NDJSON. */
export interface OddExport {
  readonly text: string;
  /** Lines that are no events: half of a surrogate pair in one of their texts. */
  readonly refused: number;
}

/** Numbers from 0 up to 1 that follow from `seed` (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const KEYS = [
  ...["price", "Price", "PRICE", "$revenue", "a.b", "a", "b", "Item Name", " lead", "trail ", "", " ", "."],
  ...['"', '"quoted"', "it's", "\\", "~/x", "~1", "/", "*", "$", "$.a", "[0]", "0", "1", "-1", "01", "#"],
  ...["__proto__", "constructor", "toString", "user_id", "event_type", "event_properties", "user_properties"],
  ...["uuid", "extra", "\0", "a\0b", "a␀b", "\ufeff", "\ufeffbom", "🎉", "👩‍👩‍👧", "é", "e\u0301", "İ", "ß", "SS"],
  ...["new\nline", "tab\t", "\u007f", "\u2028", "NULL", "null", "select", "price (2)", "x".repeat(300)],
]; // biome-ignore format: lists

const VALUES: readonly (readonly string[])[] = [
  ["0", "1", "-1", "7", "42", "9007199254740991", "-9007199254740992", "9007199254740992"],
  ["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808", "1234567890123456789"],
  ["9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809"],
  ["123456789012345678901234567890", "-123456789012345678901234567890", `1${"0".repeat(400)}`],
  ["1.5", "-2.25", "0.1", "1.50", "1.0", "10.0", "-0.0", "3.141592653589793", "100.00", "5e-324"],
  ["0.1000000000000000055511151231257827", "1.234567890123456789012345", "123456789.123456789123456789"],
  ["1e5", "1E+5", "-1e-7", "1e21", "1e22", "1e300", "12345678901234567890e-5", "2.5e-310"],
  ["1e400", "-1e400", "1.5e99999", "1e-400"],
  ["-0"],
  ["true", "false"],
  ['"a"', '"b c"', '"żółć 👩‍👩‍👧"', '"\\ud83d\\ude00 \\u00e9"', '"\\"q\\" \\\\ \\/"', '"it\'s"', '"İ ß"'],
  ['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ufeffx"', '"\ufeff"', '"\\n\\t\\r"', '"\u2028"', '"\\u007f"'],
  ['"5"', '"-0"', '"1.50"', '"1e400"', '"12345678901234567890123"', '"true"', '"null"', '"NaN"', '"[1]"', '"{}"'],
  ['"2025-07-01T16:34:54.837Z"', '"2025-07-01T16:34:54.837123+02:00"', '"1999-12-31 23:59:59-08"'],
  ['"2024-02-29T00:00:00+0530"', '"1000-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999-12:00"'],
  ['"2025-02-29T00:00:00Z"', '"2025-07-01T16:34:54.8371234Z"', '"2025-07-01"', '"2025-07-01T16:34:54"'],
  ['"2025-07-01T25:00:00Z"', '"2025-07-01T24:00:00Z"', '"2025-06-30T23:59:60Z"', '"0001-01-01T00:00:00Z"'],
  ['"2025-07-01T00:00:00+99:99"', '"2025-07-01T00:00:00+23:59"', '"infinity"', '"2025-7-1T1:1:1Z"', '"2025-07-01T16:34:54z"'],
  [`"${"long ".repeat(4_000)}"`, `"${"9".repeat(5_000)}"`],
  ["[]", "[1,2]", "[3]", "[null]"],
  ["[1.5,2]", "[9007199254740993,1.5]", "[18446744073709551616]", "[-0,1e400]"],
  ['["a",null]', '[""]', '["\\u0000","\\ufeff"]', '["5",5]', "[true,false]", "[true,1]"],
  ['["2025-07-01T16:34:54Z"]', '["2025-07-01T16:34:54.5+02:00",null]'],
  ["[[1],[]]", '[{"a":1},{"b":[2]}]', '[1,{"a":"x"}]', '[{"sku":"A","price":1.50},{"sku":"B"}]', "[[[]]]"],
  ["null"],
]; // biome-ignore format: lists

const COLUMNS = ["event_properties", "user_properties", "global_user_properties"];
const TYPES = ["Order Completed", "order completed", "[Amplitude] Page Viewed", "ż 'q' \"d\""];

/** An export of so many events, always the same for the same seed. */
export function oddExport(seed: number, events: number): OddExport {
  const random = randomOf(seed);
  const chance = (p: number) => random() < p;
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const some = <T>(list: readonly T[], n: number) => [...new Set(Array.from({ length: n }, () => one(list)))];
  const numbered = (i: number, digits: number) => String(i).padStart(digits, "0");
  const keyText = (key: string) =>
    JSON.stringify(key).replace(/^"[a-z]/, (first) => (chance(0.1) ? `"${escaped(first[1]!)}` : first));

  // A property keeps to some kinds of values, most to one; the same key elsewhere may have others.
  const kinds = new Map<string, readonly (readonly string[])[]>();
  const valueAt = (place: string): string => {
    if (!kinds.has(place)) kinds.set(place, some(VALUES, chance(0.6) ? 1 : 1 + Math.floor(random() * 3)));
    return one(one(kinds.get(place)!));
  };
  const objectAt = (place: string, keys: readonly string[], depth: number): string => {
    const entries = keys.flatMap((key) => {
      if (chance(0.4)) return [];
      const inner = `${place}\n${key}`;
      const isObject = depth > 0 && (randomOf(inner.length * 7 + seed)() < 0.2 || chance(0.02));
      const value = isObject ? objectAt(inner, keys.slice(0, 4), depth - 1) : valueAt(inner);
      return [`${keyText(key)}:${chance(0.05) ? "null" : value}`];
    });
    return `{${entries.sort(() => random() - 0.5).join(chance(0.1) ? " , " : ",")}}`;
  };
  const keysOf = new Map(COLUMNS.map((column) => [column, some(KEYS, 10)]));
  const groups = { types: some(KEYS, 3), names: some(KEYS, 4), keys: some(KEYS, 4) };
  const groupsText = () =>
    `{${groups.types.map((type) => `${JSON.stringify(type)}:{${some(groups.names, 2).map((name) => `${JSON.stringify(name)}:${objectAt(`groups\n${type}`, groups.keys, 1)}`)}}`)}}`;

  let refused = 0;
  const lines = Array.from({ length: events }, (_, i) => {
    const isRefused = chance(0.01);
    if (isRefused) refused += 1;
    const columns = COLUMNS.map((column) => {
      const object = chance(0.05) ? one(["null", "{}"]) : objectAt(column, keysOf.get(column)!, 2);
      return `"${column}":${object}`;
    });
    const fields = [
      `"uuid":"${seed}-${numbered(i, 6)}"`,
      `"event_type":${JSON.stringify(one(TYPES))}`,
      `"server_upload_time":"2026-11-2${i % 3} 0${i % 10}:${numbered(i % 60, 2)}:00.${numbered(i, 6)}"`,
      `"event_time":"2026-11-2${i % 3} 0${i % 10}:00:00.${numbered(i, 6)}"`,
      `"amplitude_id":${1000 + (i % 17)}`,
      `"group_properties":${chance(0.3) ? "null" : groupsText()}`,
      ...(isRefused ? ['"city":"\\ud83d"'] : []),
      ...columns,
    ];
    return `{${fields.join(",")}}`;
  });
  return { text: `${lines.join("\n")}\n`, refused };
}

function escaped(letter: string): string {
  return `\\u00${letter.charCodeAt(0).toString(16)}`;
}
