import { UsageError } from "../../errors/index.js";
import type { Hour } from "../../hour.js";
import { type PullEffects, pull } from "../pull.js";
import { type PullOptions as PlanOptions, sourceOf } from "../pull-plan.js";
import type { Refusal } from "../report.js";
import { compareHours, type ProvenLake, unsoundHours, withLakeBeside } from "./compare.js";

/** From where hours are exported again, and how many. */
export interface AgainstOptions
  extends Pick<PlanOptions, "credentials" | "region" | "endpoint" | "insecureHttp"> {
  /** Held upload hours to compare. Default 3. */
  readonly sample?: number | undefined;
  /** Chooses the hours; the same seed chooses the same of the same lake. Default: another one each time. */
  readonly seed?: number | undefined;
}

/** What was exported again, and compared. */
export interface AgainstReport {
  readonly seed: number;
  /** The hours that were chosen, in order. */
  readonly hours: readonly Hour[];
  /** Rows of these hours in the lake. */
  readonly rows: number;
  /** Hours that could not be had again; nothing is said of them. */
  readonly refused: readonly Refusal[];
}

const SAMPLE = 3;

/**
 * Exports a sample of the held hours again and compares them by uuid and value with the lake. Events whose copy
 * another hour keeps are not missing.
 * Throws UsageError if the lake does not know the project of these keys; what `pull` throws.
 */
export async function proveAgainst(
  lake: ProvenLake,
  options: AgainstOptions,
  effects: PullEffects,
): Promise<AgainstReport> {
  const { sample = SAMPLE, seed = Math.floor(effects.random() * 0x7fffffff), ...rest } = options;
  const { table, ledger, limits, signal } = lake;
  const { id: source } = sourceOf({ lake: table.dir, ...rest });
  const held = ledger.held.get(source);
  if (!held) {
    throw new UsageError(
      `The lake ${table.dir} holds no hour of the project of these keys (${source}).`,
      "Give the keys and the region with which it was pulled.",
    );
  }
  const unsound = unsoundHours(lake);
  const final = [...held].filter(([hour, { provisional }]) => !provisional && !unsound.has(hour));
  const chosen = choose(final.map(([hour]) => hour).sort(), sample, seed);
  const refused: Refusal[] = [];
  let rows = 0;
  for (const hour of chosen) {
    rows += await withLakeBeside(table, async (beside) => {
      const asked = { ...rest, lake: beside, from: hour, to: hour, limits, signal, concurrency: 1 };
      const report = await pull(asked, effects);
      refused.push(...report.refused);
      if (report.refused.length > 0) return 0;
      return compareHours(lake, source, [hour], beside, "Amplitude");
    });
  }
  return { seed, hours: chosen, rows, refused };
}

/** `count` of `hours`, in order, by a shuffle that the seed alone decides. */
function choose(hours: readonly Hour[], count: number, seed: number): Hour[] {
  const left = [...hours];
  const chosen: Hour[] = [];
  let state = seed >>> 0;
  while (chosen.length < count && left.length > 0) {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const at = ((mixed ^ (mixed >>> 14)) >>> 0) % left.length;
    chosen.push(...left.splice(at, 1));
  }
  return chosen.sort();
}
