import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lakeRows, openedShop, send } from "./start.js";

const shop = openedShop();

const rows = (sql: string) => lakeRows(shop.dir, sql);

const BUSIEST = "(SELECT amplitude_id FROM events GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)";

test("users come the last seen first, or as they are asked for, with what the selection has of them", async () => {
  const all = await rows(
    "SELECT amplitude_id::VARCHAR AS id, count(*)::INT AS n FROM events GROUP BY amplitude_id ORDER BY max(event_time) DESC, amplitude_id LIMIT 20",
  );
  const found = await shop.explorer.ask("users", { limit: 20 });
  expect(found.users.map(({ amplitudeId, events }) => [amplitudeId, events])).toEqual(
    all.map(({ id, n }) => [id, n]),
  );
  expect(found.cut).toBe(true);
  const [most] = (await shop.explorer.ask("users", { order: "events", limit: 1 })).users;
  const [busiest] = await rows(`SELECT ${BUSIEST}::VARCHAR AS id`);
  expect(most?.amplitudeId).toBe(busiest?.id);
});

test.each([1, 2, 5, 20, 60, 500])(
  "the last %i seen are those of all events, wherever they are looked for",
  async (limit) => {
    const all = await lakeRows(
      shop.dir,
      "SELECT amplitude_id, max(event_time) AS last FROM events WHERE amplitude_id IS NOT NULL GROUP BY 1 ORDER BY last DESC NULLS LAST, amplitude_id",
    );
    const { users, cut } = await shop.explorer.ask("users", { limit });
    expect(users.map(({ amplitudeId }) => amplitudeId)).toEqual(
      all.slice(0, limit).map(({ amplitude_id }) => String(amplitude_id)),
    );
    expect(cut).toBe(all.length > limit);
    const selection = { filters: [{ property: "platform", value: "iOS" }], to: "2026-11-29T12:00:00Z" };
    const some = await lakeRows(
      shop.dir,
      "SELECT amplitude_id, max(event_time) AS last FROM events WHERE platform = 'iOS' AND event_time < TIMESTAMP '2026-11-29 12:00:00' GROUP BY 1 ORDER BY last DESC, amplitude_id",
    );
    const found = await shop.explorer.ask("users", { limit, selection });
    expect(found.users.map(({ amplitudeId }) => amplitudeId)).toEqual(
      some.slice(0, limit).map(({ amplitude_id }) => String(amplitude_id)),
    );
  },
);

test("a user is found by each id, by a part of one, and by a value of a property but not by its name", async () => {
  const [one] = await rows(
    "SELECT amplitude_id::VARCHAR AS a, device_id AS d, user_id AS u FROM events WHERE user_id IS NOT NULL LIMIT 1",
  );
  const { a, d, u } = one ?? {};
  for (const search of [a, d, u, String(d).slice(4, 20).toUpperCase()]) {
    const [first] = (await shop.explorer.ask("users", { search: String(search) })).users;
    expect(first).toMatchObject({ amplitudeId: a, matched: null });
  }
  const values = await rows(
    "SELECT DISTINCT user_properties->>'$.initial_utm_source' AS s FROM events WHERE s IS NOT NULL ORDER BY 1 LIMIT 1",
  );
  const source = String(values[0]?.s);
  const [counted] = await rows(
    `SELECT count(DISTINCT amplitude_id)::INT AS n FROM events WHERE len(list_filter(json_extract_string(user_properties, '$.*'), lambda v: contains(lower(v), lower('${source}')))) > 0`,
  );
  const byValue = await shop.explorer.ask("users", { search: source, limit: 1000 });
  expect(byValue.users.length).toBe(counted?.n);
  expect(byValue.users[0]?.matched?.value.toLowerCase()).toContain(source.toLowerCase());
  expect((await shop.explorer.ask("users", { search: "initial_utm_sour" })).users).toEqual([]);
  expect((await shop.explorer.ask("users", { search: "' OR true --" })).users).toEqual([]);
});

