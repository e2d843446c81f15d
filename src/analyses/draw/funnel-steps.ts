import type { FunnelChart } from "../chart.js";
import { drawable } from "./numbers.js";

/** One step of one funnel, with what follows from its users. */
export interface FunnelStep {
  readonly name: string;
  readonly users: number | null;
  /** Of those at the first step, a share from 0 to 1; null if nobody was. */
  readonly ofFirst: number | null;
  /** Of those at the step before; null at the first. */
  readonly ofBefore: number | null;
  /** Those at the step before who are not here; null at the first. */
  readonly dropped: number | null;
}

/** The steps of a funnel. */
export function funnelSteps(steps: FunnelChart["steps"], users: readonly number[]): FunnelStep[] {
  const counts = steps.map((_, i) => drawable(users[i]));
  return steps.map((name, i) => {
    const [first, before, here] = [counts[0] ?? null, i === 0 ? null : counts[i - 1]!, counts[i]!];
    return {
      name,
      users: here,
      ofFirst: share(here, first),
      ofBefore: i === 0 ? null : share(here, before),
      dropped: here === null || before === null ? null : before - here,
    };
  });
}

function share(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : drawable(part / whole);
}
