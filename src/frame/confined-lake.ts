import type { Column, Value } from "../engine/column-type.js";
import type { ConfinedEngine } from "../engine/confined-engine.js";
import type { QueryOptions } from "../engine/engine.js";
import { asRowColumns } from "./row-values.js";
import { rowCount } from "./selection.js";

/** How much is read of an answer. */
export interface SelectOptions extends QueryOptions {
  /** Most rows. Default 10,000. */
  readonly limit?: number | undefined;
  /** About how many bytes all values may have together; always at least one row is read. Default 64 MB. */
  readonly maxBytes?: number | undefined;
}

/** Rows of a SELECT, whole in memory. */
export interface SelectedRows {
  readonly columns: readonly Column[];
  /** Each row's exact values in the order of `columns`, as told at `Value`. */
  readonly rows: readonly (readonly Value[])[];
  /** True if there were more rows. */
  readonly cut: boolean;
}

/** An engine for one state of a lake. */
export interface ConfinedState {
  /** Differs whenever the lake has changed. */
  readonly of: string;
  open(): Promise<ConfinedEngine>;
}

/**
 * A lake for SQL that is not trusted: one SELECT at a time over `events`, and `promoted` if properties are promoted. It reads no
 * other file, changes nothing, and sees the newest commit. What it cannot do is end a query that neither ends nor heeds an
 * interrupt: where that matters, run it in a process of its own and kill that.
 */
export class ConfinedLake {
  readonly #state: () => Promise<ConfinedState>;
  #engine: { readonly of: string; readonly opened: Promise<ConfinedEngine> } | undefined;

  /** Made by `openConfinedLake`. */
  constructor(state: () => Promise<ConfinedState>) {
    this.#state = state;
  }

  /** Runs one SELECT and reads its first rows. Throws QueryError if it is anything else, CancelledError after the signal. */
  async select(sql: string, options: SelectOptions = {}): Promise<SelectedRows> {
    const limit = rowCount(options.limit ?? DEFAULT_ROWS, "limit");
    const { maxBytes = DEFAULT_BYTES } = options;
    const stream = await (await this.#current()).select(sql, options);
    const rows: Value[][] = [];
    let bytes = 0;
    for await (const batch of stream) {
      const columns = stream.columns.map((_, index) => batch.values(index));
      for (let row = 0; row < batch.length; row++) {
        if (rows.length >= limit || bytes > maxBytes) {
          return { columns: asRowColumns(stream.columns), rows, cut: true };
        }
        const values = columns.map((column) => column[row] ?? null);
        bytes += values.reduce((sum: number, value) => sum + bytesOf(value), 0);
        rows.push(values);
      }
    }
    return { columns: asRowColumns(stream.columns), rows, cut: false };
  }

  /** Opens the engine now, so that the first SELECT need not wait for it. */
  async ready(): Promise<void> {
    await this.#current();
  }

  /** Frees the engine. A later SELECT opens a new one. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    (await engine?.opened)?.close();
  }

  async #current(): Promise<ConfinedEngine> {
    const { of, open } = await this.#state();
    if (this.#engine?.of !== of) {
      // The one before ends after its last query.
      this.#engine?.opened.then((before) => before.close()).catch(() => {});
      this.#engine = { of, opened: open() };
    }
    const { opened } = this.#engine;
    opened.catch(() => {
      if (this.#engine?.opened === opened) this.#engine = undefined;
    });
    return opened;
  }
}

const DEFAULT_ROWS = 10_000;
const DEFAULT_BYTES = 64_000_000;

function bytesOf(value: Value): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, item: Value) => sum + bytesOf(item), 0);
}
