// A stretch of memory that grows at its end, with 64 bytes to spare behind what it holds.
export class GrowingBuffer {
  start: usize = 0;
  length: usize = 0;
  private room: usize = 0;

  /** Where the next `bytes` bytes go. What is held may move. */
  reserve(bytes: usize): usize {
    const needed = this.length + bytes + 64;
    if (needed > this.room) {
      let room: usize = this.room ? this.room : 65536;
      while (room < needed) room *= 2;
      this.start = this.room ? heap.realloc(this.start, room) : heap.alloc(room);
      this.room = room;
    }
    return this.start + this.length;
  }

  /** Forgets what it holds; gives a room of more than `keep` bytes back. */
  clear(keep: usize): void {
    this.length = 0;
    if (this.room <= keep) return;
    heap.free(this.start);
    this.room = 0;
  }
}
