import type { Value } from "../engine/column-type.js";
import type { RowStream } from "../engine/engine.js";

type Rows = readonly (readonly Value[])[];

const SHOWN_ROWS = 10;
const SHOWN_WHOLE = 20;
const MOST_KEPT = 1000;

/** What a frame remembers of what it read: its first rows, at most 1,000, and how many rows it has. */
export class KeptRows {
  /** Number of all rows, once it is known. */
  count: number | undefined;
  #first: Rows | undefined;

  /** The first rows that were read; undefined if none were. */
  get first(): Rows | undefined {
    return this.#first;
  }

  /** All rows, if no more were found than are kept. */
  get all(): Rows | undefined {
    return this.#first?.length === this.count ? this.#first : undefined;
  }

  /** The first `n` rows, if they are here. */
  upTo(n: number): Rows | undefined {
    return (this.#first?.length ?? -1) >= n ? this.#first?.slice(0, n) : this.all;
  }

  /** Reads up to `n` rows of `stream`, which must begin with the first, and keeps them, unless they are very many. */
  async keep(stream: RowStream, n: number): Promise<Rows> {
    const rows: Value[][] = [];
    for await (const batch of stream) {
      const values = stream.columns.map((_, i) => batch.values(i));
      for (let row = 0; row < batch.length && rows.length <= n; row++) {
        rows.push(values.map((column) => column[row] ?? null));
      }
      if (rows.length > n) break;
    }
    if (rows.length <= n) this.count = rows.length;
    const first = rows.slice(0, n);
    if (n <= MOST_KEPT) this.#first = first;
    return first;
  }

  /** Keeps `rows`, which were read as the first ones, if no more are kept already. */
  saw(rows: Rows): void {
    if (rows.length > (this.#first?.length ?? -1)) this.#first = rows;
  }

  /** Those of `rows`, the first ones, that are printed if nobody says how many: all if they are few, else the first. */
  printed(rows: Rows): Rows {
    return this.all !== undefined && rows.length <= SHOWN_WHOLE ? rows : rows.slice(0, SHOWN_ROWS);
  }
}
