import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Selection } from "../../src/explorer/api.js";
import { askedColumns } from "../../src/explorer/questions/stream/asked-columns.js";
import { rowsAtEnd } from "../../src/explorer/questions/stream/newest.js";
import { Runs } from "../../src/explorer/questions/stream/runs.js";
import { Scope } from "../../src/explorer/questions/stream/scope.js";
import { SharedWork } from "../../src/explorer/questions/stream/shared-work.js";
import { Stream } from "../../src/explorer/questions/stream/stream.js";
import { type Lake, openLake } from "../../src/index.js";
import { shopLake } from "./start.js";

let folder: Awaited<ReturnType<typeof shopLake>>;
let lake: Lake;
beforeAll(async () => {
  folder = await shopLake();
  lake = await openLake(folder.dir);
});
afterAll(async () => {
  await lake?.close();
  folder?.remove();
});

const signal = new AbortController().signal;
/** So small that runs are divided, and streams are made within streams, in a lake of 1,500 events. */
const SMALL = { run: 20, large: 60 };

/** All uuids of a stream, read in slices. */
async function uuidsOf(stream: Stream, slice: number): Promise<unknown[]> {
  const asked = askedColumns(["uuid"]);
  const uuids: unknown[] = [];
  for (let at = 0; at < stream.total; at += slice) {
    const { rows } = await stream.rows(at, slice, asked, signal);
    uuids.push(...rows.map(([uuid]) => uuid));
  }
  return uuids;
}

async function expected(sql: string): Promise<unknown[]> {
  const rows = await (await lake.query<{ uuid: string }>(sql)).head(10_000);
  return [...rows].map(({ uuid }) => uuid);
}

const revenue = "json_extract_string(event_properties, '$.\"$revenue\"')::DOUBLE";
// Its values are numbers and texts, so it is sorted as text.
const price = "json_extract_string(event_properties, '$.price')";
const source = "json_extract_string(user_properties, '$.initial_utm_source')";
test.each([
  ["event_time", true, "event_time DESC NULLS LAST, uuid DESC"],
  ["event_time", false, "event_time NULLS LAST, uuid"],
  ["server_upload_time", false, "server_upload_time NULLS LAST, event_time DESC, uuid DESC"],
  ["user_creation_time", true, "user_creation_time DESC NULLS LAST, event_time DESC, uuid DESC"],
  ["country", false, "country NULLS LAST, event_time DESC, uuid DESC"],
  ["country", true, "country DESC NULLS LAST, event_time DESC, uuid DESC"],
  ["user_id", true, "user_id DESC NULLS LAST, event_time DESC, uuid DESC"],
  ["session_id", false, "session_id NULLS LAST, event_time DESC, uuid DESC"],
  ["paying", true, "paying DESC NULLS LAST, event_time DESC, uuid DESC"],
  ["location_lat", false, "location_lat NULLS LAST, event_time DESC, uuid DESC"],
  ["price", true, `${price} DESC NULLS LAST, event_time DESC, uuid DESC`],
  ["$revenue", true, `${revenue} DESC NULLS LAST, event_time DESC, uuid DESC`],
  ["user_properties.initial_utm_source", false, `${source} NULLS LAST, event_time DESC, uuid DESC`],
])("a stream by %s, descending %s, has every event once and in order", async (column, descending, order) => {
  const stream = await Stream.of(await Scope.of(lake, {}), { column, descending }, { signal }, SMALL);
  const all = await expected(`SELECT uuid FROM events ORDER BY ${order}`);
  expect(stream.total).toBe(all.length);
  expect(await uuidsOf(stream, 290)).toEqual(all);
});

