import { MOST_ENTRIES } from "./history-file.js";

/** Where entries are kept beyond this session. */
export interface HistoryStore {
  add(entry: string): Promise<void>;
}

/** What was entered: statements, with their line breaks, and dot commands. */
export class History {
  /** The newest first, as readline wants them. */
  readonly #entries: string[];
  #listed: string[] | undefined;
  #store: HistoryStore | undefined;

  /** `before` is what earlier sessions entered, the oldest first; without `store` nothing is kept. */
  constructor(before: readonly string[], store: HistoryStore | undefined) {
    this.#entries = before.toReversed().slice(0, MOST_ENTRIES);
    this.#store = store;
  }

  /** The newest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /**
   * Takes over readline's own list, which gets every line: what it holds becomes the entries of this history.
   * To be called whenever readline has changed it.
   */
  govern(list: string[]): void {
    this.#listed = list;
    list.splice(0, list.length, ...this.#entries);
  }

  /** Remembers `entry`, unless it is the newest already. Gives the store's error, after which nothing is kept. */
  async add(entry: string): Promise<Error | undefined> {
    if (entry === this.#entries[0]) return undefined;
    this.#entries.unshift(entry);
    this.#entries.length = Math.min(this.#entries.length, MOST_ENTRIES);
    if (this.#listed) this.govern(this.#listed);
    try {
      await this.#store?.add(entry);
      return undefined;
    } catch (error) {
      this.#store = undefined;
      return error as Error;
    }
  }
}
