import { expect, test } from "vitest";
import { addHours, hoursIn, lastSettledHour } from "../../src/hour.js";
import type { AccountSummary, HourAccount } from "../../src/lake/account.js";
import {
  type HourState,
  hourStates,
  knownSources,
  loadedInputs,
  missingHours,
} from "../../src/lake/hour-states.js";
import { hour } from "./making.js";

const at = (time: string) => Date.parse(`2026-11-20T${time}:00Z`);
const range = { from: hour("2026-11-20T00"), to: hour("2026-11-20T05") };
let version = 0;

function account(time: string, hours: Record<string, Partial<HourAccount>>, source = "us-1"): AccountSummary {
  version += 1;
  return {
    ...{ version, id: `id-${version}`, operation: "pull", source: { id: source, project: "shop" } },
    ...{
      at: new Date(time.includes("T") ? time : at(time)).toISOString(),
      inputs: [`sha-${version}`],
      quarantine: null,
    },
    hours: Object.entries(hours).map(([h, more]) => {
      const rows = more.rows ?? 0;
      return { hour: hour(`2026-11-20T${h}`), mark: "held", loaded: rows, duplicates: 0, rows, ...more };
    }),
  };
}

const states = (accounts: AccountSummary[], now: number, settleHours?: number) =>
  hourStates(accounts, "us-1", range, settleHours ? { now, settleHours } : { now });
const names = (map: Map<unknown, HourState>) => [...map.values()].map(({ state }) => state).join(" ");

test("an hour settles three hours after it begins, to the minute", () => {
  expect(lastSettledHour(at("08:00"))).toBe("2026-11-20T05");
  expect(lastSettledHour(at("07:59"))).toBe("2026-11-20T04");
  expect(names(states([], at("07:59")))).toBe("missing missing missing missing missing settling");
  expect(names(states([], at("08:00")))).toBe("missing missing missing missing missing missing");
  expect(names(states([], at("08:00"), 6))).toBe("missing missing missing settling settling settling");
});

test("each mark gives its state, the last commit of an hour wins, and other sources do not count", () => {
  const found = states(
    [
      account("20:00", {
        "00": { rows: 3 },
        "01": { mark: "empty" },
        "02": { mark: "refused", reason: "over 4 GB" },
      }),
      account("20:10", { "00": { rows: 7 }, "03": { mark: "loaded", rows: 2 } }),
      account("20:20", { "04": { rows: 1 } }, "eu-2"),
    ],
    at("21:00"),
  );
  expect(names(found)).toBe("held empty refused loaded missing missing");
  expect(found.get(hour("2026-11-20T00"))).toMatchObject({ rows: 7, provisional: false });
  expect(found.get(hour("2026-11-20T02"))).toMatchObject({ reason: "over 4 GB" });
});

test("rows loaded by hand add up, and neither they nor a refusal undo what is held", () => {
  const found = states(
    [
      account("20:00", { "00": { mark: "loaded", rows: 2 }, "01": { rows: 5 }, "02": { mark: "empty" } }),
      account("20:10", { "00": { mark: "loaded", rows: 3 }, "01": { mark: "loaded", rows: 1 } }),
      account("20:20", { "01": { mark: "refused", reason: "504" }, "02": { mark: "loaded", rows: 4 } }),
    ],
    at("21:00"),
  );
  expect([...found.values()].slice(0, 3)).toMatchObject([
    { state: "loaded", rows: 5 },
    { state: "held", rows: 6, reason: null },
    { state: "loaded", rows: 4 },
  ]);
});

test("an hour brought before it settled is settling, then due, then held for good", () => {
  const early = account("06:00", { "05": { rows: 9, provisional: true } });
  const young = states([early], at("07:00"));
  expect(young.get(hour("2026-11-20T05"))).toMatchObject({ state: "settling", rows: 9, provisional: true });
  expect(missingHours(young, { now: at("07:00") })).not.toContain("2026-11-20T05");
  const grown = states([early], at("08:00"));
  expect(grown.get(hour("2026-11-20T05"))).toMatchObject({ state: "held", provisional: true });
  expect(missingHours(grown, { now: at("08:00") })).toContain("2026-11-20T05");
  const final = states([early, account("08:00", { "05": { rows: 12 } })], at("09:00"));
  expect(missingHours(final, { now: at("09:00") })).not.toContain("2026-11-20T05");
  expect(final.get(hour("2026-11-20T05"))).toMatchObject({ state: "held", rows: 12, provisional: false });
});

test("an unconfirmed empty hour is asked for once more, a day after", () => {
  const accounts = [account("20:00", { "01": { mark: "empty", provisional: true } })];
  const due = (now: number) => missingHours(states(accounts, now), { now }).includes(hour("2026-11-20T01"));
  expect(due(at("20:00") + 24 * 3_600_000 - 1)).toBe(false);
  expect(due(at("20:00") + 24 * 3_600_000)).toBe(true);
  accounts.push(account("2026-11-21T21:00Z", { "01": { mark: "empty" } }));
  expect(due(at("20:00") + 72 * 3_600_000)).toBe(false);
});

test("refused and loaded hours are not asked for again by themselves", () => {
  const all = states(
    [account("20:00", { "00": { mark: "refused" }, "01": { mark: "loaded", rows: 1 } })],
    at("21:00"),
  );
  expect(missingHours(all, { now: at("21:00") })).toEqual(hoursIn(range).slice(2));
});

test("sources are known with the first hour that they hold or that a pull was to bring, inputs by their hash", () => {
  const accounts = [
    account("20:00", { "03": { rows: 1 }, "04": { mark: "refused" } }),
    account("20:01", { "01": { mark: "empty" } }),
    account("20:02", { "00": { mark: "loaded", rows: 1 } }, "files"),
  ];
  expect(knownSources(accounts)).toEqual([
    { id: "us-1", project: "shop", first: "2026-11-20T01" },
    { id: "files", project: "shop", first: null },
  ]);
  const pulled = {
    ...account("20:03", {}),
    range: { from: hour("2026-11-19T00"), to: hour("2026-11-20T04") },
  };
  expect(knownSources([...accounts, pulled])[0]).toMatchObject({ id: "us-1", first: "2026-11-19T00" });
  expect(knownSources([pulled, ...accounts])[0]).toMatchObject({ id: "us-1", first: "2026-11-19T00" });
  expect([...loadedInputs(accounts)]).toEqual(accounts.flatMap(({ inputs }) => inputs));
});

test("the states of three years of hours, from as many commits, take seconds at worst", () => {
  const first = hour("2023-01-01T00");
  const many = Array.from({ length: 26_000 }, (_, i): AccountSummary => {
    const hours = [{ hour: addHours(first, i), mark: "held" as const, loaded: 1, duplicates: 0, rows: 1 }];
    return { ...account("20:00", {}), version: i, hours };
  });
  const began = performance.now();
  const all = hourStates(many, "us-1", { from: first, to: addHours(first, 25_999) }, { now: at("20:00") });
  expect([...all.values()].every(({ state }) => state === "held")).toBe(true);
  expect(performance.now() - began).toBeLessThan(3000);
});
