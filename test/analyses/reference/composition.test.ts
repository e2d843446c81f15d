import { describe, expect, it } from "vitest";
import { composition } from "./composition.js";
import { did, range } from "./written.js";

describe("composition", () => {
  const plan = (name: string) => ({ user: { plan: name } });
  const events = [
    did(1, "2026-11-01T10:00:00", "Open", plan("free")),
    did(1, "2026-11-02T10:00:00", "Open", plan("pro")),
    // Shown only with the next active event.
    did(1, "2026-11-03T10:00:00", "Push", plan("team")),
    did(2, "2026-11-02T10:00:00", "Open", plan("pro")),
    did(3, "2026-11-02T10:00:00"),
    did(4, "2026-11-04T00:00:00", "Open", plan("free")),
  ];
  const setting = range("2026-11-01", "2026-11-04");
  const inactive = ["Push"];
  const short = (options: object) =>
    composition(events, setting, "user_properties.plan", { inactive, ...options }).map((row) => [
      row.value,
      row.users,
      row.share,
    ]);

  it("takes each user by the most recent active event of the range", () => {
    expect(short({})).toEqual([
      ["pro", 2, 2 / 3],
      ["(none)", 1, 1 / 3],
    ]);
  });

  it("takes each value that a user had, of equally many the first by its text first", () => {
    expect(short({ values: "all" })).toEqual([
      ["pro", 2, 2 / 3],
      ["(none)", 1, 1 / 3],
      ["free", 1, 1 / 3],
    ]);
  });

  it("puts the rest together, each user once", () => {
    expect(short({ values: "all", top: 1 })).toEqual([
      ["pro", 2, 2 / 3],
      ["(other)", 2, 2 / 3],
    ]);
  });

  it("counts a user at each item of a list", () => {
    const list = [did(1, "2026-11-02T10:00:00", "Open", { properties: { tags: ["a", "b", "a"] } })];
    expect(composition(list, setting, "tags").map((row) => [row.value, row.users])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    const empty = [did(1, "2026-11-02T10:00:00", "Open", { properties: { tags: [] } })];
    expect(composition(empty, setting, "tags")).toMatchObject([{ value: "(none)", users: 1 }]);
  });

  it("takes the last of two events of one time by their uuid", () => {
    const tied = [
      did(1, "2026-11-02T10:00:00", "Open", { uuid: "b", ...plan("second") }),
      did(1, "2026-11-02T10:00:00", "Open", { uuid: "a", ...plan("first") }),
    ];
    expect(composition(tied, setting, "user_properties.plan")).toMatchObject([{ value: "second" }]);
  });
});
