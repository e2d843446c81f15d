import { expect, test } from "vitest";
import { KINDS } from "../mutations/kinds.js";
import type { Shape } from "../mutations/lakes.js";
import { Lakes, saidOf, tryKind } from "../mutations/sweep.js";

/** `npm run test:mutations` does this a hundred times, on lakes of more shapes. */
const QUICK: readonly Shape[] = ["loaded", "pulled"];
const HOW_MANY = 12;
const SEED = 7;

test("verify names a dozen mutations of many kinds, and is silent on untouched lakes", async () => {
  const lakes = new Lakes(SEED, 1);
  const quick = KINDS.map((kind) => ({
    ...kind,
    shapes: QUICK.filter((shape) => kind.shapes.includes(shape)),
  }));
  const kinds = quick.filter(({ shapes }) => shapes.length > 0);
  const faults: (string | undefined)[] = [];
  for (let i = 0; i < HOW_MANY; i += 1) {
    const kind = kinds[Math.floor((i * kinds.length) / HOW_MANY)]!;
    faults.push(await tryKind(kind, lakes, SEED + i));
  }
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  for (const shape of QUICK) expect(await saidOf(await lakes.any(shape))).toBe("");
});
