import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyFolder } from "../cli/run.js";
import { ampframeHere } from "../cli/run-here.js";

// What Amplitude's pages give for these events, worked out by hand. docs/definitions.md names the pages.

const root = emptyFolder("keep");
afterAll(() => rmSync(root, { recursive: true, force: true }));

let uuids = 0;

/** An event of user `id` at a UTC time, uploaded a second later; whatever differs stands in `more`. */
function event(event_type: string, id: number, time: string, more: object = {}): object {
  const at = time.replace("T", " ");
  const event_time = at.includes(".") ? at : `${at}.000000`;
  return {
    ...{ uuid: `${String(uuids++).padStart(4, "0")}`, app: 1, event_type, amplitude_id: id },
    ...{ event_time, client_event_time: event_time, server_upload_time: event_time, session_id: -1 },
    ...{ event_properties: {}, user_properties: {}, ...more },
  };
}

/** Loads the events into a lake of their own, whose data ends long after them. */
function lakeOf(name: string, events: readonly object[], last = "2026-12-01T00:00:00"): () => string {
  const folder = join(root, name);
  beforeAll(async () => {
    mkdirSync(folder);
    const lines = [...events, event("Tick", 99, last)].map((one) => JSON.stringify(one));
    const file = join(folder, "events.json");
    writeFileSync(file, lines.join("\n"));
    expect(await ampframeHere(["load", file, "--lake", join(folder, "amplitude")])).toMatchObject({
      status: 0,
    });
  }, 120_000);
  return () => folder;
}

async function rowsOf<Row>(folder: string, ...args: string[]): Promise<Row[]> {
  const ran = await ampframeHere([...args, "--lake", join(folder, "amplitude"), "--json"]);
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout).rows;
}

describe("a funnel", () => {
  const folder = lakeOf("funnel", [
    // 1: both in one second, Buy before View by milliseconds.
    event("Buy", 1, "2026-11-02T10:00:00.100"),
    event("View", 1, "2026-11-02T10:00:00.900"),
    // 2 and 3: just a day apart, and a second more.
    event("View", 2, "2026-11-02T10:00:00"),
    event("Buy", 2, "2026-11-03T10:00:00"),
    event("View", 3, "2026-11-02T10:00:00"),
    event("Buy", 3, "2026-11-03T10:00:01"),
    // 4: the other way round.
    event("Buy", 4, "2026-11-02T09:00:00"),
    event("View", 4, "2026-11-02T10:00:00"),
    // 5: the second step after the range.
    event("View", 5, "2026-11-02T23:59:59"),
    event("Buy", 5, "2026-11-03T08:00:00"),
    // 6: something between.
    event("View", 6, "2026-11-02T10:00:00"),
    event("Search", 6, "2026-11-02T10:01:00"),
    event("Buy", 6, "2026-11-02T10:02:00"),
  ]);
  const users = async (...more: string[]) =>
    (await rowsOf<{ users: number }>(folder(), "funnel", "View", "Buy", "--from", "2026-11-02", "--to", "2026-11-02", ...more)).map((row) => row.users);

  test("in this order: in one second either way, a day included, later steps after the range", async () => {
    expect(await users()).toEqual([6, 4]);
  });
  test("in any order", async () => {
    expect(await users("--order", "any")).toEqual([6, 5]);
  });
  test("with nothing between", async () => {
    expect(await users("--order", "exact")).toEqual([6, 3]);
  });
  test("by the millisecond", async () => {
    expect(await users("--resolution", "millisecond")).toEqual([6, 3]);
  });
  test("within 90 seconds, and 120", async () => {
    expect(await users("--window", "90s")).toEqual([6, 1]);
    expect(await users("--window", "120s")).toEqual([6, 2]);
  });
}); // biome-ignore format: lines of the table

