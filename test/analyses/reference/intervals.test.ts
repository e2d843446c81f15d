import { expect, test } from "vitest";
import type { AnalysisInterval } from "../../../src/analyses/options.js";
import { at } from "../made-events.js";
import { type Calendar, pieceAt, pieceBefore, piecesOf } from "./intervals.js";

const piece = (time: string, interval: AnalysisInterval, calendar: Calendar = {}) => {
  const { label, from, until } = pieceAt(at(time), interval, calendar);
  const iso = (us: bigint) => new Date(Number(us / 1000n)).toISOString().slice(0, 16);
  return [label, iso(from), iso(until)];
};
const berlin = { timeZone: "Europe/Berlin" };
const newYork = { timeZone: "America/New_York" };

test.each<[string, AnalysisInterval, Calendar, string[]]>([
  ["2026-11-24T05:59:59.999999", "hour", {}, ["2026-11-24 05:00+00:00", "2026-11-24T05:00", "2026-11-24T06:00"]],
  ["2026-11-24T05:30:00", "hour", { timeZone: "Asia/Kolkata" }, ["2026-11-24 11:00+05:30", "2026-11-24T05:30", "2026-11-24T06:30"]],
  ["2026-11-24T05:29:59", "hour", { timeZone: "Asia/Kolkata" }, ["2026-11-24 10:00+05:30", "2026-11-24T04:30", "2026-11-24T05:30"]],
  ["2026-11-24T00:00:00", "day", {}, ["2026-11-24", "2026-11-24T00:00", "2026-11-25T00:00"]],
  ["2026-11-24T04:59:59", "day", newYork, ["2026-11-23", "2026-11-23T05:00", "2026-11-24T05:00"]],
  // Clocks go forward: 23 hours; back: 25.
  ["2026-03-29T12:00:00", "day", berlin, ["2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"]],
  ["2026-10-25T12:00:00", "day", berlin, ["2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00"]],
  ["2026-03-08T12:00:00", "day", newYork, ["2026-03-08", "2026-03-08T05:00", "2026-03-09T04:00"]],
  ["2026-10-25T00:30:00", "hour", berlin, ["2026-10-25 02:00+02:00", "2026-10-25T00:00", "2026-10-25T01:00"]],
  ["2026-10-25T01:30:00", "hour", berlin, ["2026-10-25 02:00+01:00", "2026-10-25T01:00", "2026-10-25T02:00"]],
  ["2026-11-24T12:00:00", "week", {}, ["2026-11-23", "2026-11-23T00:00", "2026-11-30T00:00"]],
  ["2026-11-24T12:00:00", "week", { weekStart: "sunday" }, ["2026-11-22", "2026-11-22T00:00", "2026-11-29T00:00"]],
  ["2026-11-24T12:00:00", "week", { weekStart: "tuesday" }, ["2026-11-24", "2026-11-24T00:00", "2026-12-01T00:00"]],
  ["2026-10-28T12:00:00", "week", berlin, ["2026-10-26", "2026-10-25T23:00", "2026-11-01T23:00"]],
  ["2026-10-31T23:30:00", "month", berlin, ["2026-11-01", "2026-10-31T23:00", "2026-11-30T23:00"]],
  ["2024-02-29T12:00:00", "month", {}, ["2024-02-01", "2024-02-01T00:00", "2024-03-01T00:00"]],
  ["2026-03-31T12:00:00", "quarter", {}, ["2026-01-01", "2026-01-01T00:00", "2026-04-01T00:00"]],
  ["2026-01-15T12:00:00", "quarter", { quarterStart: 2 }, ["2025-11-01", "2025-11-01T00:00", "2026-02-01T00:00"]],
  ["2026-01-15T12:00:00", "quarter", { quarterStart: 12 }, ["2025-12-01", "2025-12-01T00:00", "2026-03-01T00:00"]],
])("the interval of %s: %s %j", (time, interval, calendar, expected) => {
  expect(piece(time, interval, calendar)).toEqual(expected);
}); // biome-ignore format: a table

test("the hours of a day on which clocks go back are 25, two of them at 02:00", () => {
  const labels = piecesOf(at("2026-10-24T22:00:00"), at("2026-10-25T23:00:00"), "hour", berlin).map(({ label }) => label);
  expect(labels).toHaveLength(25);
  expect(labels.filter((label) => label.includes(" 02:00"))).toEqual(["2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00"]);
}); // biome-ignore format: short enough

test("a range has all intervals that it touches, and none if it is empty", () => {
  const labels = (from: string, until: string) =>
    piecesOf(at(from), at(until), "day", {}).map(({ label }) => label);
  expect(labels("2026-01-01T23:59:59", "2026-01-03T00:00:00")).toEqual(["2026-01-01", "2026-01-02"]);
  expect(labels("2026-01-01T23:59:59", "2026-01-03T00:00:00.000001")).toHaveLength(3);
  expect(labels("2026-01-01", "2026-01-01")).toEqual([]);
});

test("the interval before, over a change of clocks and of months", () => {
  const before = (time: string, count: number, interval: AnalysisInterval) =>
    pieceBefore(pieceAt(at(time), interval, berlin), count, interval, berlin).label;
  expect(before("2026-03-30T12:00:00", 2, "day")).toBe("2026-03-28");
  expect(before("2026-03-31T12:00:00", 1, "month")).toBe("2026-02-01");
});
