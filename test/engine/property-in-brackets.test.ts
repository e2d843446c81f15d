import { expect, test } from "vitest";
import { openEngine } from "../../src/engine/duckdb.js";

const EVENTS = `(VALUES ('Order', '{"plan":"pro"}')) AS events(event_type, event_properties)`;

test("who writes a property without brackets beside AND is told of them", async () => {
  const engine = await openEngine();
  const asked = (condition: string) => engine.query(`SELECT count(*) FROM ${EVENTS} WHERE ${condition}`);
  await expect(asked("event_type = 'Order' AND event_properties->>'plan' = 'pro'")).rejects.toMatchObject({
    name: "QueryError",
    wayOut: expect.stringContaining("(event_properties->>'plan') = 'pro'"),
  });
  const told = await asked("event_type = 'Order' AND (event_properties->>'plan') = 'pro'");
  expect(told.rows()).toEqual([[1n]]);
  engine.close();
});