describe("a funnel with exclusions, totals and a constant property", () => {
  const item = (of: string) => ({ event_properties: { item: of } });
  const folder = lakeOf("exclusion", [
    event("View", 1, "2026-11-02T10:00:00"),
    event("Cancel", 1, "2026-11-02T10:05:00"),
    event("Buy", 1, "2026-11-02T10:10:00"),
    // 2: the second attempt is without.
    event("View", 2, "2026-11-02T10:00:00"),
    event("Cancel", 2, "2026-11-02T10:05:00"),
    event("View", 2, "2026-11-02T10:06:00"),
    event("Buy", 2, "2026-11-02T10:10:00"),
    event("View", 3, "2026-11-02T10:00:00"),
    event("Buy", 3, "2026-11-02T10:10:00"),
    event("Cancel", 3, "2026-11-02T10:11:00"),
    // 4: in the second of the step.
    event("View", 4, "2026-11-02T10:00:00"),
    event("Cancel", 4, "2026-11-02T10:00:00.700"),
    event("Buy", 4, "2026-11-02T10:01:00"),
    ...["10:00", "10:01", "10:02", "10:03"].map((at) => event("Search", 5, `2026-11-02T${at}:00`)),
    event("Add", 5, "2026-11-02T10:04:00"),
    event("Look", 6, "2026-11-02T10:00:00", item("a")),
    event("Look", 6, "2026-11-02T10:01:00", item("b")),
    event("Take", 6, "2026-11-02T10:02:00", item("b")),
  ]);
  const users = async (...args: string[]) =>
    (await rowsOf<{ users: number }>(folder(), "funnel", ...args, "--last", "30d")).map((row) => row.users);

  test("one attempt without the event is enough; one at the time of a step does not matter", async () => {
    expect(await users("View", "Buy", "--exclude", "Cancel")).toEqual([4, 3]);
  });
  test("four searches and one addition are four and one", async () => {
    expect(await users("Search", "Add", "--count", "totals")).toEqual([4, 1]);
    expect(await users("Search", "Add")).toEqual([1, 1]);
  });
  test("a user with two items entered twice, and converted with one", async () => {
    expect(await users("Look", "Take", "--hold-constant", "item")).toEqual([2, 1]);
  });
});

describe("retention", () => {
  const folder = lakeOf("retention", [
    event("Start", 1, "2026-11-02T22:30:00"),
    event("Back", 1, "2026-11-03T21:59:00"),
    event("Start", 2, "2026-11-02T22:30:00"),
    event("Back", 2, "2026-11-03T22:05:00"),
    event("Start", 3, "2026-11-02T00:10:00"),
    event("Back", 3, "2026-11-04T00:00:00"),
    event("Start", 4, "2026-11-02T12:00:00"),
  ]);
  const cells = async (...more: string[]) => {
    const asked = ["retention", "--start", "Start", "--return", "Back", "--from", "2026-11-02", "--to", "2026-11-02"];
    const rows = await rowsOf<{ cohort: string | null; users: number; returned: number }>(folder(), ...asked, ...more);
    const [first] = rows;
    expect(first?.users).toBe(4);
    return rows.filter(({ cohort }) => cohort === "2026-11-02").map(({ returned }) => returned);
  };

  test("on a day, by 24 hours from the hour of the start", async () => {
    expect(await cells("--intervals", "2")).toEqual([1, 1, 1]);
  });
  test("on a day of the calendar", async () => {
    expect(await cells("--intervals", "2", "--mode", "calendar")).toEqual([0, 2, 1]);
  });
  test("on or after", async () => {
    expect(await cells("--intervals", "2", "--method", "on-or-after")).toEqual([3, 2, 1]);
    expect(await cells("--intervals", "2", "--method", "on-or-after", "--mode", "calendar")).toEqual([3, 3, 1]);
  });
  test("in brackets", async () => {
    expect(await cells("--brackets", "0-0,1-2", "--mode", "calendar")).toEqual([0, 3]);
    expect(await cells("--brackets", "0-1,2-2")).toEqual([2, 1]);
  });
}); // biome-ignore format: lines of the table

