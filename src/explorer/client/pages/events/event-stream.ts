import type { Api, Cell, Selection } from "../../../api.js";
import { type ask as askServer, isAbort } from "../../api.js";

/** Which events, and in which order. */
export interface StreamInput {
  readonly selection: Selection;
  readonly order: NonNullable<Api["events"]["in"]["order"]>;
}

/** An event in the table. */
export interface StreamRow {
  /** What it has of a column or property; undefined if that was not asked for yet. */
  cell(name: string): Cell | undefined;
}

interface Chunk {
  readonly places: ReadonlyMap<string, number>;
  readonly rows: readonly (readonly Cell[])[];
}

/** Rows that are asked for at once: the server takes hardly longer for these than for ten. */
const CHUNK = 400;
const MOST_CHUNKS = 80;

/** The rows of a stream as far as they were looked at, and a little beyond, so that they are there before they are seen. */
export class EventStream {
  readonly input: StreamInput;
  readonly #ask: typeof askServer;
  readonly #changed: () => void;
  readonly #chunks = new Map<number, Chunk>();
  readonly #loading = new Map<number, AbortController>();
  #columns: readonly string[];
  #wanted: readonly number[] = [0];
  #total: number | undefined;
  #fault: unknown;
  #closed = false;

  /** Asks for the first rows. `changed` is called after whatever comes. */
  constructor(input: StreamInput, columns: readonly string[], ask: typeof askServer, changed: () => void) {
    this.input = input;
    this.#columns = columns;
    this.#ask = ask;
    this.#changed = changed;
    this.#load();
  }

  /** How many rows can be scrolled to: all, or as many as came as long as their number is not known. */
  get total(): number {
    return this.#total ?? this.#chunks.get(0)?.rows.length ?? 0;
  }

  /** Whether the number of all rows is known. */
  get isCounted(): boolean {
    return this.#total !== undefined;
  }

  /** True once the first rows came. */
  get isReady(): boolean {
    return this.#chunks.size > 0;
  }

  get isLoading(): boolean {
    return this.#loading.size > 0;
  }

  get fault(): unknown {
    return this.#fault;
  }

  /** The row with this number, from 0; undefined if it did not come yet. */
  row(index: number): StreamRow | undefined {
    const chunk = this.#chunks.get(Math.floor(index / CHUNK));
    const cells = chunk?.rows[index % CHUNK];
    if (chunk === undefined || cells === undefined) return undefined;
    return {
      cell(name) {
        const place = chunk.places.get(name);
        return place === undefined ? undefined : cells[place];
      },
    };
  }

  /** Is told which rows are seen: those and their neighbours are asked for. */
  show(first: number, last: number): void {
    const [from, to] = [Math.floor(first / CHUNK), Math.floor(last / CHUNK)];
    const before = this.#wanted[0] ?? 0;
    const seen = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const ahead = from < before ? [from - 1, to + 1, from - 2] : [to + 1, from - 1, to + 2];
    this.#wanted = [...seen, ...ahead].filter((chunk) => chunk >= 0);
    this.#load();
  }

  /** Is told what is shown of each row; what is there stays until the new comes. */
  setColumns(columns: readonly string[]): void {
    this.#columns = columns;
    this.#load();
  }

  /** Is told how many rows there are, if that is found elsewhere. */
  setTotal(total: number): void {
    if (this.#closed || this.#total === total) return;
    this.#total = total;
    this.#load();
    this.#changed();
  }

  /** Asks again for what failed. */
  retry(): void {
    this.#fault = undefined;
    this.#load();
    this.#changed();
  }

  /** Gives up what is on its way. */
  close(): void {
    this.#closed = true;
    for (const loading of this.#loading.values()) loading.abort();
    this.#loading.clear();
  }

  #load(): void {
    if (this.#closed || this.#fault !== undefined) return;
    for (const [chunk, loading] of this.#loading) {
      if (this.#wanted.includes(chunk)) continue;
      loading.abort();
      this.#loading.delete(chunk);
    }
    // One at a time, the seen ones first: they are there sooner than if all were asked for together.
    if (this.#loading.size > 0) return;
    const next = this.#wanted.find((chunk) => this.#isNeeded(chunk));
    if (next !== undefined) this.#askFor(next);
  }

  #isNeeded(chunk: number): boolean {
    const there = this.#chunks.get(chunk);
    if (there === undefined) return chunk === 0 || chunk * CHUNK < (this.#total ?? 0);
    return this.#columns.some((name) => !there.places.has(name));
  }

  #askFor(chunk: number): void {
    const loading = new AbortController();
    const columns = this.#columns;
    this.#loading.set(chunk, loading);
    const { selection, order } = this.input;
    this.#ask(
      "events",
      { selection, order, columns, offset: chunk * CHUNK, limit: CHUNK },
      loading.signal,
    ).then(
      ({ rows, total }) => {
        if (this.#loading.get(chunk) !== loading) return;
        this.#loading.delete(chunk);
        const places = new Map(columns.map((name, place) => [name, place]));
        this.#chunks.set(chunk, { places, rows });
        if (total !== null) this.#total = total;
        this.#forgetFarthest(chunk);
        this.#load();
        this.#changed();
      },
      (fault: unknown) => {
        if (this.#loading.get(chunk) !== loading) return;
        this.#loading.delete(chunk);
        if (isAbort(fault)) return;
        this.#fault = fault;
        this.#changed();
      },
    );
  }

  #forgetFarthest(near: number): void {
    while (this.#chunks.size > MOST_CHUNKS) {
      const [farthest = near] = [...this.#chunks.keys()].toSorted(
        (a, b) => Math.abs(b - near) - Math.abs(a - near),
      );
      this.#chunks.delete(farthest);
    }
  }
}
