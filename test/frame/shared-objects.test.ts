import { afterAll, expect, test } from "vitest";
import { type MadeLake, makeLake } from "./made-lake.js";

const lakes: MadeLake[] = [];
afterAll(() => Promise.all(lakes.map((lake) => lake.close())));

/** Two files of 10,000 events each, whose properties `json` and `user` say by the number `i`. */
async function lakeOf(json: string, user: string): Promise<MadeLake> {
  const made = await makeLake();
  lakes.push(made);
  for (const [hour, day] of ["2026-11-22", "2026-11-23"].entries()) {
    await made.addMany({ app: "1", day }, 10_000, {
      uuid: `(${hour} * 10000 + i)::VARCHAR`,
      event_type: "'e'",
      server_upload_time: `'${day} 05:00:00+00'`,
      event_properties: json,
      user_properties: user,
    });
  }
  return made;
}

const REPEATING = `CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN '{"n":null,"l":[]}'
  ELSE '{"n":' || (i % 7) || '.5,"t":"' || (i % 5) || '","l":["a",null,"' || (i % 3) || '"],"o":{"^x$":[' || (i % 2) || ']}}' END`;
const PROPERTIES = [
  "n",
  { property: "user_properties.plan", as: "^x$" },
  "t",
  { property: "t", type: "int64", as: "*" },
  "l",
  { property: "o", as: "JSON" },
  { property: "none", type: "timestamp", as: "none" },
] as const;

test("polars gets the same rows in the same order where objects repeat as where each event is read", async () => {
  const { lake } = await lakeOf(REPEATING, `'{"plan":"p' || (i % 11) || '"}'`);
  const frame = () => lake.frame({ columns: ["uuid"], properties: PROPERTIES });
  const shared = frame();
  expect((await shared.sharedObjects())?.objects).toHaveLength(2);
  const plain = frame();
  plain.sharedObjects = async () => undefined;
  const [a, b] = [await shared.toPolars(), await plain.toPolars()];
  expect(a.columns).toEqual(["uuid", "n", "^x$", "t", "*", "l", "JSON", "none"]);
  expect(a.dtypes.map(String)).toEqual(b.dtypes.map(String));
  expect(a.toRecords()).toEqual(b.toRecords());
  expect(a.height).toBe(20_000);
  const alone = lake.frame({ columns: [], properties: ["n"] });
  expect((await alone.toPolars()).getColumn("n").toArray()).toEqual(b.getColumn("n").toArray());
});

test("each event is read where objects hardly repeat, or rows are chosen by more than the frame's own options", async () => {
  const { lake } = await lakeOf(`'{"n":' || i || '}'`, "NULL");
  const frames = [{}, { where: "n < 5" }, { limit: 3 }].map((options) =>
    lake.frame({ columns: ["uuid"], properties: ["n"], ...options }),
  );
  for (const frame of frames) expect(await frame.sharedObjects()).toBeUndefined();
  expect((await Promise.all(frames.map((frame) => frame.toPolars()))).map(({ height }) => height)).toEqual([
    20_000, 10, 3,
  ]);
});