describe("the day of 25 hours in Berlin", () => {
  const folder = lakeOf("clocks", [
    event("Open", 1, "2026-10-24T22:30:00"), // 00:30 of the 25th
    event("Open", 2, "2026-10-25T00:30:00"), // 02:30, summer
    event("Open", 3, "2026-10-25T01:30:00"), // 02:30 again, winter
    event("Back", 1, "2026-10-25T22:45:00"), // 23:45 of the 25th
    event("Open", 4, "2026-10-25T23:00:00"), // 00:00 of the 26th
  ]);
  const berlin = ["--time-zone", "Europe/Berlin"];

  test("has all that clocks of the 25th show, and two hours called 02:00", async () => {
    const range = ["--from", "2026-10-25", "--to", "2026-10-25", ...berlin];
    const days = await rowsOf<{ value: number }>(folder(), "segmentation", "Open", ...range);
    expect(days.map(({ value }) => value)).toEqual([3]);
    const hours = await rowsOf<{ time: string; value: number }>(folder(), "segmentation", "Open", "--interval", "hour", ...range);
    expect(hours).toHaveLength(25);
    expect(hours.filter(({ value }) => value > 0).map(({ time }) => time)).toEqual(["2026-10-25 00:00+02:00", "2026-10-25 02:00+02:00", "2026-10-25 02:00+01:00"]);
  });
  test("24 hours later is the same day", async () => {
    const asked = ["retention", "--start", "Open", "--return", "Back", "--from", "2026-10-25", "--to", "2026-10-25", "--intervals", "1", ...berlin];
    const returned = async (mode: string) =>
      (await rowsOf<{ cohort: string | null; returned: number }>(folder(), ...asked, "--mode", mode)).filter(({ cohort }) => cohort !== null).map((row) => row.returned);
    expect(await returned("rolling")).toEqual([0, 1]);
    expect(await returned("calendar")).toEqual([1, 0]);
  });
}); // biome-ignore format: lines of the table

describe("weeks", () => {
  const folder = lakeOf("weeks", [
    event("Open", 1, "2026-11-08T12:00:00"), // a Sunday
    event("Open", 2, "2026-11-09T03:00:00"), // Monday in UTC, Sunday evening in New York
  ]);
  const weeks = async (...more: string[]) => {
    const asked = ["segmentation", "Open", "--interval", "week", "--from", "2026-11-08", "--to", "2026-11-09"];
    const rows = await rowsOf<{ time: string; value: number; incomplete: boolean }>(folder(), ...asked, ...more);
    expect(rows.every(({ incomplete }) => incomplete)).toBe(true);
    return rows.map(({ time, value }) => [time, value]);
  };

  test("begin on Monday, or as the project says", async () => {
    expect(await weeks()).toEqual([["2026-11-02", 1], ["2026-11-09", 1]]);
    expect(await weeks("--week-start", "sunday")).toEqual([["2026-11-08", 2]]);
  });
  test("are those of the time zone", async () => {
    expect(await weeks("--time-zone", "America/New_York")).toEqual([["2026-11-02", 2], ["2026-11-09", 0]]);
  });
}); // biome-ignore format: lines of the table

describe("measures", () => {
  const price = (of: unknown) => ({ event_properties: { price: of } });
  const folder = lakeOf("measures", [
    event("Buy", 1, "2026-11-02T10:00:00", price(10)),
    event("Buy", 1, "2026-11-02T11:00:00", price("20")),
    event("Buy", 2, "2026-11-02T12:00:00", price([5, 5])),
    event("Buy", 3, "2026-11-02T13:00:00", price("x")),
    event("Open", 4, "2026-11-02T14:00:00"),
    event("Ping", 5, "2026-11-02T15:00:00"),
    // Late, and before the range.
    event("Buy", 6, "2026-11-01T15:00:00", { server_upload_time: "2026-11-02 16:00:00.000000" }),
    // No time, and a clock that runs ahead of all data.
    event("Buy", 7, "2026-11-02T10:00:00", { event_time: null }),
    event("Buy", 8, "2027-11-02T10:00:00", { server_upload_time: "2026-11-02 16:00:00.000000" }),
  ]);
  const value = async (...more: string[]) =>
    (await rowsOf<{ value: number }>(folder(), "segmentation", "Buy", "--from", "2026-11-02", "--to", "2026-11-02", ...more))[0]?.value;

  test.each([
    ["uniques", 3],
    ["totals", 4],
    ["average", 4 / 3],
    ["active %", 60],
    ["sum:price", 40],
    ["average:price", 10],
    ["median:price", 7.5],
    ["min:price", 5],
    ["max:price", 20],
    ["percentile:price:90", 17],
    ["distinct:price", 4],
    ["distinct-per-user:price", 4 / 3],
    ["sum-per-user:price", 40 / 3],
  ])("%s", async (measure, expected) => {
    expect(await value("--measure", measure)).toBeCloseTo(expected, 10);
  });
  test("active % without inactive events", async () => {
    expect(await value("--measure", "active %", "--inactive", "Ping")).toBe(75);
  });
  test("formulas", async () => {
    expect(await value("--formula", "ARPAU(A, price)")).toBe(8);
    expect(await value("--formula", "FREQPERCENTILE(A, 1)")).toBe(2);
    expect(await value("--formula", "ROLLWIN(UNIQUES, A, 2)")).toBe(4);
  });
  test("a distribution", async () => {
    const rows = await rowsOf<object>(folder(), "distribution", "Buy", "price", "--bins", "5,10,30", "--from", "2026-11-02", "--to", "2026-11-02");
    expect(rows).toEqual([
      { segment: "all", from: 5, to: 10, totals: 2, share: 0.5, users: 1 },
      { segment: "all", from: 10, to: 30, totals: 2, share: 0.5, users: 1 },
    ]);
  });
}); // biome-ignore format: lines of the table

