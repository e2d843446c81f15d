import { CancelledError } from "../../../index.js";

/**
 * Work that several may wait for: it is done once, and given up when the last who waits leaves. What it gave stays; what failed
 * or was given up is done anew for the next who asks.
 */
export class SharedWork<T> {
  readonly #work: (signal: AbortSignal) => Promise<T>;
  #running: { readonly result: Promise<T>; readonly stop: AbortController; waiting: number } | undefined;
  #done = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work;
  }

  /** Whether the work is done, so that nobody has to wait. */
  get isDone(): boolean {
    return this.#done;
  }

  /** What the work gives. Throws what it throws, or CancelledError after the signal. */
  async get(signal: AbortSignal): Promise<T> {
    const running = this.#running ?? this.#start();
    if (this.#done) return running.result;
    running.waiting += 1;
    let leave = (): void => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(new CancelledError("The question was taken back.", "Ask again."));
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([running.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      running.waiting -= 1;
      if (running.waiting === 0 && !this.#done && this.#running === running) {
        this.#running = undefined;
        running.stop.abort();
      }
    }
  }

  #start() {
    const stop = new AbortController();
    const result = this.#work(stop.signal);
    const running = { result, stop, waiting: 0 };
    this.#running = running;
    result.then(
      () => {
        if (this.#running === running) this.#done = true;
      },
      () => {
        if (this.#running === running) this.#running = undefined;
      },
    );
    return running;
  }
}
