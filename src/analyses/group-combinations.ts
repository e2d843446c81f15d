import type { Value } from "../engine/column-type.js";
import { NONE } from "./property-sql.js";

const MOST_KNOWN = 10_000;
const UNGROUPED: readonly (readonly string[])[] = [[]];

/** The combinations of groups that an event counts in: of lists one for each of their items. The same list for the same values. */
export class GroupCombinations {
  readonly #known = new Map<string, readonly (readonly string[])[]>();

  /** Of the values of the columns of groups: each a text, a list of texts, or null. */
  of(values: readonly Value[]): readonly (readonly string[])[] {
    if (values.length === 0) return UNGROUPED;
    const [only] = values;
    const key = values.length === 1 && typeof only === "string" ? only : JSON.stringify(values);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    let combinations: string[][] = [[]];
    for (const value of values) {
      const each = [...new Set([value ?? NONE].flat() as string[])];
      combinations = combinations.flatMap((start) => each.map((one) => [...start, one]));
    }
    if (this.#known.size < MOST_KNOWN) this.#known.set(key, combinations);
    return combinations;
  }
}