describe("sessions", () => {
  const ms = (time: string) => Date.parse(`${time}Z`);
  const at = (id: number, session: string, ...times: string[]) =>
    times.map((time) => event("Open", id, time, { session_id: ms(session) }));
  const folder = lakeOf("sessions", [
    ...at(1, "2026-11-02T09:59:50", "2026-11-02T10:00:00", "2026-11-02T10:00:30"),
    ...at(1, "2026-11-02T12:00:00", "2026-11-02T12:00:00"),
    event("Open", 2, "2026-11-02T10:00:00"), // in no session
    ...at(3, "2026-11-02T10:00:00", "2026-11-02T10:00:00", "2026-11-03T11:00:00"), // 25 hours
    ...at(4, "2026-11-02T23:59:50", "2026-11-02T23:59:50", "2026-11-03T00:00:20"), // over midnight
  ]);
  const days = (...more: string[]) =>
    rowsOf<object>(folder(), "sessions", "--from", "2026-11-02", "--to", "2026-11-03", ...more);

  test("are of the day on which they begin; a longer one than a day is none", async () => {
    expect(await days()).toMatchObject([
      {
        sessions: 3,
        activeUsers: 4,
        timeSpent: 60,
        averageLength: 20,
        sessionsPerUser: 0.75,
        timePerUser: 15,
      },
      { sessions: 0, activeUsers: 2, timeSpent: 0, averageLength: null, sessionsPerUser: 0, timePerUser: 0 },
    ]);
  });
  test("from session_id they are longer", async () => {
    expect(await days("--length-from", "session_id")).toMatchObject([{ timeSpent: 70 }, { timeSpent: 0 }]);
  });
});

describe("stickiness, lifecycle, active and new users", () => {
  const folder = lakeOf("habits", [
    ...["02", "02", "04", "06"].map((day) => event("Play", 1, `2026-11-${day}T10:00:00`)),
    event("Play", 2, "2026-11-03T10:00:00"),
    ...["02", "03", "04", "05", "06", "07", "08"].map((day) => event("Play", 3, `2026-11-${day}T10:00:00`)),
    // Lifecycle: 4 is new on the 16th, stays, goes, comes back; 5 comes by another event.
    ...["16", "17", "19"].map((day) => event("Read", 4, `2026-11-${day}T10:00:00`)),
    event("Other", 5, "2026-11-16T10:00:00"),
    ...["17", "18"].map((day) => event("Read", 5, `2026-11-${day}T10:00:00`)),
    // 6 is new by an inactive event.
    event("Ping", 6, "2026-11-24T10:00:00"),
    event("Read", 6, "2026-11-25T10:00:00"),
  ]);

  test("on how many days of the week", async () => {
    const asked = ["stickiness", "Play", "--from", "2026-11-02", "--to", "2026-11-08"];
    const rows = await rowsOf<{ time: string | null; users: number; usersAtLeast: number; shareAtLeast: number }>(folder(), ...asked);
    const week = rows.filter(({ time }) => time === "2026-11-02");
    expect(week.map(({ users }) => users)).toEqual([1, 0, 1, 0, 0, 0, 1]);
    expect(week.map(({ usersAtLeast }) => usersAtLeast)).toEqual([3, 2, 2, 1, 1, 1, 1]);
    expect(week.map(({ shareAtLeast }) => shareAtLeast).slice(0, 2)).toEqual([1, 2 / 3]);
  });
  test("new, current, resurrected, dormant", async () => {
    const rows = await rowsOf<Record<string, number>>(folder(), "lifecycle", "Read", "--from", "2026-11-16", "--to", "2026-11-19");
    expect(rows.map((row) => [row.newUsers, row.currentUsers, row.resurrectedUsers, row.dormantUsers, row.pulse])).toEqual([
      [1, 0, 0, 0, null],
      [0, 1, 1, 0, null],
      [0, 1, 0, 1, 0],
      [0, 0, 1, 1, 1],
    ]);
  });
  test("an inactive event makes a user new, and nobody active", async () => {
    const asked = ["active-users", "--from", "2026-11-24", "--to", "2026-11-25", "--inactive", "Ping"];
    const rows = await rowsOf<{ activeUsers: number; newUsers: number }>(folder(), ...asked);
    expect(rows.map(({ activeUsers, newUsers }) => [activeUsers, newUsers])).toEqual([[0, 1], [1, 0]]);
  });
  test("how often in the week", async () => {
    const rows = await rowsOf<{ from: number; users: number }>(folder(), "engagement", "Play", "--from", "2026-11-02", "--to", "2026-11-08");
    expect(rows.map(({ from, users }) => [from, users])).toEqual([[1, 1], [4, 1], [7, 1]]);
  });
}); // biome-ignore format: lines of the table

