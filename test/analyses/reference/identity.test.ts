import { expect, test } from "vitest";
import { made } from "../made-events.js";
import { identified } from "./identity.js";

const merge = (from: number, to: number, time = 0) => ({
  amplitude_id: from,
  merged_amplitude_id: to,
  merge_server_time: time,
});
const userOf = (merges: readonly ReturnType<typeof merge>[], id: number) =>
  Number(identified([], { merges })(BigInt(id)));

test("raw ids are users of their own", () => {
  expect(identified([made("a", "2026-01-01", { amplitude_id: 9 })])(9n)).toBe(9n);
});

test("a chain is followed to its end", () => {
  const merges = [merge(1, 2), merge(2, 3), merge(3, 4)];
  expect([1, 2, 3, 4, 5].map((id) => userOf(merges, id))).toEqual([4, 4, 4, 4, 5]);
});

test("of a circle the smallest id stays, also for ids that lead into it", () => {
  const merges = [merge(9, 8), merge(8, 7), merge(7, 8)];
  expect([9, 8, 7].map((id) => userOf(merges, id))).toEqual([7, 7, 7]);
  expect(userOf([merge(5, 5)], 5)).toBe(5);
});

test("the later merge of an id counts, of two at once that to the smaller id", () => {
  expect(userOf([merge(1, 2, 20), merge(1, 3, 10)], 1)).toBe(2);
  expect(userOf([merge(1, 3, 10), merge(1, 2, 10)], 1)).toBe(2);
});

const row = (amplitude_id: number, user_id: string | null, time: string, device_id: string | null = "d") =>
  made("a", time, { amplitude_id, user_id, device_id });

test("estimated: whoever logs in next on the device is who was anonymous there", () => {
  const rows = [row(9, null, "2026-01-01"), row(9, null, "2026-01-02"), row(8, "u", "2026-01-03")];
  expect(identified(rows, "estimated")(9n)).toBe(8n);
  expect(identified(rows.toReversed(), "estimated")(9n)).toBe(8n);
});

test.each([
  ["on another device", [row(9, null, "2026-01-01", "other"), row(8, "u", "2026-01-03")]],
  ["without a device", [row(9, null, "2026-01-01", null), row(8, "u", "2026-01-03", null)]],
  ["another was anonymous in between", [row(9, null, "2026-01-01"), row(7, null, "2026-01-02"), row(8, "u", "2026-01-03")]],
  ["the login came before", [row(8, "u", "2026-01-01"), row(9, null, "2026-01-02")]],
  ["the id logged in elsewhere", [row(9, null, "2026-01-01"), row(8, "u", "2026-01-03"), row(9, "v", "2026-01-04", "other")]],
])("estimated: not merged where %s", (_why, rows) => {
  expect(identified(rows, "estimated")(9n)).toBe(9n);
}); // biome-ignore format: a table

test("estimated: of two logins the later counts", () => {
  const rows = [
    row(9, null, "2026-01-01", "phone"),
    row(8, "u", "2026-01-05", "phone"),
    row(9, null, "2026-01-02", "laptop"),
    row(7, "v", "2026-01-03", "laptop"),
  ];
  expect(identified(rows, "estimated")(9n)).toBe(8n);
});