test("a user's ids, counts and days are those of all its events", async () => {
  const [facts] = await rows(
    `SELECT amplitude_id::VARCHAR AS id, count(*)::INT AS events, count(DISTINCT nullif(session_id, -1))::INT AS sessions,
       arg_max(user_properties, event_time) AS properties FROM events WHERE amplitude_id = ${BUSIEST} GROUP BY 1`,
  );
  const types = await rows(
    `SELECT event_type AS value, count(*)::INT AS events FROM events WHERE amplitude_id = ${BUSIEST} GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  const user = await shop.explorer.ask("user", { amplitudeId: String(facts?.id) });
  const { events, sessions, properties } = user;
  expect({ id: user.amplitudeId, events, sessions, properties }).toEqual(facts);
  expect(user.types).toEqual(types);
  expect(user.days.reduce((sum, { events }) => sum + events, 0)).toBe(user.events);
  expect(await shop.explorer.fault("user", { amplitudeId: "1" })).toMatchObject({ status: 400 });
  expect(await shop.explorer.fault("user", { amplitudeId: "1 OR true" })).toMatchObject({ status: 400 });
});

test("a timeline has all events in order, their sessions, gaps, and what changed", async () => {
  const [id] = await rows(`SELECT ${BUSIEST}::VARCHAR AS id`);
  const amplitudeId = String(id?.id);
  const all = await rows(
    `SELECT uuid, event_type AS type, nullif(session_id, -1)::VARCHAR AS session, epoch_us(event_time) AS t
     FROM events WHERE amplitude_id = ${amplitudeId} ORDER BY event_time DESC, event_id DESC, uuid DESC`,
  );
  const first = await shop.explorer.ask("timeline", { amplitudeId, limit: 5 });
  const rest = await shop.explorer.ask("timeline", { amplitudeId, offset: 5, limit: 1000 });
  const events = [...first.events, ...rest.events];
  expect([first.cut, rest.cut]).toEqual([true, false]);
  expect(events.map(({ uuid, type, session }) => ({ uuid, type, session }))).toEqual(
    all.map(({ uuid, type, session }) => ({ uuid, type, session })),
  );
  for (const [i, event] of events.entries()) {
    const before = all[i + 1]?.t;
    const gap =
      before === undefined ? null : Number(BigInt(String(all[i]?.t)) - BigInt(String(before))) / 1e6;
    expect(event.gap).toBe(gap);
  }
  for (const { id, events: n, from, to } of rest.sessions) {
    expect(n).toBe(all.filter(({ session }) => session === id).length);
    expect(from <= to).toBe(true);
  }
  const types = [String(all[0]?.type)];
  const chosen = await shop.explorer.ask("timeline", { amplitudeId, events: types, limit: 1000 });
  expect(chosen.events.map(({ uuid }) => uuid)).toEqual(
    all.filter(({ type }) => types.includes(String(type))).map(({ uuid }) => uuid),
  );

  const { changes } = await shop.explorer.ask("user-changes", { amplitudeId });
  const inTimeline = events.flatMap(({ uuid, time, type, changed }) =>
    changed.map((change) => ({ uuid, time, type, ...change })),
  );
  expect(changes).toEqual(inTimeline);
  const now: Record<string, unknown> = {};
  for (const { property, to } of changes.toReversed()) {
    if (to === null) delete now[property];
    else now[property] = JSON.parse(to);
  }
  const user = await shop.explorer.ask("user", { amplitudeId });
  expect(now).toEqual(JSON.parse(user.properties ?? "{}"));
});

test.each(["csv", "ndjson", "parquet", "arrow"] as const)(
  "an export as %s is told, fetched once, and has the selection's rows",
  async (format) => {
    const selection = { events: ["Order Completed"] };
    const columns = ["uuid", "event_type", "$revenue"];
    const written = await shop.explorer.ask("export", { selection, columns, format });
    const [counted] = await rows(
      "SELECT count(*)::INT AS n FROM events WHERE event_type = 'Order Completed'",
    );
    expect(written).toMatchObject({ events: counted?.n, file: `shop-events.${format}` });
    const { port, cookie } = shop.explorer;
    const path = `/api/download/${written.id}`;
    const strange = { cookie, "sec-fetch-site": "cross-site" };
    expect((await send({ port, path, headers: strange })).status).toBe(403);
    const headers = { cookie, "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate" };
    const sent = await send({ port, path, headers });
    expect(sent.status).toBe(200);
    expect(sent.headers["content-length"]).toBe(String(written.bytes));
    expect(sent.headers["content-disposition"]).toBe(`attachment; filename="shop-events.${format}"`);
    expect((await send({ port, path, headers })).status).toBe(404);
    if (format === "csv" || format === "ndjson") {
      const lines = sent.body.trimEnd().split("\n");
      expect(lines.length - (format === "csv" ? 1 : 0)).toBe(written.events);
      const file = join(shop.dir, "..", `read.${format}`);
      writeFileSync(file, sent.body);
      const read = `read_${format === "csv" ? "csv" : "json"}('${file}')`;
      const [same] = await rows(
        `SELECT count(*)::INT AS n FROM events JOIN ${read} AS back ON back.uuid::VARCHAR = events.uuid`,
      );
      expect(same?.n).toBe(written.events);
    }
  },
);