test("a stream has the events of its selection, however its ends lie", async () => {
  const { from, to } = await lake.extent();
  const second = (time: Date | null, plus: number): string =>
    new Date((time?.getTime() ?? 0) + plus * 1000).toISOString();
  const cases: readonly (readonly [Selection, string])[] = [
    [{ from: second(from, 40_000), to: second(to, -30_000) }, "true"],
    [
      { events: ["Order Completed", "Product Viewed"] },
      "event_type IN ('Order Completed', 'Product Viewed')",
    ],
    [
      { filters: [{ property: "platform", value: ["Web", "iOS"] }], to: second(to, -86_400) },
      "platform IN ('Web', 'iOS')",
    ],
    [{ from: second(to, 1) }, "true"],
    [{ from: second(to, 0), to: second(from, 0) }, "false"],
    [{ events: [] }, "false"],
  ];
  for (const [selection, where] of cases) {
    const times = [
      ...(selection.from === undefined ? [] : [`event_time >= '${selection.from.replace("Z", "")}'`]),
      ...(selection.to === undefined ? [] : [`event_time < '${selection.to.replace("Z", "")}'`]),
    ];
    const all = await expected(
      `SELECT uuid FROM events WHERE ${[where, ...times].join(" AND ")} ORDER BY event_time DESC, uuid DESC`,
    );
    const order = { column: "event_time", descending: true };
    const stream = await Stream.of(await Scope.of(lake, selection), order, { signal });
    expect(await uuidsOf(stream, 500)).toEqual(all);
  }
});

test("the rows at the end of a stream are found without it", async () => {
  const scope = await Scope.of(lake, {});
  for (const descending of [true, false]) {
    const order = { column: "event_time", descending };
    const way = descending ? "DESC" : "ASC";
    const first = await rowsAtEnd(scope, order, 25, askedColumns(["uuid"]), signal);
    expect(first?.rows.flat()).toEqual(
      await expected(`SELECT uuid FROM events ORDER BY event_time ${way}, uuid ${way} LIMIT 25`),
    );
  }
  const rare = await Scope.of(lake, { filters: [{ property: "country", value: "nowhere" }] });
  const order = { column: "event_time", descending: true };
  expect(await rowsAtEnd(rare, order, 25, askedColumns(["uuid"]), signal)).toBeUndefined();
});

test("the pieces of runs have every row once, whatever the runs are", () => {
  const run = fc.record({
    rows: fc.integer({ min: 1, max: 9 }),
    alike: fc.boolean(),
    none: fc.constant(false),
  });
  const slice = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc.property(fc.array(run, { maxLength: 12 }), slice, (runs, [offset, limit]) => {
      const all = runs.flatMap(({ rows }, i) => Array.from({ length: rows }, (_, row) => `${i} ${row}`));
      const found = new Runs(
        runs.length,
        (i) => runs[i] ?? { rows: 0, alike: false, none: false },
        () => ({}),
      );
      const read = found.pieces(offset, limit, 4).flatMap(({ first, last, skip, take }) => {
        const rows = all.filter(
          (row) => Number(row.split(" ")[0]) >= first && Number(row.split(" ")[0]) <= last,
        );
        const large = runs.slice(first, last + 1).filter(({ rows, alike }) => alike && rows > 4);
        expect(large.length === 0 || first === last).toBe(true);
        return rows.slice(skip, skip + take);
      });
      expect(found.total).toBe(all.length);
      expect(read).toEqual(all.slice(offset, offset + limit));
    }),
  );
});

test("work that is shared is done once, and given up when nobody waits", async () => {
  const stops: AbortSignal[] = [];
  let finish: (value: number) => void = () => {};
  const work = new SharedWork((stop) => {
    stops.push(stop);
    return new Promise<number>((resolve, reject) => {
      finish = resolve;
      stop.addEventListener("abort", () => reject(new Error("given up")));
    });
  });
  const [a, b, c] = [new AbortController(), new AbortController(), new AbortController()];
  const [first, second] = [work.get(a.signal), work.get(b.signal)];
  a.abort();
  await expect(first).rejects.toMatchObject({ name: "CancelledError" });
  expect(stops[0]?.aborted).toBe(false);
  b.abort();
  await expect(second).rejects.toMatchObject({ name: "CancelledError" });
  expect(stops[0]?.aborted).toBe(true);
  const third = work.get(c.signal);
  finish(5);
  expect(await third).toBe(5);
  expect(work.isDone).toBe(true);
  expect(await work.get(c.signal)).toBe(5);
  expect(stops).toHaveLength(2);
});
