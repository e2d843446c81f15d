import { CancelledError } from "../../errors/index.js";
import type { Hour } from "../../hour.js";
import { type Fault, unequal } from "../../lake/fault.js";

/** All that a proof finds wrong, each once, and the upload hours whose rows are in doubt for it. */
export class Findings {
  readonly #faults = new Map<string, Fault>();
  readonly #hours = new Set<Hour>();

  constructor(private readonly signal: AbortSignal | undefined) {}

  get faults(): Fault[] {
    return [...this.#faults.values()];
  }

  /** Sorted. */
  get doubtful(): Hour[] {
    return [...this.#hours].sort();
  }

  add(faults: readonly Fault[], hours: Iterable<string> = []): void {
    for (const fault of faults) this.#faults.set(JSON.stringify(fault), fault);
    if (faults.length > 0) for (const hour of hours) this.#hours.add(hour as Hour);
  }

  compare(what: string, found: number, expected: number, unit: string, hours: Iterable<string> = []): void {
    this.add(unequal(what, found, expected, unit), hours);
  }

  /** To be called between steps of the work. */
  throwIfCancelled(): void {
    if (!this.signal?.aborted) return;
    throw new CancelledError("The proof was cancelled.", "Run it again; nothing was changed.", {
      cause: this.signal.reason,
    });
  }
}
