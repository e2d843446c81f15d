import type { Engine } from "../engine/engine.js";
import { hashedIds, type PersonRow, rowsOfPerson } from "../engine/person-rows.js";
import { rowNumbers } from "../engine/row-numbers.js";
import { type Hour, hourAt } from "../hour.js";
import { NOBODY, type Tombstones, tombstoneOf } from "../lake/forgotten.js";
import { hasId } from "../lake/ids-in-text.js";
import type { LakeTable } from "../lake/table.js";
import type { Batch } from "./batch.js";

/** Keeps out of a commit what is of persons whom the lake has forgotten. Costs the listing of a folder if of nobody. */
export class Forgotten {
  /** Events that were dropped, by upload hour. */
  readonly rows = new Map<Hour, number>();
  private dropped = 0;
  private linesLeftOut = 0;
  private tombstones: Tombstones = NOBODY;

  constructor(
    private readonly table: LakeTable,
    private readonly batch: Batch,
    private readonly engine: () => Promise<Engine>,
  ) {}

  /**
   * Takes out of the batch the events of all who are forgotten by now; to be called once the table is known on which
   * the commit rests. Gives their number; undefined if nobody was forgotten since the last call.
   */
  async drop(): Promise<number | undefined> {
    const tombstones = await this.table.tombstones(this.tombstones);
    if (tombstones === this.tombstones) return undefined;
    this.tombstones = tombstones;
    const { batch } = this;
    const engine = await this.engine();
    const files = [...batch.parts.map(({ path }) => path), ...batch.candidates];
    const ids = await hashedIds(engine, files, tombstones.salt, tombstones.hashes);
    const rows = await rowsOfPerson(engine, files, ids);
    const numbers = rowNumbers(rows);
    for (const part of [...batch.parts]) {
      const own = numbers.get(part.path);
      if (own) await batch.replacePart(part, own);
    }
    for (const path of [...batch.candidates]) {
      const own = numbers.get(path);
      if (own) await batch.replaceCandidates(path, own);
    }
    for (const [hour, count] of countByHour(rows)) this.rows.set(hour, (this.rows.get(hour) ?? 0) + count);
    this.dropped += rows.length;
    return rows.length;
  }

  /** True if somebody was forgotten since `drop`. */
  async isOutdated(): Promise<boolean> {
    return (await this.table.tombstones(this.tombstones)) !== this.tombstones;
  }

  /** The lines that could not be read but for those in which an id of a forgotten person stands; these are counted. */
  async *without<Line extends { readonly raw: Buffer }>(lines: AsyncIterable<Line>): AsyncGenerator<Line> {
    const { salt, hashes } = this.tombstones;
    this.linesLeftOut = 0;
    for await (const line of lines) {
      const isTheirs =
        hashes.size > 0 && hasId(line.raw.toString("utf8"), (id) => hashes.has(tombstoneOf(salt, id)));
      if (isTheirs) this.linesLeftOut += 1;
      else yield line;
    }
  }

  /** What an account says of the lines. */
  get lines(): { readonly forgottenLines?: number } {
    return this.linesLeftOut > 0 ? { forgottenLines: this.linesLeftOut } : {};
  }

  /** Events and lines that were dropped. */
  get count(): number {
    return this.dropped + this.linesLeftOut;
  }
}

/** How many rows there are of each upload hour. */
export function countByHour(rows: readonly PersonRow[]): Map<Hour, number> {
  const counts = new Map<Hour, number>();
  for (const { hour } of rows) counts.set(hourAt(hour), (counts.get(hourAt(hour)) ?? 0) + 1);
  return counts;
}
