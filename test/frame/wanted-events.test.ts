import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MadeLake, makeLake } from "./made-lake.js";

const DAYS = [20, 21, 22, 23, 24, 25];
const event = (day: number) => ({
  event_time: `TIMESTAMPTZ '2026-11-${day} 00:00:00+00' + INTERVAL (i * 21) MINUTE`,
  server_upload_time: `TIMESTAMPTZ '2026-11-${day} 00:00:00+00' + INTERVAL (i * 22) MINUTE`,
  event_type: `CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END`,
  user_id: `'user ' || (i % 5)`,
});

let local: MadeLake;
let remote: MadeLake;

beforeAll(async () => {
  [local, remote] = [await makeLake(), await makeLake({ isRemote: true })];
  for (const lake of [local, remote]) {
    for (const day of DAYS) await lake.addMany({ app: "1", day: `2026-11-${day}` }, 60, event(day));
  }
});

afterAll(async () => {
  for (const lake of [local, remote]) await lake.close();
});

const rows = async ({ lake }: MadeLake, sql: string) =>
  (await (await lake.query(sql)).head(5000)) as unknown[];

const instant = fc
  .tuple(fc.constantFrom(...DAYS), fc.nat(23), fc.constantFrom("00:00", "30:00", "59:59.999999"))
  .map(([day, hour, rest]) => `2026-11-${day} ${String(hour).padStart(2, "0")}:${rest}`);
const side = fc.constantFrom(
  ...["event_time", "e.event_time", "server_upload_time", "upload_date", "event_time::DATE"],
  ...["date_trunc('day', event_time)", "date_trunc('week', server_upload_time)"],
);
const comparison = fc.oneof(
  fc
    .tuple(side, fc.constantFrom("<", "<=", "=", ">=", ">"), instant, fc.boolean())
    .map(([left, operator, at, isText]) => `${left} ${operator} ${isText ? "" : "TIMESTAMP "}'${at}'`),
  fc
    .tuple(side, instant, instant)
    .map(([left, a, b]) => `${left} BETWEEN '${a}' AND DATE '${b.slice(0, 10)}'`),
  fc.constant("event_type = 'a'"),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { weight: 3, arbitrary: comparison },
    { weight: 1, arbitrary: tie("condition").map((inner) => `NOT (${inner})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie("condition"), fc.constantFrom("AND", "OR"), tie("condition"))
        .map(([a, word, b]) => `(${a} ${word} ${b})`),
    },
  ),
}));
const statement = fc.oneof(
  condition.map((where) => `SELECT count(*), min(event_time), max(event_time) FROM events e WHERE ${where}`),
  condition.map((where) => `WITH x AS (FROM events e WHERE ${where}) SELECT count(*), sum(1) FROM x`),
  fc
    .tuple(condition, fc.constantFrom("JOIN", "LEFT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"), condition)
    .map(
      ([where, join, other]) =>
        `SELECT count(*), min(e.event_time) FROM events e ${join} (FROM events e WHERE ${other}) o USING (event_time) WHERE ${where.replaceAll(/(?<!e\.)\b(event_time|server_upload_time|upload_date|event_type)\b/g, "e.$1")}`,
    ),
);

test("a statement over the files that its conditions leave gives what it gives over all", async () => {
  await fc.assert(
    fc.asyncProperty(statement, async (sql) => {
      expect(await rows(remote, sql)).toEqual(await rows(local, sql));
    }),
    { numRuns: process.env.AMPFRAME_SWEEP === "full" ? 600 : 30 },
  );
});

test("the first rows of all events are read from the first files alone", async () => {
  const lake = await makeLake();
  try {
    for (const day of DAYS) await lake.addMany({ app: "1", day: `2026-11-${day}` }, 60, event(day));
    const first = await lake.lake.frame().head(100);
    for (const day of DAYS.slice(2)) {
      rmSync(join(lake.dir, "app=1", `upload_date=2026-11-${day}`), { recursive: true });
    }
    expect(await lake.lake.frame().head(100)).toEqual(first);
    expect((await lake.lake.frame().head(119)).length).toBe(119);
    await expect(lake.lake.frame().head(120)).rejects.toThrow(/part-/);
    await expect(lake.lake.frame({ events: "a" }).head(2)).rejects.toThrow(/part-/);
  } finally {
    await lake.close();
  }
});

test("files that a condition rules out are not opened", async () => {
  const lake = await makeLake({ isRemote: true });
  try {
    for (const day of DAYS) await lake.addMany({ app: "1", day: `2026-11-${day}` }, 60, event(day));
    for (const name of readdirSync(join(lake.dir, "app=1"))) {
      if (!name.endsWith("24")) rmSync(join(lake.dir, "app=1", name), { recursive: true });
    }
    const within = "event_time BETWEEN '2026-11-24 01:00' AND '2026-11-24 20:00'";
    for (const sql of [
      `SELECT count(*) AS n FROM events WHERE ${within} AND event_type = 'a'`,
      `-- a comment\nWITH RECURSIVE a(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM a WHERE n < 2) SELECT (SELECT count(*) FROM events WHERE ${within} AND event_type = 'a') AS n FROM a LIMIT 1`,
      `(SELECT count(*) AS n FROM events WHERE upload_date = '2026-11-24' AND event_type = 'a' AND ${within})`,
    ]) {
      expect(await rows(lake, sql)).toEqual([{ n: 19n }]);
    }
    const asked = await lake.lake.query(
      "SELECT count(*) AS n FROM events WHERE event_time::DATE = $1 AND event_type = 'a'",
      [new Date("2026-11-24")],
    );
    expect(await asked.head()).toEqual([{ n: 20n }]);
    expect(asked.sql).not.toContain("part-");
    await expect(rows(lake, "SELECT count(*) FROM events")).rejects.toThrow(/part-/);
  } finally {
    await lake.close();
  }
});
