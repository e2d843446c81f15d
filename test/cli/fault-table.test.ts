import { expect, test } from "vitest";
import { faultTable, wayOut } from "../../src/cli/fault-table.js";
import { paintFor } from "../../src/cli/paint.js";
import type { Hour } from "../../src/index.js";

const plain = paintFor({ isTTY: false }, {});
const path = "app=77/upload_date=2026-11-22/part-0a1b2c3d-0000-4000-8000-000000000000.parquet";
const faults = [
  { what: path, found: "500 bytes", expected: "3201 bytes" },
  { what: "hour 2026-11-22T01", found: "0 rows", expected: "7\u001b[31m rows\nmore" },
];

test("a table of faults fits any terminal, and keeps the ends of what it cuts", () => {
  for (const width of [50, 80, 100, 160]) {
    for (const line of faultTable(faults, width, plain)) expect(line.length).toBeLessThanOrEqual(width);
  }
  const [head, file, hour] = faultTable(faults, 80, plain);
  expect(head).toMatch(/^ {2}what +found +expected$/);
  expect(file).toMatch(/^ {2}app=77.*….*\.parquet {2}500 bytes {2}3201 bytes$/);
  expect(hour).toContain("7\\u001b[31m rows more");
  expect(faultTable(faults, Number.POSITIVE_INFINITY, plain)[1]).toContain(path);
});

test("of a hash twelve digits are shown, so that the file's name has room", () => {
  const hash = "0123456789abcdef".repeat(4);
  const lines = faultTable(
    [{ what: path, found: `SHA-256 ${hash}`, expected: `SHA-256 ${hash}` }],
    100,
    plain,
  );
  expect(lines[1]).toMatch(
    /^ {2}app=77\/upload_date=2026-11-22\/.*….*\.parquet {2}SHA-256 0123456789ab… {2}SHA-256 0123456789ab…$/,
  );
});

test("of many faults fifty are shown, and how many more there are", () => {
  const lines = faultTable(
    Array.from({ length: 1060 }, (_, i) => ({ what: `hour ${i}`, found: "1 rows", expected: "2 rows" })),
    80,
    plain,
  );
  expect(lines).toHaveLength(52);
  expect(lines.at(-1)).toBe("  and 1,010 more: see --json");
});

test("the way out names the hours in doubt as ranges", () => {
  const hours = ["2026-11-21T22", "2026-11-21T23", "2026-11-22T00", "2026-11-23T05"] as Hour[];
  expect(wayOut({ faults: [], doubtful: hours }, " --lake x")).toContain(
    "ampframe pull --lake x --refresh 2026-11-21T22..2026-11-22T00",
  );
  expect(wayOut({ faults: [], doubtful: hours }, "")).toContain(
    "ampframe pull --refresh 2026-11-23T05..2026-11-23T05",
  );
  expect(wayOut({ faults: [], doubtful: [] }, "")).not.toContain("pull");
});

test("the way out of damaged projections is to promote", () => {
  const [projection, other] = [
    "_ampframe/promoted/app=1/upload_date=2026-11-21/part-1.a.parquet",
    "app=1/x",
  ].map((what) => ({ what, found: "SHA-256 1", expected: "SHA-256 2" }));
  const doubtful = ["2026-11-21T22"] as Hour[];
  const again = "Files under _ampframe/promoted/ are made anew by: ampframe promote --lake x";
  expect(wayOut({ faults: [projection!], doubtful: [] }, " --lake x")).toBe(again);
  const both = wayOut({ faults: [projection!, other!], doubtful }, " --lake x");
  expect(both).toContain(again);
  expect(both).toContain("ampframe pull --lake x --refresh 2026-11-21T22..2026-11-21T22");
  expect(wayOut({ faults: [other!], doubtful }, "")).not.toContain("promote");
});
