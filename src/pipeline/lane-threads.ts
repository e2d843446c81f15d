import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const THREAD = new URL("./decode-thread.js", import.meta.url);
/** More decoders than these are held up by what the main thread does, and each takes some 80 MB. */
const MOST_LANES = 4;
/** A decoding thread keeps few objects; with more room for new ones it only takes more memory. */
const YOUNG_MB = 2;

/** Threads that nobody has taken yet. */
let prepared: readonly Worker[] = [];

/**
 * Starts the threads in which `load` and `pull` decode, for whoever knows that one of them comes next but has yet to read
 * its code. The process does not wait for them. Does nothing where they are started already.
 */
export function prepareDecoders(): void {
  if (prepared.length > 0 || !threadsWork()) return;
  prepared = startThreads();
  for (const thread of prepared) thread.unref();
}

/** As many threads as there are to decode, those that were prepared if there are any. */
export function takeThreads(): readonly Worker[] {
  const threads = prepared.length > 0 ? prepared : startThreads();
  prepared = [];
  for (const thread of threads) thread.ref();
  return threads;
}

/** False where the thread's compiled file is not there: sources run as they are. */
export function threadsWork(): boolean {
  return existsSync(fileURLToPath(THREAD));
}

function startThreads(): Worker[] {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
  const count = Math.min(availableParallelism(), MOST_LANES);
  return Array.from({ length: count }, () => new Worker(THREAD, { resourceLimits }));
}
