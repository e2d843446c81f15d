import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { type FrameOptions, selectionOf } from "../../src/frame/selection.js";
import { parseTimeEnd } from "../../src/frame/time-end.js";
import { TimeZone } from "../../src/frame/time-zone.js";

const iso = (micros: bigint) => {
  const text = new Date(Number(micros / 1000n)).toISOString().slice(0, -1);
  return `${text}${String(micros % 1000n).padStart(3, "0")}`;
};

describe("an end of a range means all that it names, in UTC", () => {
  test.each([
    ["2026-11-23", "2026-11-23T00:00:00.000000", "2026-11-24T00:00:00.000000"],
    ["2028-02-29", "2028-02-29T00:00:00.000000", "2028-03-01T00:00:00.000000"],
    ["2026-11-23T05", "2026-11-23T05:00:00.000000", "2026-11-23T06:00:00.000000"],
    ["20261123T05", "2026-11-23T05:00:00.000000", "2026-11-23T06:00:00.000000"],
    ["2026-11-23 05:06", "2026-11-23T05:06:00.000000", "2026-11-23T05:07:00.000000"],
    ["2026-11-23T05:06:07Z", "2026-11-23T05:06:07.000000", "2026-11-23T05:06:08.000000"],
    ["2026-11-23T05:06:07.12+02:00", "2026-11-23T03:06:07.120000", "2026-11-23T03:06:07.130000"],
    ["2026-11-23 05:06:07.123457", "2026-11-23T05:06:07.123457", "2026-11-23T05:06:07.123458"],
  ])("%s", (text, from, until) => {
    const piece = parseTimeEnd(text, "from");
    expect([iso(piece.from), iso(piece.until)]).toEqual([from, until]);
  });

  test("a Date is one millisecond", () => {
    const piece = parseTimeEnd(new Date("2026-11-23T05:06:07.123Z"), "to");
    expect(piece.until - piece.from).toBe(1000n);
  });

  test.each(["2026-02-29", "2026-13-01", "2026-11-23T24", "yesterday", "", "2026-11-23T05:06:07+0200"])(
    "%s is refused",
    (text) => {
      expect(() => parseTimeEnd(text, "to")).toThrow(UsageError);
    },
  );
});

describe("an end of a range in a time zone", () => {
  test.each([
    ["Europe/Berlin", "2026-11-23", "2026-11-22T23:00:00.000000", "2026-11-23T23:00:00.000000"],
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000000", "2026-03-29T22:00:00.000000"],
    ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000000", "2026-10-25T23:00:00.000000"],
    ["Europe/Berlin", "2026-10-25T02", "2026-10-25T00:00:00.000000", "2026-10-25T02:00:00.000000"],
    ["Europe/Berlin", "2026-10-25T01", "2026-10-24T23:00:00.000000", "2026-10-25T00:00:00.000000"],
    ["Europe/Berlin", "2026-03-29T02", "2026-03-29T01:00:00.000000", "2026-03-29T01:00:00.000000"],
    ["Europe/Berlin", "2026-03-29T03", "2026-03-29T01:00:00.000000", "2026-03-29T02:00:00.000000"],
    ["Europe/Berlin", "2026-11-23T05:06:07.12Z", "2026-11-23T05:06:07.120000", "2026-11-23T05:06:07.130000"],
    ["Asia/Kolkata", "2026-11-23T05", "2026-11-22T23:30:00.000000", "2026-11-23T00:30:00.000000"],
    ["America/New_York", "2026-11-01", "2026-11-01T04:00:00.000000", "2026-11-02T05:00:00.000000"],
    ["Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000000", "2026-04-24T21:00:00.000000"],
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000000", "2011-12-30T10:00:00.000000"],
    [
      "America/New_York",
      "1969-12-31T19:00:00.000001",
      "1970-01-01T00:00:00.000001",
      "1970-01-01T00:00:00.000002",
    ],
  ])("%s %s", (zone, text, from, until) => {
    const piece = parseTimeEnd(text, "from", TimeZone.of(zone));
    expect([iso(piece.from), iso(piece.until)]).toEqual([from, until]);
  });

  test("every day of ten years ends where the next begins", () => {
    const zone = TimeZone.of("America/Sao_Paulo");
    let before = parseTimeEnd("2014-12-31", "from", zone).until;
    for (let ms = Date.UTC(2015, 0, 1); ms < Date.UTC(2025, 0, 1); ms += 86_400_000) {
      const { from, until } = parseTimeEnd(new Date(ms).toISOString().slice(0, 10), "from", zone);
      expect([from, (until - from) / 3_600_000_000n]).toEqual([before, expect.toBeOneOf([23n, 24n, 25n])]);
      before = until;
    }
  });
});

