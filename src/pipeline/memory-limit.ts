import { totalmem } from "node:os";

/** Half of the machine's memory, or of what this process may use, but at most `most` MiB: as engines take it. */
export function halfOfMemory(most = Number.POSITIVE_INFINITY): string {
  const machine = totalmem();
  const allowed = process.constrainedMemory();
  // Where nothing limits the process, the limit is 0, or beyond the machine's memory.
  const memory = allowed > 0 && allowed < machine ? allowed : machine;
  return `${Math.min(most, Math.floor(memory / 2 / 2 ** 20))}MiB`;
}
