import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../../src/errors/index.js";
import { type MadeLake, makeLake } from "./made-lake.js";

let made: MadeLake;

beforeAll(async () => {
  made = await makeLake();
  await made.addMany({ app: "1", day: "2026-11-23" }, 100, {
    uuid: "'u' || lpad(i::VARCHAR, 3, '0')",
    event_type: "CASE WHEN i % 10 = 0 THEN 'it''s' ELSE 'b' END",
    event_time: "TIMESTAMP '2026-11-23' + to_hours(i)",
    server_upload_time: "'2026-11-23 05:00:00+00'",
    user_id: "'user' || i % 4",
    amplitude_id: "i % 4",
    event_properties: `'{"price":' || i || '.5,"what?":"$1"}'`,
  });
});
afterAll(() => made.close());

const rowsOf = async (frame: { toArray(): Promise<object[]> }) => await frame.toArray();

test("a frame is a table, with its properties as columns", async () => {
  const orders = made.lake.frame({ events: "it's", columns: ["user_id"], properties: ["price", "what?"] });
  const sums = await made.lake.sql<{ user_id: string; total: number; n: bigint }>`
    SELECT user_id, sum(price) AS total, count("what?") AS n FROM ${orders} GROUP BY ALL ORDER BY 1;`;
  expect(await rowsOf(sums)).toEqual([
    { user_id: "user0", total: 0.5 + 20.5 + 40.5 + 60.5 + 80.5, n: 5n },
    { user_id: "user2", total: 10.5 + 30.5 + 50.5 + 70.5 + 90.5, n: 5n },
  ]);
});

test("values of frames and of the template are bound side by side", async () => {
  const some = made.lake.frame({
    columns: ["uuid", "amplitude_id"],
    where: { sql: "amplitude_id <> ? AND uuid < ? AND uuid <> '?'", params: [1, "u010"] },
  });
  const named = await made.lake.query("SELECT uuid FROM events WHERE user_id = $who AND uuid <> $not", {
    who: "user3",
    not: "u007",
  });
  const [least, most] = ["u003", "u006"];
  const found = await made.lake.sql<{ uuid: string }>`
    SELECT s.uuid FROM ${some} s ANTI JOIN ${named} n USING (uuid)
    WHERE s.uuid >= ${least} AND s.uuid <= ${most} ORDER BY 1`;
  const expected = [{ uuid: "u004" }, { uuid: "u006" }];
  expect(await rowsOf(found)).toEqual(expected);
  expect(found.params).toEqual([1, "u010", "user3", "u007", "u003", "u006"]);
  expect(found.sql).toContain("FROM events");
  expect(await rowsOf(await made.lake.query(found.sql, found.params))).toEqual(expected);
});

test("one frame may stand twice, beside a derived one, and in an answer that is a table again", async () => {
  const all = made.lake.frame({ columns: ["event_time", "amplitude_id"], limit: 10 });
  const days = made.lake.frame({ where: { sql: "amplitude_id = ?", params: [2] } }).resample("day");
  const answer = await made.lake.sql<{ twice: bigint; days: bigint }>`
    SELECT (SELECT count(*) FROM ${all}) + (SELECT count(*) FROM ${all}) AS twice, (SELECT sum(events) FROM ${days})::BIGINT AS days`;
  expect(await rowsOf(answer)).toEqual([{ twice: 20n, days: 25n }]);
  expect(await rowsOf(await made.lake.sql`SELECT twice + ${1} AS more FROM ${answer}`)).toEqual([
    { more: 21n },
  ]);
});

test("a frame that has read keeps to the files that it read", async () => {
  const other = await makeLake();
  const event = { uuid: "'a'", event_type: "'x'", server_upload_time: "'2026-11-23 05:00:00+00'" };
  await other.add({ app: "1", day: "2026-11-23" }, [event]);
  const before = other.lake.frame();
  expect(await before.count()).toBe(1);
  await other.add({ app: "1", day: "2026-11-23" }, [{ ...event, uuid: "'b'" }]);
  const counts = await other.lake.sql`
    SELECT (SELECT count(*) FROM ${before}) AS before, (SELECT count(*) FROM events) AS now`;
  expect(await rowsOf(counts)).toEqual([{ before: 1n, now: 2n }]);
  await expect(made.lake.sql`FROM ${before}`).rejects.toThrow(UsageError);
  await expect(made.lake.sql`FROM ${before}`).rejects.toThrow("another lake");
  await other.close();
});

test("what is neither a value nor a frame is refused, by the compiler too", async () => {
  // @ts-expect-error an object is no value
  await expect(made.lake.sql`SELECT ${{ a: 1 }}`).rejects.toBeInstanceOf(UsageError);
});

test("a frame in the text of a query, and sql called as a function, are told how it is done", async () => {
  const frame = made.lake.frame();
  await expect(made.lake.query(`SELECT count(*) FROM ${frame}`)).rejects.toMatchObject({
    name: "UsageError",
    wayOut: expect.stringContaining("lake.sql`"),
  });
  // @ts-expect-error a text is no template
  await expect(made.lake.sql("SELECT 1")).rejects.toThrow("called with brackets");
});
