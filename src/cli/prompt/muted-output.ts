import { Writable } from "node:stream";
import type { Surroundings } from "../invocation.js";

/** The terminal as readline sees it: while a statement runs, what is typed ahead is not echoed into its answer. */
export class MutedOutput extends Writable {
  muted = false;
  readonly #terminal: Surroundings["stdout"];
  readonly #resized = (): void => void this.emit("resize");

  constructor(terminal: Surroundings["stdout"]) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
    terminal.on("resize", this.#resized);
  }

  get isTTY(): boolean {
    return true;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return (this.#terminal as { rows?: number }).rows || 24;
  }

  override _write(chunk: string | Uint8Array, _: BufferEncoding, done: () => void): void {
    if (!this.muted) this.#terminal.write(chunk);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#terminal.off("resize", this.#resized);
    done(error);
  }
}