test("last ends now and is counted in hours", () => {
  const now = Date.parse("2026-11-23T13:22:01.5Z");
  expect(selectionOf({ last: "2d" }, now).sql("events")).toContain(
    "event_time >= TIMESTAMP '2026-11-21 13:22:01.500000' AND event_time < TIMESTAMP '2026-11-23 13:22:01.500000'",
  );
  const { from, until } = selectionOf({ last: "4w" }, now).bounds.eventTime!;
  expect((until! - from!) / 3_600_000_000n).toBe(672n);
});

describe("the SELECT", () => {
  const sql = (options: FrameOptions) => selectionOf(options).sql("events");
  test.each<[FrameOptions, string]>([
    [{}, "SELECT * EXCLUDE (upload_date) FROM events"],
    [{ columns: ["event_time", "$insert_id"] }, 'SELECT "event_time", "$insert_id" FROM events'],
    [
      { columns: ["uuid"], from: "2026-11-23", to: "2026-11-23" },
      `SELECT "uuid" FROM events WHERE event_time >= TIMESTAMP '2026-11-23 00:00:00.000000' AND event_time < TIMESTAMP '2026-11-24 00:00:00.000000'`,
    ],
    [
      { columns: ["uuid"], uploadedTo: "2026-11-23T05" },
      `SELECT "uuid" FROM events WHERE server_upload_time < TIMESTAMP '2026-11-23 06:00:00.000000'`,
    ],
    [
      { columns: ["uuid"], events: ["it's", 'a "b"'], limit: 3 },
      `SELECT "uuid" FROM events WHERE event_type IN ('it''s', 'a "b"') LIMIT 3`,
    ],
    [
      { columns: ["uuid"], users: ["u'1", 5, 2n ** 63n - 1n], devices: "d", platforms: ["iOS", "Web"] },
      `SELECT "uuid" FROM events WHERE (user_id = 'u''1' OR amplitude_id IN (5, 9223372036854775807)) AND device_id = 'd' AND platform IN ('iOS', 'Web')`,
    ],
    [{ columns: ["uuid"], users: 7n }, `SELECT "uuid" FROM events WHERE amplitude_id IN (7)`],
    [{ columns: ["uuid"], users: [] }, `SELECT "uuid" FROM events WHERE false`],
    [{ columns: ["uuid"], events: [] }, `SELECT "uuid" FROM events WHERE false`],
    [
      { columns: ["uuid"], events: "a", where: "country = 'x' OR true -- comment" },
      `SELECT "uuid" FROM events WHERE event_type = 'a' AND (country = 'x' OR true -- comment\n)`,
    ],
  ])("of %o", (options, expected) => {
    expect(sql(options)).toBe(expected);
  });
});

describe("what is wrong is named, with the way out", () => {
  test.each<[unknown, string, string]>([
    [{ columns: ["event_tyme"] }, 'no column "event_tyme"', '"event_time"?'],
    [{ columns: ["eventType"] }, 'no column "eventType"', '"event_type"?'],
    [{ columns: ["insert_id"] }, 'no column "insert_id"', '"$insert_id"?'],
    [{ columns: ["xyzzy"] }, 'no column "xyzzy"', "The columns are $insert_id"],
    [{ columns: [] }, "empty list", "leave columns out"],
    [{ columns: [], properties: [] }, "empty list", "leave columns out"],
    [{ columns: ["uuid", "uuid"] }, "named twice", "once"],
    [{ event: ["a"] }, 'no option "event"', '"events"?'],
    [{ limit: -1 }, "limit is -1", "whole number"],
    [{ limit: 1.5 }, "limit is 1.5", "whole number"],
    [{ from: "2026-11-24", to: "2026-11-23" }, "from is after to", "not after"],
    [{ from: "soon" }, 'from is "soon"', "2026-11-23T05"],
    [{ last: "7 days" }, 'last is "7 days"', "36h, 7d, 4w"],
    [{ last: "0d" }, 'last is "0d"', "36h, 7d, 4w"],
    [{ last: "7d", from: "2026-11-23" }, "together", "either"],
    [{ timeZone: "Europe/Berlim" }, '"Europe/Berlim"', '"Europe/Berlin"?'],
    [{ timeZone: "+02:00" }, '"+02:00"', "IANA"],
    [{ users: [1.5] }, "1.5 is no user", "1263031170800n"],
    [{ users: [2n ** 64n] }, "18446744073709551616 is no user", "bigint"],
  ])("%o", (options, message, wayOut) => {
    let thrown: unknown;
    try {
      selectionOf(options as FrameOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).message).toContain(message);
    expect((thrown as UsageError).wayOut).toContain(wayOut);
  });
});
