import { cp } from "node:fs/promises";
import { expect } from "vitest";
import { isAmpframeError } from "../../src/errors/index.js";
import { verify } from "../../src/pipeline/verify.js";
import { newPlace } from "../pipeline/scene.js";
import type { Kind } from "./kinds.js";
import { makeLake, type Shape } from "./lakes.js";
import { Random } from "./random.js";

/** Whole lakes by shape, made once for each of `variants` and copied for each use. */
export class Lakes {
  readonly #made = new Map<string, Promise<string>>();

  constructor(
    private readonly seed: number,
    private readonly variants: number,
  ) {}

  copyOf(shape: Shape, random: Random): Promise<string> {
    return this.any(shape, random.below(this.variants));
  }

  async any(shape: Shape, variant = 0): Promise<string> {
    const key = `${shape} ${variant}`;
    const made = this.#made.get(key) ?? makeLake(shape, new Random(this.seed + variant));
    this.#made.set(key, made);
    const lake = await newPlace();
    await cp(await made, lake, { recursive: true });
    return lake;
  }
}

/** What verify says of a lake, in one text; empty if it finds nothing. A log that cannot be read is an error. */
export async function saidOf(lake: string): Promise<string> {
  try {
    const { faults, ok } = await verify({ lake });
    expect(ok).toBe(faults.length === 0);
    return faults
      .map(({ what, found, expected }) => `${what}: found ${found}, expected ${expected}`)
      .join("\n");
  } catch (error) {
    if (isAmpframeError(error) && error.name === "LakeError") return error.message;
    throw error;
  }
}

/** Damages a copy of a lake in that way; gives what is wrong with verify's answer, or nothing if it names the place. */
export async function tryKind(kind: Kind, lakes: Lakes, seed: number): Promise<string | undefined> {
  const random = new Random(seed);
  const shape = random.pick(kind.shapes);
  const lake = await lakes.copyOf(shape, random);
  const names = await kind.apply(lake, random);
  const said = await saidOf(lake);
  if (names.some((name) => said.includes(name))) return undefined;
  return `${kind.name}, seed ${seed}, lake ${shape}: expected one of ${names.join(", ")} in: ${said || "nothing"}`;
}
