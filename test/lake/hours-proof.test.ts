import { expect, test } from "vitest";
import type { Account, HourAccount } from "../../src/lake/account.js";
import { wrongHours } from "../../src/lake/hours-proof.js";
import { draft, hour } from "./making.js";

const request = (from: string, to: string, at = "2026-12-24T12:00:00.000Z") => ({
  ...{ from: hour(from), to: hour(to), status: 200, attempts: 1, at },
});

const account = (hours: Record<string, number>, more: Partial<Account> = {}): Account => ({
  ...{ formatVersion: 1, commit: "c", at: "2026-12-24T12:00:00.000Z", removed: [], files: [] },
  ...draft(hours),
  ...more,
});

const three = { "2026-11-20T05": 3, "2026-11-20T06": 0, "2026-11-20T07": 1 };
const asked = [request("2026-11-20T05", "2026-11-20T06"), request("2026-11-20T07", "2026-11-20T07")];

test("the hours of a pull are those that were asked for, no more and no fewer", () => {
  expect(wrongHours(account(three, { requests: asked }))).toEqual([]);
  expect(wrongHours(account(three, { requests: asked.slice(0, 1) }))).toEqual([
    "Hour 2026-11-20T07 is held, but was not asked for.",
  ]);
  const more = [...asked, request("2026-11-20T08", "2026-11-20T08")];
  expect(wrongHours(account(three, { requests: more }))).toEqual([
    "Hour 2026-11-20T08 was asked for, but has no mark.",
  ]);
  const young = [...asked, request("2026-11-20T08", "2026-11-20T08", "2026-11-20T09:00:00.000Z")];
  expect(wrongHours(account(three, { requests: young }))).toEqual([]);
});

test("an empty hour has no events, and other hours keep no more copies than were dropped", () => {
  const { hours } = account(three);
  const change = (edit: Partial<HourAccount>) => [{ ...hours[0]!, ...edit }, ...hours.slice(1)];
  expect(wrongHours(account(three, { requests: asked, hours: change({ mark: "empty" }) }))).toEqual([
    "Hour 2026-11-20T05 is empty, but 3 events of it came.",
  ]);
  const keptBy = { "2026-11-19T05": 2 };
  expect(wrongHours(account(three, { requests: asked, hours: change({ duplicates: 1, keptBy }) }))).toEqual([
    "Hour 2026-11-20T05: 1 duplicates, but 2 kept by other hours.",
  ]);
  const stray = { ...hours[0]!, hour: hour("2026-11-19T23"), mark: "loaded" as const };
  expect(wrongHours(account(three, { requests: asked, hours: [...hours, stray] }))).toEqual([]);
});
