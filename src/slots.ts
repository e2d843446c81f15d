/** Lets a fixed number of tasks run at a time. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Runs `task` when there is a slot; `first` goes before those that wait already. */
  async run<T>(task: () => Promise<T>, first = false): Promise<T> {
    await this.take(first);
    try {
      return await task();
    } finally {
      this.release();
    }
  }

  /** Takes a slot if there is one, until `release`. */
  tryTake(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  /** Takes a slot as soon as there is one, until `release`; `first` goes before those that wait already. */
  async take(first = false): Promise<void> {
    if (this.tryTake()) return;
    await new Promise<void>((resolve) =>
      first ? this.waiting.unshift(resolve) : this.waiting.push(resolve),
    );
  }

  /** Gives a slot to who waits for one. */
  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

/**
 * Does `work` for each of `all`, at most `most` at a time. After a failure nothing further is begun; when what is under way has
 * ended, the first failure is thrown.
 */
export async function atOnce<T>(
  most: number,
  all: Iterable<T>,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const slots = new Slots(most);
  const failures: unknown[] = [];
  const ended = Array.from(all, (each) =>
    slots.run(async () => {
      if (failures.length > 0) return;
      await work(each).catch((error: unknown) => failures.push(error));
    }),
  );
  await Promise.all(ended);
  if (failures.length > 0) throw failures[0];
}
