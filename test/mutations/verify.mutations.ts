import { afterAll, expect, test } from "vitest";
import { KINDS } from "./kinds.js";
import { cleanUp, makeLake, SHAPES } from "./lakes.js";
import { Random } from "./random.js";
import { Lakes, saidOf, tryKind } from "./sweep.js";

const SEED = Number(process.env.AMPFRAME_SEED ?? 20261123);
const MUTATIONS = Number(process.env.AMPFRAME_MUTATIONS ?? 100);
const UNTOUCHED = 25;

const table = new Map<string, { count: number; named: number }>();

afterAll(() => {
  const width = Math.max(...[...table.keys()].map((name) => name.length));
  const lines = [...table].map(
    ([name, { count, named }]) => `${name.padEnd(width)}  ${count} → ${named} named`,
  );
  const sum = (of: "count" | "named") => [...table.values()].reduce((total, row) => total + row[of], 0);
  process.stdout.write(
    `\n${lines.join("\n")}\n${"all".padEnd(width)}  ${sum("count")} → ${sum("named")} named\n`,
  );
});

test(`verify names each of ${MUTATIONS} seeded mutations (seed ${SEED})`, async () => {
  const lakes = new Lakes(SEED, 2);
  const silent: string[] = [];
  for (let i = 0; i < MUTATIONS; i += 1) {
    const kind = KINDS[i % KINDS.length]!;
    const row = table.get(kind.name) ?? { count: 0, named: 0 };
    table.set(kind.name, row);
    row.count += 1;
    const fault = await tryKind(kind, lakes, SEED + 1000 + i);
    if (fault === undefined) row.named += 1;
    else silent.push(fault);
  }
  expect(silent).toEqual([]);
});

test.each(SHAPES.filter((shape) => shape !== "cleaned"))(
  `verify is silent on ${UNTOUCHED} untouched lakes: %s`,
  async (shape) => {
    for (let i = 0; i < UNTOUCHED; i += 1) {
      const lake = await makeLake(shape, new Random(SEED + i));
      expect(await saidOf(lake), `seed ${SEED + i}`).toBe("");
      if (shape !== "grown") continue;
      await cleanUp(lake);
      expect(await saidOf(lake), `seed ${SEED + i}, log cleaned up`).toBe("");
    }
  },
);