describe("revenue and lifetime value", () => {
  const of = (event_properties: object) => ({ event_properties });
  const folder = lakeOf("revenue", [
    event("Buy", 1, "2026-11-02T10:00:00", of({ $revenue: 10 })),
    event("Buy", 1, "2026-11-02T11:00:00", of({ $price: 2, $quantity: 3 })),
    event("Buy", 2, "2026-11-02T12:00:00", of({ $price: 5 })),
    event("Buy", 3, "2026-11-02T13:00:00", of({ $revenue: "7" })),
    event("Refund", 2, "2026-11-02T14:00:00", of({ $revenue: -4 })),
    event("Open", 4, "2026-11-02T14:00:00"),
    // Just before and at the end of day 0 of user 4: 48 hours after the first event is the end of day 1.
    event("Buy", 4, "2026-11-03T13:59:59", of({ $revenue: 100 })),
    event("Buy", 4, "2026-11-03T14:00:00", of({ $revenue: 1000 })),
  ]);

  test("is $revenue, else price times quantity; a text is none", async () => {
    const rows = await rowsOf<object>(folder(), "revenue", "--from", "2026-11-02", "--to", "2026-11-02");
    expect(rows).toMatchObject([{ revenue: 17, payingUsers: 2, activeUsers: 4, arpu: 4.25, arppu: 8.5 }]);
  });
  test("day 0 ends 24 hours after the first event", async () => {
    const asked = ["lifetime-value", "--from", "2026-11-02", "--to", "2026-11-02", "--intervals", "1"];
    const rows = await rowsOf<{ cohort: string | null; users: number; revenue: number }>(folder(), ...asked);
    const cells = rows.filter(({ cohort }) => cohort !== null);
    expect(cells.map(({ users, revenue }) => [users, revenue])).toEqual([[4, 117], [4, 1117]]);
  });
}); // biome-ignore format: lines of the table

describe("composition and paths", () => {
  const on = (platform: string | null) => ({ platform });
  const folder = lakeOf("ways", [
    event("A", 1, "2026-11-02T10:00:00", on("Web")),
    event("B", 1, "2026-11-02T10:01:00", on("iOS")),
    event("C", 1, "2026-11-02T10:02:00", on("iOS")),
    event("A", 2, "2026-11-02T10:00:00", on("Web")),
    event("C", 2, "2026-11-02T10:01:00", on(null)),
    event("A", 3, "2026-11-02T10:00:00", on("Web")),
  ]);
  const day = ["--from", "2026-11-02", "--to", "2026-11-02"];

  test("each user by the last value", async () => {
    const rows = await rowsOf<{ value: string; users: number }>(folder(), "composition", "platform", ...day);
    expect(rows.map(({ value, users }) => [value, users])).toEqual([["(none)", 1], ["Web", 1], ["iOS", 1]]);
  });
  test("what comes next", async () => {
    const rows = await rowsOf<{ step: number; from: string; to: string; users: number }>(folder(), "paths", "A", "--steps", "2", ...day);
    expect(rows.map(({ step, from, to, users }) => `${step} ${from} → ${to} ${users}`)).toEqual([
      "0 A → (dropped off) 1",
      "0 A → B 1",
      "0 A → C 1",
      "1 B → C 1",
      "1 C → (dropped off) 1",
    ]);
  });
}); // biome-ignore format: lines of the table
