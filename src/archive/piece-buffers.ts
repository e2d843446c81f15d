/** Bytes that are read or inflated at a time. */
export const PIECE = 256 * 1024;

const free: Uint8Array[] = [];

/**
 * A buffer of PIECE bytes. This thread's readers give theirs back when they are done: with many small files or members, new
 * buffers would be most of the memory.
 */
export function takeBuffer(): Uint8Array {
  return free.pop() ?? new Uint8Array(PIECE);
}

/** Gives a buffer back; whoever had it must not touch it again, nor give it twice. */
export function giveBuffer(buffer: Uint8Array): void {
  free.push(buffer);
}
