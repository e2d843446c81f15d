import { type Lake, openLake } from "../../index.js";
import type { Invocation } from "../invocation.js";
import { LakeNames } from "./names.js";

/** How answers look. */
export const MODES = ["table", "line", "json", "ndjson", "csv"] as const;
export type Mode = (typeof MODES)[number];

const SHOWN_ROWS = 40;

/** What one prompt knows: its lake and its settings. */
export class Session {
  mode: Mode;
  /** Most rows that are shown; undefined for all. */
  limit: number | undefined = SHOWN_ROWS;
  timer = true;
  /** The file for the next answer. */
  output: string | undefined;
  /** True once the user wants to leave. */
  ended = false;
  #lake: Lake;
  #names: LakeNames;

  private constructor(
    readonly invocation: Invocation,
    /** The folder of the lake, as the user wrote it. */
    public folder: string,
    lake: Lake,
    mode: Mode,
  ) {
    this.#lake = lake;
    this.#names = new LakeNames(lake, invocation.now);
    this.mode = mode;
  }

  /** Opens the lake in `folder`. Throws LakeError if there is none. */
  static async open(invocation: Invocation, folder: string, mode: Mode): Promise<Session> {
    return new Session(invocation, folder, await openLake(folder), mode);
  }

  get lake(): Lake {
    return this.#lake;
  }

  get names(): LakeNames {
    return this.#names;
  }

  /** Takes another lake, and closes this one. Throws LakeError, and stays with this one, if there is none. */
  async move(folder: string): Promise<void> {
    const lake = await openLake(folder);
    await this.close();
    this.folder = folder;
    this.#lake = lake;
    this.#names = new LakeNames(lake, this.invocation.now);
  }

  async close(): Promise<void> {
    this.#names.end();
    await this.#lake.close();
  }

  /** Writes talk, not data, to the terminal. */
  say(text: string): void {
    this.invocation.stdout.write(`${text}\n`);
  }
}
