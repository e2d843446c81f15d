import type { DistributionOptions, DistributionRow } from "../../../src/analyses/distribution.js";
import type { EventChoice } from "../../../src/analyses/event-choice.js";
import { combinationsOf, numbersOf } from "./groups.js";
import { allGroups, type Done, fitsChoice, type Group, inOrder, inRange, segmentsOf } from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

interface Found {
  readonly user: bigint;
  readonly number: number;
}

export function distribution<G extends string = never>(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  property: string,
  options: DistributionOptions<G> = {},
): DistributionRow<G>[] {
  const { bins, groupBy } = options;
  const all = inOrder(events, setting, options).filter(
    (done) => inRange(done, setting) && fitsChoice(done, event, options),
  );
  const numbered = all.filter(({ event }) => numbersOf(event, property).length > 0);
  const segments = segmentsOf(options);
  const looked = numbered.filter((done) => segments.some((segment) => segment.fits(done)));
  const ends = bins ?? usualEnds(looked.flatMap(({ event }) => numbersOf(event, property)));
  const rows: DistributionRow<G>[] = [];
  for (const segment of segments) {
    const fitting = numbered.filter((done) => segment.fits(done));
    for (const group of allGroups(fitting, groupBy)) {
      const found = fitting.flatMap((done) => numbersIn(done, property, group, groupBy));
      for (let i = 0; i + 1 < ends.length; i++) {
        const [from, to] = [ends[i]!, ends[i + 1]!];
        const within = found.filter(({ number }) => number >= from && number < to);
        rows.push({
          segment: segment.name,
          from,
          to,
          totals: within.length,
          share: found.length === 0 ? null : within.length / found.length,
          users: new Set(within.map(({ user }) => user)).size,
          ...group,
        });
      }
    }
  }
  return rows;
}

/** The numbers of an event, as often as it is in the group: of a list to group by, once for each item. */
function numbersIn<G extends string>(
  { user, event }: Done,
  property: string,
  group: Group<G>,
  groupBy: G | readonly G[] | undefined,
): Found[] {
  const names = groupBy === undefined ? [] : [groupBy].flat();
  const wanted = JSON.stringify(Object.values(group));
  return combinationsOf(event, names)
    .filter((combination) => JSON.stringify(combination) === wanted)
    .flatMap(() => numbersOf(event, property).map((number) => ({ user, number })));
}

/** Tries widths from small to large: 1, 2, 5, 10 … and as fractions, until 20 bins are enough. */
export function usualEnds(numbers: readonly number[]): number[] {
  if (numbers.length === 0) return [];
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const areWhole = numbers.every(Number.isInteger);
  const size = Math.max(-min, max);
  for (let power = -12; ; power++) {
    for (const digit of [1, 2, 5]) {
      const width = Number(`${digit}e${power}`);
      const isTooNarrow = (areWhole && width < 1) || (min === max && width < 1) || width < size / 2 ** 45;
      const ends: number[] = [];
      // The multiples of the width, as decimals, from the last that is not above the least number.
      for (let n = Math.floor(min / width); ends.length <= 21 && !isTooNarrow; n++) {
        ends.push(Number(`${n * digit}e${power}`));
        if (n > max / width) break;
      }
      if (!isTooNarrow && ends.length <= 21 && ends.at(-1)! > max) return ends;
    }
  }
}
