import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { type FrameOptions, selectionOf } from "../../src/frame/selection.js";
import { parseTimeEnd } from "../../src/frame/time-end.js";

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
    [{ columns: ["uuid"], events: [] }, `SELECT "uuid" FROM events WHERE false`],
    [
      { columns: ["uuid"], events: "a", where: "country = 'x' OR true -- comment" },
      `SELECT "uuid" FROM events WHERE event_type = 'a' AND (country = 'x' OR true -- comment\n)`,
    ],
  ])("of %j", (options, expected) => {
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
    [{ columns: ["uuid", "uuid"] }, "named twice", "once"],
    [{ event: ["a"] }, 'no option "event"', '"events"?'],
    [{ limit: -1 }, "limit is -1", "whole number"],
    [{ limit: 1.5 }, "limit is 1.5", "whole number"],
    [{ from: "2026-11-24", to: "2026-11-23" }, "from is after to", "not after"],
    [{ from: "soon" }, 'from is "soon"', "2026-11-23T05"],
  ])("%j", (options, message, wayOut) => {
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
